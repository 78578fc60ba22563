"""How long the call waits for its peers, and what happens when nothing comes.

Every state that waits for the model's server, the phone network or a tool has a bound here; the
table of all of them is in docs/calls.md. What a peer sends after its bound changes nothing.
"""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core import on_caller, on_model, on_tool
from services.media_bridge.core.speaking.playback import LOST_MARK_MS
from services.media_bridge.core.state import CallState, Phase

# A turn of the caller that goes on for so long is looked at: is anybody speaking at all?
OVERDUE_MS = 8_000
# No answer to a question on the phone takes longer without a pause of half a second.
LONGEST_TURN_MS = 30_000
MOST_OVERRUNS = 1  # the second running is not the caller's doing
# Our own requests wait 1.5 s for the server's response, so this is for a turn without any.
REPLY_MS = 3_000
# After all must have been played its marks are given so long.
MARKS_MS = LOST_MARK_MS + 500


# -- the caller's turn ---------------------------------------------------------------------


def spoke(call: CallState, event: ev.CallerSpoke) -> Iterator[do.Command]:
    if call.turn.began(event.item_id, event.at_ms):
        call.timers.set("turn", event.at_ms + OVERDUE_MS)
    call.timers.clear("reply")
    yield from on_caller.spoke(call, event)


def stopped(call: CallState, event: ev.CallerStopped) -> None:
    if not call.turn.stopped(event.item_id):
        # It was ended here and is being answered; the server may now answer it as well.
        call.responses.expect(event.at_ms)
        return
    call.timers.clear("turn")
    call.timers.set("reply", event.at_ms + REPLY_MS)
    call.loose.caller_answered()
    on_caller.stopped(call, event)


def said(call: CallState, event: ev.CallerSaid) -> Iterator[do.Command]:
    _understood(call, event)
    yield from on_caller.said(call, event)


def unheard(call: CallState, event: ev.CallerUnheard) -> Iterator[do.Command]:
    _understood(call, event)
    yield from on_caller.unheard(call, event)


def _understood(call: CallState, event: ev.CallerSaid | ev.CallerUnheard) -> None:
    """Only a turn that has ended is transcribed: the news of its end got lost.

    Of a turn that was ended here the words tell that something was said at all.
    """
    if call.turn.was_cut_short(event.item_id) and isinstance(event, ev.CallerSaid) and event.text:
        call.loose.caller_answered()
    if call.responses.speaking and event.item_id == call.turn.item_id:
        stopped(call, ev.CallerStopped(event.at_ms, event.item_id))


def turn_overdue(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """A turn does not end: listen to the line itself, and at the bound end it here."""
    if not call.responses.speaking:
        return
    bound = call.turn.began_ms + LONGEST_TURN_MS
    if now_ms < bound:
        call.timers.set("turn", bound)
        yield do.ListenForQuiet()
    else:
        yield from _end_turn(call, now_ms)


def quiet(call: CallState, event: ev.CallerQuiet) -> Iterator[do.Command]:
    """Nobody is speaking on the line. It may be said of a turn that has ended since."""
    if call.responses.speaking and event.at_ms >= call.turn.began_ms + OVERDUE_MS:
        yield from _end_turn(call, event.at_ms)


def _end_turn(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """Take what was heard as the caller's turn and answer it; the second time a human does.

    The server makes no response after a commit of ours. It is no answer to a read-back or to
    the agent's question either: nobody knows yet what was said, if anything.
    """
    item_id = call.turn.cut_short()
    call.timers.clear("turn")
    call.responses.turn_ended_by_us()
    if call.phase is not Phase.LIVE:
        return  # the goodbye that waited for it can be said now
    if call.turn.overruns > MOST_OVERRUNS:
        yield do.Measure("ModelSessionFailed", 1)
        failure = "turn_never_ended"
        yield from call.hand_over(at_ms, failure, reason="failed", failure=failure)
        return
    yield do.CommitAudio(call.responses.number("b"))
    on_caller.await_words(call, at_ms, item_id)
    if call.responses.free:
        call.responses.want()


# -- the model's turn ----------------------------------------------------------------------


def reply_missing(call: CallState, now_ms: int) -> None:
    """The server was to answer the caller by itself and did not: ask for it."""
    if call.phase is not Phase.LIVE or call.responses.speaking:
        return
    if call.responses.busy:  # with one from before the caller's turn
        call.timers.set("reply", now_ms + REPLY_MS)
    elif call.responses.free:
        call.responses.want()


def announcement_stuck(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """A sentence is to be recited by the model, and no request for it is left: ask again."""
    if call.phase is not Phase.LIVE or not call.responses.free:
        return
    current = call.announcements.current
    if current is not None and not current.said:
        yield from call.announce_again(now_ms, current)


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
        call.timers.set("tools", min(use.overdue_ms for use in call.tool_calls.open))
    else:
        call.timers.clear("tools")


def tools_overdue(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """The shell gave no answer at the limit, not even that there is none."""
    for use in call.tool_calls.open:
        if use.overdue_ms <= now_ms:
            took_ms = now_ms - use.at_ms
            late = ev.ToolAnswered(now_ms, use.call_id, "", took_ms, timed_out=True)
            yield from on_tool.answered(call, late)
    _watch_tools(call)


def watch_marks(call: CallState, now_ms: int) -> None:
    """Marks get lost: look again when all must have been played."""
    if call.audio_out.idle:
        call.timers.clear("played")
    elif not call.responses.busy and not call.timers.running("played"):
        playback = call.audio_out.playback
        call.clock_seen = playback.clock
        call.timers.set("played", now_ms + playback.remaining_ms + MARKS_MS)


def marks_overdue(call: CallState, now_ms: int) -> Iterator[do.Command]:
    """Neither marks nor frames of the caller for longer than the sound lasts: a dead line.

    While the frames come their clock tells that marks are lost, and nothing more is needed.
    """
    playback = call.audio_out.playback
    if playback.idle or playback.clock != call.clock_seen:
        call.clock_stood = False
    elif not call.clock_stood:
        call.clock_stood = True
        call.timers.set("played", now_ms + MARKS_MS)
    elif call.phase is Phase.LIVE:
        yield from call.fail(now_ms, "line_dead", failure="line_dead")
