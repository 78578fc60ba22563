"""A caller who speaks Spanish: told in Spanish what they talk to, then given a person.

Where nobody can be rung the office is texted that they want to be called back. Code does it, for
no other moment has Spanish words: in a danger they hear its guidance first, and come here when they
speak again.
"""

from collections.abc import Iterator
from typing import Final

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.speaking.phrases import ON_THE_LINE
from services.media_bridge.core.state import CallState
from services.media_bridge.core.tool_calls import ToolUse
from shared.domain.models import CallerKind, Language
from shared.domain.moments import CallMoment
from shared.domain.moments.spanish import RECORDED, WRITTEN_DOWN
from shared.domain.outcomes import EndReason, EscalationReason
from shared.schema import ToolName

_PERSON, _MESSAGE = "spanish-person", "spanish-message"  # ids of calls of tools
_TOLD: Final = "Speaks Spanish, and was told in Spanish that they are called back. Said: "
_MOST: Final = 300  # characters of their words


def heard(call: CallState, at_ms: int) -> Iterator[do.Command]:
    """What is said from now on is in Spanish, where there are words; known once."""
    if CallerKind.SPANISH in call.hearing.kinds:
        return
    call.wordings.language = Language.SPANISH
    call.hearing.kinds = (*call.hearing.kinds, CallerKind.SPANISH)
    yield do.NoteCall(at_ms, caller_kinds=call.hearing.kinds)
    if call.model_ready:
        yield do.TellModel(ON_THE_LINE[CallerKind.SPANISH])


def meet(call: CallState, at_ms: int, said: str) -> Iterator[do.Command]:
    """Say in Spanish what they talk to, and look who can be rung; once a call."""
    setup = call.setup
    if setup is None or not call.live or not call.model_ready or call.hearing.met_with:
        return
    call.hearing.met_with = said[:_MOST]
    yield from heard(call, at_ms)
    yield from call.interrupt(at_ms)
    kept = RECORDED if setup.recorded and not call.hearing.objected else WRITTEN_DOWN
    call.say(CallMoment.SPANISH, name=setup.business_name, kept=kept)
    summary = f"Speaks Spanish. Said: {call.hearing.met_with}"
    wish = {"reason": "The caller speaks Spanish.", "summary": summary}
    yield _uses(call, at_ms, _PERSON, ToolName.ESCALATE_TO_HUMAN, wish)


def answered(call: CallState, event: ev.ToolAnswered) -> Iterator[do.Command]:
    """Nobody could be rung: the office is told, and so are they."""
    if event.call_id == _PERSON:
        wish = {"name": "A Spanish-speaking caller", "phone": "this number"}
        wish["message"] = _TOLD + call.hearing.met_with
        yield _uses(call, event.at_ms, _MESSAGE, ToolName.TAKE_MESSAGE, wish)
    elif '"taken": true' in event.output:
        call.say_goodbye(event.at_ms, CallMoment.CALL_BACK, EndReason.GOODBYE)
    else:  # a number that is withheld: they may leave it in the mailbox
        yield from call.hand_over(event.at_ms, EscalationReason.SPANISH)


def is_ours(call_id: str) -> bool:
    """Whether it is a call of a tool that was made here."""
    return call_id in (_PERSON, _MESSAGE)


def _uses(
    call: CallState, at_ms: int, call_id: str, tool: ToolName, arguments: dict[str, str]
) -> do.RunTool:
    use = ToolUse(call.transcript.number(), at_ms, "", call_id, tool, arguments)
    call.tool_calls.start(use, by_code=True)
    return do.RunTool(call_id, tool, arguments, use.limit_ms)
