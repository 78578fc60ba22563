"""How long the call waits for its peers, and what happens when nothing comes.

Every state that waits for the model's server, the phone network, a tool or the caller has a bound.
`time_passed` says what each deadline leads to, in the order of the table of docs/calls.md, which
has a row for every Timer. What a peer sends after its bound changes nothing.
"""

from collections.abc import Iterator
from typing import assert_never

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import meanwhile, on_caller, on_model, on_tool
from services.media_bridge.core.hearing.caller_turn import OVERDUE_MS
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.speaking import announcing
from services.media_bridge.core.speaking.phrases import TIME_WARNING
from services.media_bridge.core.speaking.playback import LOST_MARK_MS
from services.media_bridge.core.state import CallState
from services.media_bridge.core.timers import Timer
from shared.domain.moments import CallMoment
from shared.domain.outcomes import EndReason, Failure

# From the socket's upgrade to Twilio's `start`.
START_MS = 5_000
# For the calls row to be written.
REDEEM_MS = 2_000
# After the token was redeemed the model has so long to be ready, the disclosure playing meanwhile.
MODEL_MS = 8_000
# "Are you still there?"
ASKED_TWICE = 2
# Who spoke and was not noticed is asked to say it again so often in a call: it may be noise.
MOST_UNNOTICED = 2
# They have heard nothing for seconds by then: the clip for who has to wait comes soon.
SOON_MS = 1_000
# No answer to a question on the phone takes longer without a pause of half a second.
LONGEST_TURN_MS = 30_000
MOST_OVERRUNS = 1  # the second running is not the caller's doing
# Twilio sends fifty frames a second, whatever the caller does: without any the line is dead.
FRAMES_MS = 3_000
# After all must have been played its marks are given so long.
MARKS_MS = LOST_MARK_MS + 500


# -- what each deadline leads to -----------------------------------------------------------


def time_passed(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """A Tick: whatever is due by now, earliest first."""
    for timer in call.timers.due(now_ms):
        if not call.over:
            yield from _due(call, timer, now_ms)


def _due(call: CallState, timer: Timer, now_ms: int) -> Iterator[do.Command]:
    match timer:
        case Timer.START:
            yield from call.finish(EndReason.REFUSED, Failure.NO_START)
        case Timer.REDEEM:
            failure = Failure.REDEMPTION_LATE
            yield from call.fail(now_ms, failure, failure=failure)
        case Timer.MODEL:
            yield from call.model_failed(now_ms, Failure.MODEL_NOT_READY)
        case Timer.CLIP:
            yield from announcing.done(call, now_ms)
        case Timer.TURN:
            yield from turn_overdue(call, now_ms)
        case Timer.WORDS:
            yield from on_caller.words_late(call, now_ms)
            _watch_tools(call)  # a booking may have waited for these words
        case Timer.STALLED:
            yield from on_model.stalled(call, now_ms)
        case Timer.UNHEARD:
            yield from meanwhile.say(call, now_ms)
        case Timer.TOOLS:
            yield from tools_overdue(call, now_ms)
        case Timer.PLAYED:
            yield from marks_overdue(call, now_ms)
        case Timer.FRAMES:
            yield from frames_missing(call, now_ms)
        case Timer.KEYS:
            yield from on_caller.keys_paused(call, now_ms)
        case Timer.QUIET:
            nobody_speaks(call, now_ms)
        case Timer.WARN:
            call.ending.warned = True
            call.responses.want(TIME_WARNING)
        case Timer.CAP:
            call.say_goodbye(now_ms, CallMoment.GOODBYE, EndReason.TOO_LONG)
        case Timer.CLOSE:
            if call.closing is not None:
                yield from call.finish(call.closing.reason, call.closing.failure)
        case _:
            assert_never(timer)


# -- the caller's turn ---------------------------------------------------------------------


def spoke(call: CallState, event: ev.CallerSpoke) -> Iterator[do.Command]:
    if call.hearing.turn.began(event.item_id, event.at_ms):
        call.timers.set(Timer.TURN, event.at_ms + OVERDUE_MS)
    call.hearing.audio.turn_began()
    yield from on_caller.spoke(call, event)


def stopped(call: CallState, event: ev.CallerStopped) -> None:
    if not call.hearing.turn.stopped(event.item_id):
        return  # it was ended here, and is being answered
    call.timers.clear(Timer.TURN)
    call.guards.loose_ends.caller_answered()
    on_caller.stopped(call, event)


def said(call: CallState, event: ev.CallerSaid) -> Iterator[do.Command]:
    _understood(call, event)
    yield from on_caller.said(call, event)
    _watch_tools(call)


def unheard(call: CallState, event: ev.CallerUnheard) -> Iterator[do.Command]:
    _understood(call, event)
    yield from on_caller.unheard(call, event)
    _watch_tools(call)


def _understood(call: CallState, event: ev.CallerSaid | ev.CallerUnheard) -> None:
    """Only a turn that has ended is transcribed: the news of its end got lost.

    Of a turn that was ended here the words tell that something was said at all.
    """
    if not call.responses.speaking:
        call.hearing.audio.turn_is_known()
    if (
        call.hearing.turn.was_cut_short(event.item_id)
        and isinstance(event, ev.CallerSaid)
        and event.text
    ):
        call.guards.loose_ends.caller_answered()
    if call.responses.speaking and event.item_id == call.hearing.turn.item_id:
        stopped(call, ev.CallerStopped(event.at_ms, event.item_id))


def turn_overdue(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """A turn does not end: listen to the line itself, and at the bound end it here."""
    if not call.responses.speaking:
        return
    bound = call.hearing.turn.began_ms + LONGEST_TURN_MS
    if now_ms < bound:
        call.timers.set(Timer.TURN, bound)
        yield do.ListenForQuiet()
    else:
        yield from _end_turn(call, now_ms)


def quiet(call: CallState, event: ev.CallerQuiet) -> Iterator[do.Command]:
    """Nobody is speaking on the line. It may be said of a turn that has ended since."""
    if call.responses.speaking and event.at_ms >= call.hearing.turn.began_ms + OVERDUE_MS:
        yield from _end_turn(call, event.at_ms)
        if call.live:
            call.timers.set(Timer.UNHEARD, event.at_ms + SOON_MS)


def _end_turn(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """Take what was heard as the caller's turn and answer it; the second time a human does.

    It is no answer to a read-back or to the agent's question: nobody knows yet what was said,
    if anything.
    """
    item_id = call.hearing.turn.cut_short()
    call.timers.clear(Timer.TURN)
    call.responses.caller_stopped()
    if call.phase is not Phase.LIVE:
        return  # the goodbye that waited for it can be said now
    if call.hearing.turn.overruns > MOST_OVERRUNS:
        yield do.Measure("ModelSessionFailed", 1)
        failure = Failure.TURN_NEVER_ENDED
        yield from call.hand_over(at_ms, failure, reason=EndReason.FAILED, failure=failure)
        return
    yield do.CommitAudio(call.responses.number("b"))
    on_caller.await_words(call, at_ms, item_id)
    call.responses.answer_caller()


def unnoticed(call: CallState, at_ms: int) -> None:
    """The caller has spoken, and the model's server has not said so: it is deaf, or it was noise.

    They are asked to say it again. A server that is dead does not say that either, and is left.
    """
    if not call.timers.running(Timer.QUIET) or call.hearing.unnoticed >= MOST_UNNOTICED:
        return  # somebody speaks, or is answered
    call.hearing.unnoticed += 1
    call.say(CallMoment.SAY_AGAIN)
    call.timers.set(Timer.UNHEARD, at_ms + SOON_MS)


def nobody_speaks(call: CallState, now_ms: int) -> None:
    """Silence since the agent fell silent: ask twice, then say goodbye."""
    call.ending.silences += 1
    if call.ending.silences > ASKED_TWICE:
        call.say_goodbye(now_ms, CallMoment.GOODBYE, EndReason.SILENCE)
    else:
        call.say(CallMoment.STILL_THERE)


# -- the model's turn ----------------------------------------------------------------------


def announcement_stuck(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """The model is to make an announcement, and no request for it is left: ask again."""
    if call.phase is not Phase.LIVE or not call.responses.free:
        return
    current = call.announcements.current
    if current is not None and not current.said:
        yield from announcing.again(call, now_ms, current)


# -- tools and the phone network -----------------------------------------------------------


def tool_called(call: CallState, event: ev.ToolCalled) -> Iterator[do.Command]:
    on_model.alive(call, event.at_ms, event.response_id)
    call.responses.bore(event.response_id)
    yield from on_tool.called(call, event)
    _watch_tools(call)


def tool_answered(call: CallState, event: ev.ToolAnswered) -> Iterator[do.Command]:
    yield from on_tool.answered(call, event)
    _watch_tools(call)


def _watch_tools(call: CallState) -> None:
    if call.tool_calls.busy and not call.over:
        call.timers.set(Timer.TOOLS, min(use.overdue_ms for use in call.tool_calls.open))
    else:
        call.timers.clear(Timer.TOOLS)


def tools_overdue(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """The shell gave no answer at the limit, not even that there is none."""
    for use in call.tool_calls.open:
        if use.overdue_ms <= now_ms:
            took_ms = now_ms - use.at_ms
            late = ev.ToolAnswered(now_ms, use.call_id, "", took_ms, timed_out=True)
            yield from on_tool.answered(call, late)
    _watch_tools(call)


def watch_frames(call: CallState, now_ms: int) -> None:
    """Look again when the newest frame is so old that the line is dead."""
    newest_ms = call.hearing.audio.came_ms
    call.timers.set(Timer.FRAMES, max(newest_ms, now_ms - FRAMES_MS // 2) + FRAMES_MS)


def frames_missing(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """The socket lives, but nobody is heard on it any more: closing it brings a person."""
    if call.phase is Phase.ENDING:  # bounded by itself, and the call may go on behind it
        watch_frames(call, now_ms)
        return
    heard = call.hearing.audio.passes  # before that the disclosure's own bounds hold
    if heard and now_ms - call.hearing.audio.came_ms >= FRAMES_MS:
        yield from call.fail(now_ms, Failure.LINE_DEAD, failure=Failure.LINE_DEAD)
    else:
        watch_frames(call, now_ms)


def watch_marks(call: CallState, now_ms: int) -> None:
    """Marks get lost: look again when all must have been played."""
    if call.audio_out.idle:
        call.timers.clear(Timer.PLAYED)
    elif not call.responses.busy and not call.timers.running(Timer.PLAYED):
        playback = call.audio_out.playback
        call.audio_out.clock_watch.look(playback)
        call.timers.set(Timer.PLAYED, now_ms + playback.remaining_ms + MARKS_MS)


def marks_overdue(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """Neither marks nor frames of the caller for longer than the sound lasts: a dead line.

    While the frames come their clock tells that marks are lost, and nothing more is needed.
    """
    stood = call.audio_out.clock_watch.stood(call.audio_out.playback)
    if stood == 1:
        call.timers.set(Timer.PLAYED, now_ms + MARKS_MS)
    elif stood and call.phase is Phase.LIVE:
        yield from call.fail(now_ms, Failure.LINE_DEAD, failure=Failure.LINE_DEAD)
