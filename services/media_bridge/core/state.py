"""The parts of one call, and the moves that several of them make together.

Each part is a small machine of its own; this is the one place where they are coupled.
"""

from collections import deque
from collections.abc import Iterator
from enum import Enum

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.loose_ends import LooseEnds
from services.media_bridge.core.guards.price_guard import PriceGuard
from services.media_bridge.core.guards.read_back import ReadBack
from services.media_bridge.core.hearing.caller_turn import OpenTurn
from services.media_bridge.core.hearing.dtmf import Keypad
from services.media_bridge.core.speaking import disclosure
from services.media_bridge.core.speaking.agent_audio import AgentAudioOut
from services.media_bridge.core.speaking.announcements import (
    DISCLOSURE,
    GRACE_MS,
    MOST_ATTEMPTS,
    Announcement,
    Announcements,
)
from services.media_bridge.core.speaking.closing import Closing
from services.media_bridge.core.speaking.phrases import AFTER_GUIDANCE, HANDING_OVER, say_exactly
from services.media_bridge.core.speaking.playback import BYTES_PER_MS, byte_length
from services.media_bridge.core.speaking.response_queue import ResponseQueue
from services.media_bridge.core.speaking.transcript import Transcript
from services.media_bridge.core.timers import Timers
from services.media_bridge.core.tool_calls import OpenToolCalls
from shared.domain.models import CallStage
from shared.domain.spoken.cards import CardWatch

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


class ModelState(Enum):
    UNOPENED = "unopened"
    OPENED = "opened"  # nothing has been sent to it
    STARTING = "starting"  # session.update was sent
    READY = "ready"
    LOST = "lost"


class CallState:
    def __init__(self) -> None:
        self.phase = Phase.NEW
        self.model = ModelState.UNOPENED
        self.line_open = False
        self.opened_ms = 0
        self.warned = False
        self.terms: ev.CallSetup | None = None
        self.timers = Timers()
        self.responses = ResponseQueue()
        self.desk = OpenToolCalls()
        self.cards = CardWatch()
        self.transcript = Transcript(self.cards.hide)
        self.read_back = ReadBack()
        self.figures = PriceGuard()
        self.voice = AgentAudioOut(self.transcript, self.read_back, self.responses)
        self.announcements = Announcements()
        self.turn = OpenTurn()
        self.loose = LooseEnds(self.voice.spoke)
        self.keys = Keypad()
        self.closing: Closing | None = None
        self.hears = False  # the model is sent the caller's audio
        self.disclosed = False  # all of the disclosure was heard
        self.kept: list[str] = []  # what the caller said until then
        self.hazards: set[str] = set()
        self.qualified = False  # the question about danger was answered, and there is none
        self.awaiting_transcript: dict[
            str, int
        ] = {}  # utterances whose words are awaited -> until when
        self.bookings: list[ev.ToolCalled] = []  # calls that wait for those words
        self.late_transcripts = 0  # how often running they came too late
        self.forgotten: set[str] = set()  # items that held a card number, deleted already
        self.transcribed: deque[str] = deque(maxlen=32)  # utterances whose words came, or failed to
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
        return self.model is ModelState.READY

    @property
    def holds_voice(self) -> bool:
        """What the model says now has to wait: behind a clip, or for the caller's words."""
        return self.announcements.by_clip or bool(self.awaiting_transcript)

    @property
    def at_rest(self) -> bool:
        """Nobody speaks, nothing is on its way."""
        return (
            self.responses.free
            and not self.responses.speaking
            and not self.desk.busy
            and not self.awaiting_transcript
            and self.announcements.current is None
            and self.voice.idle
            and not self.timers.running("keys")
        )

    # -- the agent's sentences ----------------------------------------------------------------

    def interrupt(self, at_ms: int) -> Iterator[do.Command]:
        """Let nothing more be heard of what the model was saying, and have it stop."""
        active = self.responses.active
        commands = list(self.cut(at_ms))
        if active is not None:
            # After the clear, which is urgent, and before the truncation, which needs a whole item.
            at = 1 if commands and isinstance(commands[0], do.ClearPlayback) else 0
            commands.insert(at, do.CancelResponse(self.responses.number("c"), active))
        yield from commands
        self.responses.discard()
        self._drop_wants()

    def _drop_wants(self) -> None:
        """Forget what the model was to say, except a sentence it still has to recite."""
        self.responses.drop_wants()
        current = self.announcements.current
        if current is not None and current.clip is None and current.request_id is None:
            self.responses.want(say_exactly(current.text), urgent=True)

    def cut(self, at_ms: int) -> Iterator[do.Command]:
        """Stop the agent's sound; a clip that is being recited plays on."""
        if self.announcements.by_clip:
            yield from self.voice.drop(self.responses.active)
            return
        whole = self.voice.playback.idle
        for command in self.voice.cut(self.responses.active):
            if isinstance(command, do.Truncate):
                self.truncated[command.request_id] = command.item_id
            yield command
        current = self.announcements.current
        if current is not None and current.said:
            # The model had said it all, but the caller did not hear it all.
            yield from self.recited(at_ms) if whole else self.recite_again(at_ms, current)

    def recite_again(self, at_ms: int, announcement: Announcement) -> Iterator[do.Command]:
        """The sentence was cut short: once more, but not for ever."""
        if announcement.kind == DISCLOSURE:
            yield from disclosure.again(self, at_ms, announcement)
        elif announcement.attempts < MOST_ATTEMPTS:
            yield from self.start(at_ms, announcement)
        else:
            yield from self.recited(at_ms)

    def recite(self, at_ms: int, announcement: Announcement) -> Iterator[do.Command]:
        if self.announcements.add(announcement):
            yield from self.start(at_ms, announcement)

    def start(self, at_ms: int, announcement: Announcement) -> Iterator[do.Command]:
        announcement.attempts += 1
        if announcement.clip is None:
            announcement.request_id, announcement.response_id, announcement.said = None, None, False
            self.responses.want(say_exactly(announcement.text), urgent=True)
            return
        yield from self.voice.play_clip(
            at_ms, announcement.item_id, announcement.text, announcement.clip
        )
        length_ms = byte_length(announcement.clip) // BYTES_PER_MS
        self.timers.set("clip", at_ms + length_ms + GRACE_MS)

    def recited(self, at_ms: int) -> Iterator[do.Command]:
        """The current recital is over: go on with the next, or with the call."""
        done = self.announcements.current
        if done is None:
            return
        if done.kind == DISCLOSURE and not disclosure.was_heard(self, done):
            yield from disclosure.again(self, at_ms, done)
            return
        self.timers.clear("clip")
        following = self.announcements.done()
        yield from self.voice.finished()
        if done.kind == DISCLOSURE:
            self.disclosed = True
            yield do.NoteCall(at_ms, stage=CallStage.DISCLOSED, disclosed=done.text)
        elif done.clip is None and self.model_ready:
            yield do.TellModel(AFTER_GUIDANCE.format(guidance=done.text))
            self.responses.want()
        if following is not None:
            yield from self.start(at_ms, following)
        elif not self.holds_voice:
            yield from self.voice.release(at_ms)
        yield from self.listen()

    def set_cap(self) -> None:
        """The longest this call may last, with a warning before."""
        if self.terms is not None:
            end = self.opened_ms + self.terms.max_call_ms
            self.timers.set("cap", end)
            if not self.warned:
                self.timers.set("warn", max(self.opened_ms, end - self.terms.warn_before_ms))

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
        self.closing = Closing(reason, failure, at_ms)
        self._drop_wants()
        if sentence is not None:
            self.responses.want(say_exactly(sentence), urgent=True)
        for timer in ("quiet", "warn", "cap", "keys"):
            self.timers.clear(timer)
        self.bound_farewell(at_ms)

    def reopen(self) -> None:
        """The call goes on although it was to end."""
        self.phase, self.closing = Phase.LIVE, None
        self.timers.clear("close")
        self.set_cap()

    def bound_farewell(self, at_ms: int) -> None:
        if self.closing is not None:
            remaining = self.voice.playback.remaining_ms
            self.timers.set("close", self.closing.deadline(at_ms, remaining))

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
        yield from disclosure.note(self, at_ms)
        yield from self.finish(reason, failure)

    def model_failed(self, at_ms: int, failure: str) -> Iterator[do.Command]:
        yield do.Measure("ModelSessionFailed", 1)
        yield from self.fail(at_ms, failure, failure=failure)

    def finish(self, reason: str, failure: str | None = None) -> Iterator[do.Command]:
        """The last commands of the call."""
        self.phase = Phase.ENDED
        self.timers.stop()
        self.voice.line_closed()
        yield from self.transcript.rest()
        if self.model is not ModelState.LOST:
            yield do.CloseModel()
        if self.line_open:
            yield do.CloseLine()
        yield do.EndCall(reason, failure)
