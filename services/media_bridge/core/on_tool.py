"""The model's tool calls: gated, run beside the audio, answered exactly once."""

import json
from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.speaking.phrases import (
    ASKED,
    GOODBYE,
    HANDING_OVER,
    LATE_ANSWER,
    REFUSED,
    STAYED,
    TIMED_OUT,
    TOO_MANY_CALLS,
    TOOL_OPEN,
)
from services.media_bridge.core.state import CallState
from services.media_bridge.core.tool_calls import ToolUse
from shared.domain.outcomes import EndReason, EscalationReason
from shared.domain.spoken.card_fields import hidden
from shared.schema import ToolName

BOOKING = ToolName.BOOK_APPOINTMENT
END_CALL = ToolName.END_CALL
# So often running a model may try to end the call without a word about what was refused.
MOST_HELD_BACK = 3


def called(call: CallState, event: ev.ToolCalled) -> Iterator[do.Command]:
    """A call of a cancelled response is run too: the model may never be left without an answer."""
    if call.setup is None or not call.tool_calls.is_new(event.call_id):
        return
    if event.name == BOOKING and call.hearing.awaited.any:
        # The yes it rests on may be in words that are still awaited, for a second at most.
        call.hearing.awaited.hold(event)
        return
    if call.tool_calls.full:
        call.tool_calls.take_up(event.call_id)
        yield do.AnswerTool(event.call_id, TOO_MANY_CALLS)
        call.guards.loose_ends.tool_answered(event.name, TOO_MANY_CALLS)
        call.responses.want()
        return
    call.tool_calls.take_up(event.call_id)
    if event.name != END_CALL:
        yield from _stay(call, event.response_id, TOOL_OPEN)
    arguments = hidden(event.arguments, call.hearing.cards.hide)
    use = ToolUse(
        call.transcript.number(),
        event.at_ms,
        event.response_id,
        event.call_id,
        event.name,
        arguments,
    )
    if event.name == END_CALL and call.phase is Phase.LIVE and (why := _open(call)) is not None:
        yield from _not_yet(call, use, why, 0)
        return
    refusal = call.guards.read_back.refusal(arguments) if event.name == BOOKING else None
    if refusal is not None:
        yield do.AnswerTool(event.call_id, refusal)
        yield call.transcript.tool(event.call_id, _note(use, refusal, 0))
        call.guards.loose_ends.tool_answered(use.name, refusal)
        call.responses.want()
        return
    call.tool_calls.start(use)
    confirmed = call.guards.read_back.confirmed(arguments) if event.name == BOOKING else ()
    yield do.RunTool(event.call_id, event.name, arguments, use.limit_ms, confirmed)


def words_came(call: CallState) -> Iterator[do.Command]:
    """No words are awaited any more: the bookings that waited for them go on."""
    for event in call.hearing.awaited.take_bookings():
        yield from called(call, event)


def answered(call: CallState, event: ev.ToolAnswered) -> Iterator[do.Command]:
    use = call.tool_calls.answered(event.call_id, timed_out=event.timed_out)
    why = _open(call) if event.hang_up and call.phase is Phase.LIVE else None
    if use is not None and why is not None:
        yield from _not_yet(call, use, why, event.took_ms)
        return
    if use is not None:
        output = TIMED_OUT if event.timed_out else call.hearing.cards.hide(event.output)
        yield do.AnswerTool(event.call_id, output)
    else:
        use = None if event.timed_out else call.tool_calls.late(event.call_id)
        if use is None:
            return
        output = call.hearing.cards.hide(event.output)
        yield do.TellModel(LATE_ANSWER.format(tool=use.name, output=output))
    call.guards.claims.returned(event.figures, event.facts)
    call.guards.loose_ends.tool_answered(use.name, output)
    yield call.transcript.tool(event.call_id, _note(use, output, event.took_ms))
    if call.phase is not Phase.LIVE:
        return
    if event.hand_over or (event.hang_up and why is None):
        _leave(call, event, use)
    else:
        call.responses.want()


# -- what no end_call closes on ------------------------------------------------------------


def _open(call: CallState) -> str | None:
    """Why the model may not end the call yet; None when nothing is open."""
    if any(use.name != END_CALL for use in call.tool_calls.open):
        return TOOL_OPEN
    if (tool := call.guards.loose_ends.refused) is not None:
        return REFUSED.format(tool=tool)
    return ASKED if call.guards.loose_ends.asked else None


def _not_yet(call: CallState, use: ToolUse, why: str, took_ms: int) -> Iterator[do.Command]:
    """Refuse an end_call. Behind a question the model need say no more: the caller answers it."""
    output = json.dumps({"error": "not_yet", "message": why})
    yield do.AnswerTool(use.call_id, output)
    yield call.transcript.tool(use.call_id, _note(use, output, took_ms))
    if call.guards.loose_ends.refused is None:
        return
    if call.guards.loose_ends.held_back() > MOST_HELD_BACK:
        yield from call.hand_over(use.at_ms, EscalationReason.REFUSAL_UNTOLD)
    else:
        call.responses.want()


def agent_said(call: CallState, event: ev.AgentSaid, words: str) -> Iterator[do.Command]:
    """The agent's words; they may ask something beside an end_call that was let through."""
    if call.guards.loose_ends.agent_said(event.item_id, words):
        yield from _stay(call, event.response_id, ASKED)


def _stay(call: CallState, response_id: str, why: str) -> Iterator[do.Command]:
    """More came of the response whose end_call was let through: the call goes on."""
    ending = call.closing
    if ending is None or ending.response_id != response_id:
        return
    call.reopen()
    call.responses.drop_wants()
    yield do.TellModel(STAYED.format(why=why))


def _leave(call: CallState, event: ev.ToolAnswered, use: ToolUse) -> None:
    """Hang up or hand over after a last sentence: said beside the tool call, or a new one."""
    reason = EndReason.HANDED_OVER if event.hand_over else EndReason.GOODBYE
    sentence: str | None = HANDING_OVER if event.hand_over else GOODBYE
    if call.audio_out.spoke(use.response_id):
        sentence = None  # it was said beside the call of the tool
    call.say_goodbye(event.at_ms, sentence, reason)
    if call.closing is not None and event.hang_up:
        call.closing.response_id = use.response_id


def _note(use: ToolUse, output: str, took_ms: int) -> do.NoteTurn:
    return do.NoteTurn(
        use.seq,
        use.at_ms,
        "tool",
        tool=use.name,
        arguments=use.arguments,
        result=output,
        took_ms=took_ms,
    )
