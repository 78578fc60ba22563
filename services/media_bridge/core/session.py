"""Decides what one call does next. No sockets, no clock, no chance: events in, commands out."""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import on_caller, on_model, waiting
from services.media_bridge.core.speaking import disclosure
from services.media_bridge.core.speaking.announcements import DISCLOSURE, Announcement
from services.media_bridge.core.speaking.phrases import (
    GOODBYE,
    STILL_THERE,
    TIME_WARNING,
    say_exactly,
)
from services.media_bridge.core.speaking.playback import byte_length
from services.media_bridge.core.state import (
    KEPT_FRAMES,
    NEVER_UNDER_MS,
    CallState,
    ModelState,
    Phase,
)

# From the socket's upgrade to Twilio's `start`.
START_MS = 5_000
REDEEM_MS = 2_000
# After the token was redeemed the model has so long to be ready, the disclosure playing meanwhile.
MODEL_MS = 10_000
ASKED_TWICE = 2


class CallSession:
    """Feed it every event in order; do every command it returns, in order.

    The same events always give the same commands, so a journal of a call replays it exactly.
    It begins at 0 `at_ms`, when the socket opened, and waits `start_ms` for LineOpened.
    """

    def __init__(self, *, start_ms: int = START_MS) -> None:
        self._call = CallState()
        self._call.timers.set("start", start_ms)

    @property
    def phase(self) -> Phase:
        return self._call.phase

    @property
    def deadline(self) -> int | None:
        """When the session next wants a Tick, in `at_ms`."""
        return self._call.timers.next

    def handle(self, event: ev.Event) -> list[do.Command]:
        """Return what must be done about `event`; never raises on anything a peer can send."""
        call = self._call
        if call.over:
            return []
        if type(event) is ev.CallerAudio:  # fifty times a second: nothing else is looked at
            call.audio_out.playback.tick(event.media_ms)
            return self._hear(event)
        commands = list(self._decide(event))
        if not call.over:
            commands.extend(self._settle(event.at_ms))
        return commands

    def _hear(self, event: ev.CallerAudio) -> list[do.Command]:
        call = self._call
        if call.hears:
            return [do.HearAudio(event.payload)]
        if len(call.kept) < KEPT_FRAMES:
            call.kept.append(event.payload)
        elif call.phase is Phase.LIVE:
            # Nothing a caller says is thrown away in silence: a person hears them instead.
            return list(disclosure.give_up(call, event.at_ms))
        return []

    def _decide(self, event: ev.Event) -> Iterator[do.Command]:
        call = self._call
        if call.setup is None:
            # Nobody is known to be there yet: only the legs and the token count.
            yield from self._come_and_go(event)
            return
        match event:
            case ev.AgentAudio():
                yield from on_model.audio(call, event)
            case ev.MarkEchoed():
                yield from self._mark(event)
            case ev.CallerSpoke():
                yield from waiting.spoke(call, event)
            case ev.CallerStopped():
                waiting.stopped(call, event)
            case ev.CallerQuiet():
                yield from waiting.quiet(call, event)
            case ev.CallerSaid():
                yield from waiting.said(call, event)
            case ev.CallerUnheard():
                yield from waiting.unheard(call, event)
            case ev.ResponseStarted():
                yield from on_model.started(call, event)
            case ev.AgentSaid():
                yield from on_model.said(call, event)
            case ev.ToolCalled():
                yield from waiting.tool_called(call, event)
            case ev.ToolAnswered():
                yield from waiting.tool_answered(call, event)
            case ev.ResponseEnded():
                yield from on_model.ended(call, event)
            case ev.ModelRefused():
                yield from on_model.refused(call, event)
            case ev.KeyPressed():
                call.loose.caller_answered()
                yield from on_caller.pressed(call, event)
            case _:
                yield from self._come_and_go(event)

    def _come_and_go(self, event: ev.Event) -> Iterator[do.Command]:
        """The legs and the token: what happens a few times a call."""
        call = self._call
        match event:
            case ev.Tick():
                yield from self._tick(event.at_ms)
            case ev.LineOpened() if call.phase is Phase.NEW:
                call.phase, call.line_open, call.opened_ms = Phase.REDEEMING, True, event.at_ms
                call.audio_out.line_opened(event.at_ms)
                call.timers.clear("start")
                call.timers.set("redeem", event.at_ms + REDEEM_MS)
                yield do.RedeemToken(event.token, event.call_sid, event.stream_sid)
            case ev.TokenRedeemed() if call.phase is Phase.REDEEMING:
                yield from self._redeemed(event)
            case ev.TokenRefused() if call.phase is Phase.REDEEMING:
                yield from self._refused(event)
            case ev.ModelOpened():
                yield from on_model.opened(call)
            case ev.ModelReady():
                yield from on_model.ready(call)
            case ev.ModelLost() if call.model is not ModelState.LOST:
                yield from on_model.lost(call, event)
            case ev.Draining():
                yield from self._drain(event.at_ms)
            case ev.LineClosed():
                yield from self._line_closed(event)

    # -- opening ------------------------------------------------------------------------------

    def _redeemed(self, event: ev.TokenRedeemed) -> Iterator[do.Command]:
        call, setup = self._call, event.setup
        call.phase, call.setup = Phase.LIVE, setup
        for text in (setup.instructions, setup.disclosure, *setup.guidance.values()):
            call.figures.told(text)
        call.timers.clear("redeem")
        if call.model is ModelState.LOST:
            yield from call.model_failed(event.at_ms, "model_lost")
            return
        call.set_cap()
        call.timers.set("model", event.at_ms + MODEL_MS)
        clip = setup.disclosure_clip
        if clip is not None and byte_length(clip.audio):
            yield from call.announce(event.at_ms, Announcement(DISCLOSURE, clip.text, clip.audio))
        else:
            yield from call.announce(event.at_ms, Announcement(DISCLOSURE, setup.disclosure, None))
        yield from on_model.start_session(call)

    def _refused(self, event: ev.TokenRefused) -> Iterator[do.Command]:
        call = self._call
        if event.reason == "unavailable":
            # Our fault, not the caller's: a human takes over.
            failure = "redemption_unavailable"
            yield from call.fail(event.at_ms, failure, failure=failure)
        else:
            yield from call.finish("refused")

    # -- the mark that ends something ---------------------------------------------------------

    def _mark(self, event: ev.MarkEchoed) -> Iterator[do.Command]:
        call = self._call
        if not call.audio_out.playback.echoed(event.name):
            return
        yield from call.audio_out.finished()
        current = call.announcements.current
        if current is None:
            return
        if current.clip is None:
            yield from on_model.announcement_heard(call, event.at_ms)
        elif call.audio_out.playback.played(current.item_id):
            yield from call.announced(event.at_ms)

    # -- deadlines ----------------------------------------------------------------------------

    def _tick(self, now_ms: int) -> Iterator[do.Command]:
        for timer in self._call.timers.due(now_ms):
            if not self._call.over:
                yield from self._ring(timer, now_ms)

    def _ring(self, timer: str, now_ms: int) -> Iterator[do.Command]:
        """What each alarm is for. "gate" only has `_settle` look again."""
        call = self._call
        match timer:
            case "start":
                yield from call.finish("refused", "no_start")
            case "redeem":
                yield from call.fail(now_ms, "redemption_late", failure="redemption_late")
            case "model":
                yield from call.model_failed(now_ms, "model_not_ready")
            case "stalled":
                yield from on_model.stalled(call, now_ms)
            case "clip":
                yield from call.announced(now_ms)
            case "turn":
                yield from waiting.turn_overdue(call, now_ms)
            case "reply":
                waiting.reply_missing(call, now_ms)
            case "tools":
                yield from waiting.tools_overdue(call, now_ms)
            case "played":
                yield from waiting.marks_overdue(call, now_ms)
            case "words":
                yield from on_caller.words_late(call, now_ms)
            case "keys":
                yield from on_caller.keys_paused(call, now_ms)
            case "warn":
                call.warned = True
                call.responses.want(TIME_WARNING)
            case "cap":
                call.say_goodbye(now_ms, GOODBYE, "too_long")
            case "quiet":
                self._silence(now_ms)
            case "close" if call.closing is not None:
                yield from call.finish(call.closing.reason, call.closing.failure)

    def _silence(self, now_ms: int) -> None:
        """Ask twice, then say goodbye."""
        call = self._call
        call.silences += 1
        if call.silences > ASKED_TWICE:
            call.say_goodbye(now_ms, GOODBYE, "silence")
        else:
            call.responses.want(say_exactly(STILL_THERE))

    # -- closing ------------------------------------------------------------------------------

    def _drain(self, at_ms: int) -> Iterator[do.Command]:
        call = self._call
        if call.phase is Phase.NEW:
            yield from call.finish("draining", "draining")
        elif call.phase is not Phase.ENDING:
            yield from call.hand_over(at_ms, "draining", reason="draining", failure="draining")

    def _line_closed(self, event: ev.LineClosed) -> Iterator[do.Command]:
        call = self._call
        call.line_open = False
        yield from disclosure.note(call, event.at_ms)
        if event.reason == "protocol":
            yield from call.finish("failed", "protocol")
        elif call.closing is not None and call.closing.reason == "goodbye":
            yield from call.finish("goodbye", call.closing.failure)
        else:
            yield from call.finish(event.reason)

    # -- after every event --------------------------------------------------------------------

    def _settle(self, now_ms: int) -> Iterator[do.Command]:
        """Ask for the response that is due, close when all was said, watch for silence."""
        call = self._call
        if call.model_ready:
            if call.announcements.by_model:
                yield from waiting.announcement_stuck(call, now_ms)
            yield from self._ask(now_ms)
        if call.phase is Phase.ENDING and call.closing is not None:
            if call.at_rest:
                yield from call.finish(call.closing.reason, call.closing.failure)
            return
        waiting.watch_marks(call, now_ms)
        quiet = call.phase is Phase.LIVE and call.hears and call.at_rest
        if not quiet:
            call.timers.clear("quiet")
        elif not call.timers.running("quiet") and call.setup is not None:
            call.timers.set("quiet", now_ms + max(NEVER_UNDER_MS, call.setup.silence_ms))

    def _ask(self, now_ms: int) -> Iterator[do.Command]:
        call = self._call
        asked = call.responses.ask(now_ms, tools_open=call.tool_calls.busy)
        if asked is not None:
            request_id, instructions = asked
            current = call.announcements.current
            if current is not None and instructions == say_exactly(current.text):
                current.request_id = request_id
            on_model.asked_for(call, now_ms)
            yield do.Respond(request_id, instructions)
        waits = call.responses.waits_until()
        if waits is not None and waits > now_ms:
            call.timers.set("gate", waits)
