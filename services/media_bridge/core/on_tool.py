"""The model's tool calls: gated, run beside the audio, answered exactly once."""

import json
from collections.abc import Iterator, Mapping

from services.media_bridge.core import commands as do
from services.media_bridge.core import dangers, spanish
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.read_back import ASKED_FIRST
from services.media_bridge.core.hearing.card_numbers import asks_for_code
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.speaking.phrases import (
    ASKED,
    DANGER_FIRST,
    LATE_ANSWER,
    REFUSED,
    STAYED,
    TIMED_OUT,
    TOO_MANY_CALLS,
    TOOL_OPEN,
    UNCORRECTED,
)
from services.media_bridge.core.state import CallState
from services.media_bridge.core.tool_calls import ToolUse
from shared.domain.moments import CallMoment
from shared.domain.outcomes import EndReason, EscalationReason
from shared.domain.read_back import TERMS
from shared.domain.spoken.card_fields import hidden
from shared.schema import ToolName

BOOKING = ToolName.BOOK_APPOINTMENT
CONFIRM = ToolName.CONFIRM_DETAILS
END_CALL = ToolName.END_CALL
_NEEDS_NO_DANGER = frozenset(
    {
        *(ToolName.GET_PRICING_QUOTE, ToolName.CHECK_AVAILABILITY, ToolName.FIND_APPOINTMENT),
        *(CONFIRM, BOOKING),
    }
)
_UPKEEP = frozenset({"maintenance", "inspection"})
# So often running a model may try to end the call without a word about what was refused.
MOST_HELD_BACK = 3


def called(call: CallState, event: ev.ToolCalled) -> Iterator[do.Command]:
    """A call of a cancelled response is run too: the model may never be left without an answer."""
    if call.setup is None or not call.tool_calls.is_new(event.call_id):
        return
    if event.name in ASKED_FIRST and call.hearing.awaited.any:
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
    why = _open(call, event.response_id)
    if event.name == END_CALL and call.phase is Phase.LIVE and why is not None:
        yield from _not_yet(call, use, why, 0)
        return
    if event.name in _NEEDS_NO_DANGER and _asks_first(call, event.name, arguments):
        yield do.AnswerTool(event.call_id, DANGER_FIRST)
        yield call.transcript.tool(event.call_id, _note(use, DANGER_FIRST, 0))
        yield from dangers.ask(call, event.at_ms, service=_service(arguments))
        return
    missing = call.guards.read_back.missing(event.name, arguments)
    if missing and call.guards.read_back.waits(missing, arguments):
        # The sentence is on its way or was just heard: the caller answers next, not the model.
        refusal = call.guards.read_back.refusal(missing, waits=True)
        yield do.AnswerTool(event.call_id, refusal)
        yield call.transcript.tool(event.call_id, _note(use, refusal, 0))
        call.guards.loose_ends.tool_answered(use.name, refusal)
        return
    call.tool_calls.start(use)
    yield _run(call, use)


def _asks_first(call: CallState, name: str, arguments: Mapping[str, object] | None) -> bool:
    """Whether danger is asked about before a price, a window or a booking: not for upkeep, nor for
    who asks about a visit of before."""
    if _service(arguments) in _UPKEEP or name == ToolName.FIND_APPOINTMENT:
        call.hearing.hazards.is_upkeep = True
    return dangers.asks_first(call)


def _service(arguments: Mapping[str, object] | None) -> str:
    return str((arguments or {}).get("service_type", "")).lower()


def _run(call: CallState, use: ToolUse) -> do.RunTool:
    """Run the tool, told what the caller has confirmed of what it was given.

    In place of a booking of which too little was read back, have the rest of it read back.
    """
    read_back, given = call.guards.read_back, use.arguments
    if use.name == BOOKING and given is not None and read_back.missing(BOOKING, given):
        details = {
            "name": given.get("customer_name"),
            "phone": given.get("phone"),
            "address": given.get("address"),
            "booking": given,
        }
        return do.RunTool(use.call_id, CONFIRM, details, use.limit_ms, read_back.settled(given))
    if use.name == CONFIRM:
        return do.RunTool(use.call_id, CONFIRM, given, use.limit_ms, read_back.settled(given))
    confirmed = read_back.confirmed(use.name, given) if use.name in ASKED_FIRST else ()
    return do.RunTool(use.call_id, use.name, given, use.limit_ms, confirmed)


def words_came(call: CallState) -> Iterator[do.Command]:
    """No words are awaited any more: the bookings that waited for them go on."""
    for event in call.hearing.awaited.take_bookings():
        yield from called(call, event)


def answered(call: CallState, event: ev.ToolAnswered) -> Iterator[do.Command]:
    use = call.tool_calls.answered(event.call_id, timed_out=event.timed_out)
    response_id = use.response_id if use else ""
    why = _open(call, response_id) if event.hang_up and call.phase is Phase.LIVE else None
    if use is not None and why is not None:
        yield from _not_yet(call, use, why, event.took_ms)
        return
    if use is not None:
        output = TIMED_OUT if event.timed_out else _output(call, use, event)
        yield from _tell(call, use, output)
    else:
        use = None if event.timed_out else call.tool_calls.late(event.call_id)
        if use is None:
            return
        output = call.hearing.cards.hide(event.output)
        yield from _tell_late(call, use, output)
    call.guards.claims.returned(event.figures, event.facts)
    call.guards.loose_ends.tool_answered(use.name, output)
    if asks_for_code(event.output):
        call.hearing.cards.code_asked(event.call_id)
    yield call.transcript.tool(event.call_id, _note(use, output, event.took_ms))
    if call.phase is not Phase.LIVE:
        return
    if not call.tool_calls.worked(broke=event.broke or event.timed_out):
        yield from call.hand_over(event.at_ms, EscalationReason.TOOLS_BROKEN)
    elif event.hand_over or (event.hang_up and why is None):
        _leave(call, event, use)
    elif spanish.is_ours(use.call_id):
        yield from spanish.answered(call, event)
    elif event.recitation is not None:
        call.recite(event.recitation.moment, event.recitation.sentence)
    elif event.danger is not None:
        yield from dangers.reported(call, event.at_ms, event.danger, event.danger_words)
    else:
        call.tool_calls.found(use, None if event.timed_out else event.telling)
        _go_on(call, use.response_id)


def _go_on(call: CallState, response_id: str) -> None:
    """What was asked for together is answered together: by code where it has the words."""
    if any(other.response_id == response_id for other in call.tool_calls.open):
        return
    sentence, model_tells = call.tool_calls.take_found(response_id)
    if sentence is not None:
        call.responses.recite(sentence)
    if model_tells:
        call.responses.want()


def _tell(call: CallState, use: ToolUse, output: str) -> Iterator[do.Command]:
    """Give the model its answer; a session that did not call the tool learns of it in words."""
    if call.tool_calls.is_orphan(use.call_id):
        yield from _tell_late(call, use, output)
    else:
        yield do.AnswerTool(use.call_id, output)


def _tell_late(call: CallState, use: ToolUse, output: str) -> Iterator[do.Command]:
    if call.model_ready:  # else the next session is told by its row
        yield do.TellModel(LATE_ANSWER.format(tool=use.name, output=output))


def _output(call: CallState, use: ToolUse, event: ev.ToolAnswered) -> str:
    """What the model is told; of a booking for which something is read back first, that."""
    read_back = call.guards.read_back
    if event.recitation is not None:
        read_back.recited(event.recitation)
        if use.name in ASKED_FIRST:
            missing = read_back.missing(use.name, use.arguments)
            if event.recitation.moment is CallMoment.READ_BACK:
                missing = [name for name in missing if name != TERMS]  # they are asked next
            return read_back.refusal(missing, waits=False)
    return call.hearing.cards.hide(event.output)


# -- what no end_call closes on ------------------------------------------------------------


def _open(call: CallState, response_id: str) -> str | None:
    """Why the model may not end the call yet, in this response; None when nothing is open."""
    if any(use.name != END_CALL for use in call.tool_calls.open):
        return TOOL_OPEN
    if (tool := call.guards.loose_ends.refused) is not None:
        return REFUSED.format(tool=tool)
    if response_id in call.guards.claims.cut:
        return UNCORRECTED
    return ASKED if call.guards.loose_ends.asked else None


def _not_yet(call: CallState, use: ToolUse, why: str, took_ms: int) -> Iterator[do.Command]:
    """Refuse an end_call. Behind a question the model need say no more: the caller answers it."""
    output = json.dumps({"error": "not_yet", "message": why})
    yield from _tell(call, use, output)
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
    last: CallMoment | None = CallMoment.HAND_OVER if event.hand_over else CallMoment.GOODBYE
    if call.audio_out.spoke(use.response_id):
        last = None  # it was said beside the call of the tool
    call.say_goodbye(event.at_ms, last, reason)
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
