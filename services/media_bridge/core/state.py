"""The parts of one call, and the moves that several of them make together.

Each part is a small machine of its own, in a module of its own, and knows nothing of the others.
What couples them stands here and in the handlers of events (`on_caller`, `on_model`, `on_tool`,
`waiting`), and nowhere else: interrupting the agent, announcing a sentence, and ending the call.
"""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.guards import Guards
from services.media_bridge.core.guards.read_back import ReadBack
from services.media_bridge.core.hearing.hearing import Hearing
from services.media_bridge.core.phases import ModelState, Phase, Phases
from services.media_bridge.core.speaking import announcing, disclosure
from services.media_bridge.core.speaking.agent_audio import AgentAudioOut
from services.media_bridge.core.speaking.announcements import (
    Announcements,
)
from services.media_bridge.core.speaking.closing import Closing, Ending
from services.media_bridge.core.speaking.response_queue import ResponseQueue
from services.media_bridge.core.speaking.transcript import Transcript
from services.media_bridge.core.timers import Timer, Timers
from services.media_bridge.core.tool_calls import OpenToolCalls
from shared.domain.facts import ToolFactKind
from shared.domain.moments import MOMENTS, CallMoment, Wordings
from shared.domain.outcomes import EndReason, EscalationReason, Failure


class CallState:
    """One call, from the opened socket to EndCall."""

    def __init__(self) -> None:
        # How far the call and its model have come.
        self.phases = Phases()
        # What the call is about; None until the token was redeemed.
        self.setup: ev.CallSetup | None = None
        # When something has to happen though no peer does anything.
        self.timers = Timers()
        self.hearing = Hearing()
        # Which response is under way, and which are wanted.
        self.responses = ResponseQueue()
        # Tools the model has called and that have not answered.
        self.tool_calls = OpenToolCalls()
        # Every turn, numbered, for the rows of the call.
        self.transcript = Transcript(self.hearing.cards.hide)
        read_back = ReadBack()
        # The agent's sound, and what of it was heard.
        self.audio_out = AgentAudioOut(self.transcript, read_back, self.responses)
        self.guards = Guards(self.audio_out, read_back)
        # Sentences that have to be said word for word.
        self.announcements = Announcements()
        # Which wordings of code's own sentences were used.
        self.wordings = Wordings()
        # What leads to the end, and the end that was begun.
        self.ending = Ending()

    # -- what is going on ---------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        return self.phases.call

    @property
    def over(self) -> bool:
        return self.phases.call is Phase.ENDED

    @property
    def live(self) -> bool:
        return self.phases.call is Phase.LIVE

    @property
    def model_ready(self) -> bool:
        return self.phases.model is ModelState.READY

    @property
    def closing(self) -> Closing | None:
        """The end that was begun, if one was."""
        return self.ending.closing

    @property
    def holds_reply(self) -> bool:
        """What the model says now has to wait: behind a clip, or for the caller's words."""
        return self.announcements.by_clip or self.hearing.awaited.any

    @property
    def at_rest(self) -> bool:
        """Nobody speaks, nothing is on its way."""
        return (
            self.responses.free
            and not self.responses.speaking
            and not self.tool_calls.busy
            and not self.hearing.awaited.any
            and self.announcements.current is None
            and self.audio_out.idle
            and not self.timers.running(Timer.KEYS)
        )

    # -- the agent's sentences ----------------------------------------------------------------

    def say(self, moment: CallMoment, **parts: str) -> None:
        """Have the sentence of a moment read, in a wording this call has not heard."""
        self.recite(moment, self.wordings.next(moment, **parts))

    def recite(self, moment: CallMoment, sentence: str) -> None:
        """Have a sentence read word for word; what is answered to it answers the moment."""
        self.guards.read_back.is_of(sentence, moment)
        self.responses.recite(sentence, urgent=MOMENTS[moment].urgent)

    def interrupt(self, at_ms: int) -> Iterator[do.Command]:
        """Let nothing more be heard of what the model was saying, and have it stop."""
        active = self.responses.active
        commands = list(self.cut(at_ms))
        if active is not None:
            # After the clear, which is urgent, and before the truncation, which needs a whole item.
            at = 1 if commands and isinstance(commands[0], do.ClearPlayback) else 0
            commands.insert(at, do.CancelResponse(self.responses.number("c"), active))
        yield from commands
        self.responses.abandon()
        self._drop_wants()

    def ask_anew(self) -> None:
        """What the caller said was no answer to the moment that was begun last."""
        if self.guards.read_back.newest is CallMoment.DANGER_QUESTION:
            self.hearing.hazards.was_asked = False

    def _drop_wants(self) -> None:
        """Forget what the model was to say, except an announcement it still has to make."""
        self.responses.drop_wants()
        current = self.announcements.current
        if current is not None and current.clip is None and current.request_id is None:
            self.responses.recite(current.text, urgent=True)

    def cut(self, at_ms: int) -> Iterator[do.Command]:
        """Stop the agent's sound; the clip of an announcement plays on until it may stop."""
        if self.announcements.by_clip:
            if not announcing.may_stop(self):
                yield from self.audio_out.drop(self.responses.active)
                return
            yield from self.audio_out.cut(self.responses.active)
            yield from announcing.done(self, at_ms)
            return
        whole = self.audio_out.playback.idle
        yield from self.audio_out.cut(self.responses.active)
        current = self.announcements.current
        if current is not None and current.said:
            # The model had said it all, but the caller did not hear it all.
            yield from (
                announcing.done(self, at_ms) if whole else announcing.again(self, at_ms, current)
            )

    # -- the end ------------------------------------------------------------------------------

    def set_cap(self) -> None:
        """The longest this call may last, with a warning before."""
        if self.setup is not None:
            end = self.ending.opened_ms + self.setup.max_call_ms
            self.timers.set(Timer.CAP, end)
            if not self.ending.warned:
                warn = max(self.ending.opened_ms, end - self.setup.warn_before_ms)
                self.timers.set(Timer.WARN, warn)

    def say_goodbye(
        self,
        at_ms: int,
        last: CallMoment | None,
        reason: EndReason,
        failure: Failure | None = None,
    ) -> None:
        """End the call once the last sentence was heard; None: it has been said already."""
        self.phases.enter(Phase.ENDING)
        self.ending.closing = Closing(reason, failure, at_ms)
        self._drop_wants()
        if last is not None:
            self.say(last)
        for timer in (Timer.QUIET, Timer.WARN, Timer.CAP, Timer.KEYS):
            self.timers.clear(timer)
        self.bound_closing(at_ms)

    def reopen(self) -> None:
        """The call goes on although it was to end."""
        self.phases.enter(Phase.LIVE)
        self.ending.closing = None
        self.timers.clear(Timer.CLOSE)
        self.set_cap()

    def bound_closing(self, at_ms: int) -> None:
        """Wait for the last sentence only so long as it plays, and a little."""
        if self.closing is not None:
            remaining = self.audio_out.playback.remaining_ms
            self.timers.set(Timer.CLOSE, self.closing.deadline(at_ms, remaining))

    def hand_over(
        self,
        at_ms: int,
        why: EscalationReason | Failure,
        *,
        reason: EndReason = EndReason.HANDED_OVER,
        failure: Failure | None = None,
    ) -> Iterator[do.Command]:
        """Send the caller to a human, with a sentence where the model can still say it."""
        if self.phase is Phase.REDEEMING or not self.model_ready:
            yield from self.fail(at_ms, why, reason=reason, failure=failure)
            return
        yield do.NoteCall(at_ms, escalate=why)
        yield from self.interrupt(at_ms)
        self.guards.claims.done(ToolFactKind.TRANSFER)
        self.say_goodbye(at_ms, CallMoment.HAND_OVER, reason, failure)

    def fail(
        self,
        at_ms: int,
        why: EscalationReason | Failure,
        *,
        reason: EndReason = EndReason.FAILED,
        failure: Failure | None = None,
    ) -> Iterator[do.Command]:
        """End at once and leave the caller to a human: closing the line brings one."""
        yield do.NoteCall(at_ms, escalate=why)
        yield from disclosure.note(self, at_ms)
        yield from self.finish(reason, failure)

    def model_failed(self, at_ms: int, failure: Failure) -> Iterator[do.Command]:
        """The model is of no more use: a human takes over at once."""
        yield do.Measure("ModelSessionFailed", 1)
        yield from self.fail(at_ms, failure, failure=failure)

    def goodbye_unsaid(self) -> Iterator[do.Command]:
        """The model fails while the call ends: what was decided stands, what plays is heard."""
        yield do.Measure("ModelSessionFailed", 1)
        self.responses.model_lost()
        self.timers.clear(Timer.STALLED)

    def finish(
        self, reason: EndReason, failure: Failure | None = None, *, line_gone: bool = False
    ) -> Iterator[do.Command]:
        """The last commands of the call. `line_gone`: there is no line left to close."""
        opened = self.phase is not Phase.NEW
        self.phases.enter(Phase.ENDED)
        self.timers.stop()
        self.audio_out.line_closed()
        yield from self.transcript.rest()
        if self.phases.model is not ModelState.LOST:
            yield do.CloseModel()
        if opened and not line_gone:
            yield do.CloseLine()
        yield do.EndCall(reason, failure)
