"""The model's tool calls: gated, run beside the audio, answered exactly once."""

from collections.abc import Iterator

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.call import Call, Phase
from services.media_bridge.core.desk import ToolUse
from services.media_bridge.core.wording import (
    GOODBYE,
    HANDING_OVER,
    LATE_ANSWER,
    TIMED_OUT,
    TOO_MANY_CALLS,
)

BOOKING = "book_appointment"


def called(call: Call, event: ev.ToolCalled) -> Iterator[do.Command]:
    """A call of a cancelled response is run too: the model may never be left without an answer."""
    if call.terms is None or not call.desk.is_new(event.call_id):
        return
    if call.desk.full:
        call.desk.meet(event.call_id)
        yield do.AnswerTool(event.call_id, TOO_MANY_CALLS)
        call.gate.want()
        return
    call.desk.meet(event.call_id)
    arguments = call.cards.hide(event.arguments)
    use = ToolUse(
        call.notebook.number(), event.at_ms, event.response_id, event.call_id, event.name, arguments
    )
    refusal = call.readback.refusal(arguments) if event.name == BOOKING else None
    if refusal is not None:
        yield do.AnswerTool(event.call_id, refusal)
        yield call.notebook.tool(event.call_id, _note(use, refusal, 0))
        call.gate.want()
        return
    call.desk.start(use)
    confirmed = call.readback.confirmed(arguments) if event.name == BOOKING else ()
    yield do.RunTool(event.call_id, event.name, arguments, use.limit_ms, confirmed)


def answered(call: Call, event: ev.ToolAnswered) -> Iterator[do.Command]:
    use = call.desk.answered(event.call_id, timed_out=event.timed_out)
    if use is not None:
        output = TIMED_OUT if event.timed_out else call.cards.hide(event.output)
        yield do.AnswerTool(event.call_id, output)
    else:
        use = None if event.timed_out else call.desk.late(event.call_id)
        if use is None:
            return
        output = call.cards.hide(event.output)
        yield do.TellModel(LATE_ANSWER.format(tool=use.name, output=output))
    call.figures.returned(output)
    yield call.notebook.tool(event.call_id, _note(use, output, event.took_ms))
    if event.stage is not None:
        yield do.NoteCall(event.at_ms, stage=event.stage)
    if call.phase is not Phase.LIVE:
        return
    if event.hang_up or event.hand_over:
        _leave(call, event, use)
    else:
        call.gate.want()


def _leave(call: Call, event: ev.ToolAnswered, use: ToolUse) -> None:
    """Hang up or hand over after a last sentence: said beside the tool call, or a new one."""
    reason = "handed_over" if event.hand_over else "goodbye"
    if call.voice.spoke(use.response_id):
        call.say_goodbye(event.at_ms, None, reason)
        return
    call.say_goodbye(event.at_ms, HANDING_OVER if event.hand_over else GOODBYE, reason)


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
