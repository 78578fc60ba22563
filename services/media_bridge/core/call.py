"""The parts of one call, and the moves that several of them make together.

Each part is a small machine of its own; this is the one place where they are coupled.
"""

from collections import deque
from collections.abc import Iterator
from enum import Enum

from services.media_bridge.core import commands as do
from services.media_bridge.core import disclosing
from services.media_bridge.core import events as ev
from services.media_bridge.core.clock import Alarms
from services.media_bridge.core.desk import Desk
from services.media_bridge.core.farewell import Farewell
from services.media_bridge.core.figures import Figures
from services.media_bridge.core.gate import Gate
from services.media_bridge.core.keys import Keys
from services.media_bridge.core.loose_ends import LooseEnds
from services.media_bridge.core.notebook import Notebook
from services.media_bridge.core.playback import BYTES_PER_MS, byte_length
from services.media_bridge.core.readback import ReadBack
from services.media_bridge.core.recital import (
    DISCLOSURE,
    GRACE_MS,
    MOST_ATTEMPTS,
    Recital,
    Recitals,
)
from services.media_bridge.core.turn import CallerTurn
from services.media_bridge.core.voice import Voice
from services.media_bridge.core.wording import AFTER_GUIDANCE, HANDING_OVER, say_exactly
from shared.domain.cards import CardWatch

# Caller audio kept while the model must not hear it yet: a minute in frames of 20 ms, longer than
# any disclosure takes to be said three times. It bounds the memory of a call (0.8 MB).
KEPT_FRAMES = 3_000
NEVER_UNDER_MS = 20_000  # of silence


class Phase(Enum):
    NEW = "new"
    REDEEMING = "redeeming"
    LIVE = "live"
    ENDING = "ending"  # the last sentence is being said
    ENDED = "ended"


class ModelLeg(Enum):
    UNOPENED = "unopened"
    OPENED = "opened"  # nothing has been sent to it
    STARTING = "starting"  # session.update was sent
    READY = "ready"
    LOST = "lost"


class Call:
    def __init__(self) -> None:
        self.phase = Phase.NEW
        self.model = ModelLeg.UNOPENED
        self.line_open = False
        self.opened_ms = 0
        self.warned = False
        self.terms: ev.CallTerms | None = None
        self.alarms = Alarms()
        self.gate = Gate()
        self.desk = Desk()
        self.cards = CardWatch()
        self.notebook = Notebook(self.cards.hide)
        self.readback = ReadBack()
        self.figures = Figures()
        self.voice = Voice(self.notebook, self.readback, self.gate)
        self.recitals = Recitals()
        self.turn = CallerTurn()
        self.loose = LooseEnds(self.voice.spoke)
        self.keys = Keys()
        self.farewell: Farewell | None = None
        self.hears = False  # the model is sent the caller's audio
        self.disclosed = False  # all of the disclosure was heard
        self.kept: list[str] = []  # what the caller said until then
        self.hazards: set[str] = set()
        self.qualified = False  # the question about danger was answered, and there is none
        self.untold: dict[str, int] = {}  # utterances whose words are awaited -> until when
        self.bookings: list[ev.ToolCalled] = []  # calls that wait for those words
        self.late_words = 0  # how often running they came too late
        self.forgotten: set[str] = set()  # items that held a card number, deleted already
        self.told: deque[str] = deque(maxlen=32)  # utterances whose words came, or failed to
        self.stopped_at: dict[str, int] = {}
        self.truncated: dict[str, str] = {}  # request id -> item, each tried once more at most
        self.silences = 0
        self.failures = 0  # responses failed or empty one after the other
        self.clock_seen: int | None = None  # Twilio's media clock when marks were last waited for
        self.clock_stood = False  # it did not go on while they were
        self.reopened = 0  # hang-ups the caller talked us out of

    # -- what is going on ---------------------------------------------------------------------

    @property
    def over(self) -> bool:
        return self.phase is Phase.ENDED

    @property
    def live(self) -> bool:
        return self.phase is Phase.LIVE

    @property
    def model_ready(self) -> bool:
        return self.model is ModelLeg.READY

    @property
    def holds_voice(self) -> bool:
        """What the model says now has to wait: behind a clip, or for the caller's words."""
        return self.recitals.by_clip or bool(self.untold)

    @property
    def at_rest(self) -> bool:
        """Nobody speaks, nothing is on its way."""
        return (
            self.gate.free
            and not self.gate.speaking
            and not self.desk.busy
            and not self.untold
            and self.recitals.current is None
            and self.voice.idle
            and not self.alarms.running("keys")
        )

    # -- the agent's sentences ----------------------------------------------------------------

    def interrupt(self, at_ms: int) -> Iterator[do.Command]:
        """Let nothing more be heard of what the model was saying, and have it stop."""
        active = self.gate.active
        commands = list(self.cut(at_ms))
        if active is not None:
            # After the clear, which is urgent, and before the truncation, which needs a whole item.
            at = 1 if commands and isinstance(commands[0], do.ClearPlayback) else 0
            commands.insert(at, do.CancelResponse(self.gate.number("c"), active))
        yield from commands
        self.gate.discard()
        self._drop_wants()

    def _drop_wants(self) -> None:
        """Forget what the model was to say, except a sentence it still has to recite."""
        self.gate.drop_wants()
        current = self.recitals.current
        if current is not None and current.clip is None and current.request_id is None:
            self.gate.want(say_exactly(current.text), urgent=True)

    def cut(self, at_ms: int) -> Iterator[do.Command]:
        """Stop the agent's sound; a clip that is being recited plays on."""
        if self.recitals.by_clip:
            yield from self.voice.drop(self.gate.active)
            return
        whole = self.voice.playback.idle
        for command in self.voice.cut(self.gate.active):
            if isinstance(command, do.Truncate):
                self.truncated[command.request_id] = command.item_id
            yield command
        current = self.recitals.current
        if current is not None and current.said:
            # The model had said it all, but the caller did not hear it all.
            yield from self.recited(at_ms) if whole else self.recite_again(at_ms, current)

    def recite_again(self, at_ms: int, recital: Recital) -> Iterator[do.Command]:
        """The sentence was cut short: once more, but not for ever."""
        if recital.kind == DISCLOSURE:
            yield from disclosing.again(self, at_ms, recital)
        elif recital.attempts < MOST_ATTEMPTS:
            yield from self.start(at_ms, recital)
        else:
            yield from self.recited(at_ms)

    def recite(self, at_ms: int, recital: Recital) -> Iterator[do.Command]:
        if self.recitals.add(recital):
            yield from self.start(at_ms, recital)

    def start(self, at_ms: int, recital: Recital) -> Iterator[do.Command]:
        recital.attempts += 1
        if recital.clip is None:
            recital.request_id, recital.response_id, recital.said = None, None, False
            self.gate.want(say_exactly(recital.text), urgent=True)
            return
        yield from self.voice.play_clip(at_ms, recital.item_id, recital.text, recital.clip)
        length_ms = byte_length(recital.clip) // BYTES_PER_MS
        self.alarms.set("clip", at_ms + length_ms + GRACE_MS)

    def recited(self, at_ms: int) -> Iterator[do.Command]:
        """The current recital is over: go on with the next, or with the call."""
        done = self.recitals.current
        if done is None:
            return
        if done.kind == DISCLOSURE and not disclosing.was_heard(self, done):
            yield from disclosing.again(self, at_ms, done)
            return
        self.alarms.clear("clip")
        following = self.recitals.done()
        yield from self.voice.finished()
        if done.kind == DISCLOSURE:
            self.disclosed = True
            yield do.NoteCall(at_ms, stage="disclosed", disclosed=done.text)
        elif done.clip is None and self.model_ready:
            yield do.TellModel(AFTER_GUIDANCE.format(guidance=done.text))
            self.gate.want()
        if following is not None:
            yield from self.start(at_ms, following)
        elif not self.holds_voice:
            yield from self.voice.release(at_ms)
        yield from self.listen()

    def set_cap(self) -> None:
        """The longest this call may last, with a warning before."""
        if self.terms is not None:
            end = self.opened_ms + self.terms.max_call_ms
            self.alarms.set("cap", end)
            if not self.warned:
                self.alarms.set("warn", max(self.opened_ms, end - self.terms.warn_before_ms))

    def listen(self) -> Iterator[do.Command]:
        """Let the model hear the caller: once it is ready and the disclosure has been heard."""
        if self.hears or not self.model_ready or not self.disclosed:
            return
        self.hears = True
        for payload in self.kept:
            yield do.HearAudio(payload)
        self.kept.clear()

    # -- the end ------------------------------------------------------------------------------

    def say_goodbye(
        self, at_ms: int, sentence: str | None, reason: str, failure: str | None = None
    ) -> None:
        """End the call once the last sentence was heard; None: it has been said already."""
        self.phase = Phase.ENDING
        self.farewell = Farewell(reason, failure, at_ms)
        self._drop_wants()
        if sentence is not None:
            self.gate.want(say_exactly(sentence), urgent=True)
        for alarm in ("quiet", "warn", "cap", "keys"):
            self.alarms.clear(alarm)
        self.bound_farewell(at_ms)

    def reopen(self) -> None:
        """The call goes on although it was to end."""
        self.phase, self.farewell = Phase.LIVE, None
        self.alarms.clear("close")
        self.set_cap()

    def bound_farewell(self, at_ms: int) -> None:
        if self.farewell is not None:
            remaining = self.voice.playback.remaining_ms
            self.alarms.set("close", self.farewell.deadline(at_ms, remaining))

    def hand_over(
        self, at_ms: int, why: str, *, reason: str = "handed_over", failure: str | None = None
    ) -> Iterator[do.Command]:
        """Send the caller to a human, with a sentence where the model can still say it."""
        if self.phase is Phase.REDEEMING or not self.model_ready:
            yield from self.fail(at_ms, why, reason=reason, failure=failure)
            return
        yield do.NoteCall(at_ms, escalate=why)
        yield from self.interrupt(at_ms)
        self.say_goodbye(at_ms, HANDING_OVER, reason, failure)

    def fail(
        self, at_ms: int, why: str, *, reason: str = "failed", failure: str | None = None
    ) -> Iterator[do.Command]:
        """End at once and leave the caller to a human: closing the line brings one."""
        yield do.NoteCall(at_ms, escalate=why)
        yield from disclosing.note(self, at_ms)
        yield from self.finish(reason, failure)

    def model_failed(self, at_ms: int, failure: str) -> Iterator[do.Command]:
        yield do.Measure("ModelSessionFailed", 1)
        yield from self.fail(at_ms, failure, failure=failure)

    def finish(self, reason: str, failure: str | None = None) -> Iterator[do.Command]:
        """The last commands of the call."""
        self.phase = Phase.ENDED
        self.alarms.stop()
        self.voice.line_closed()
        yield from self.notebook.rest()
        if self.model is not ModelLeg.LOST:
            yield do.CloseModel()
        if self.line_open:
            yield do.CloseLine()
        yield do.EndCall(reason, failure)
