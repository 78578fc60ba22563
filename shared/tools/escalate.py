"""escalate_to_human: keep the wish for a person, which /after-stream then acts on."""

import logging
from datetime import datetime
from typing import Literal

from shared.actions import callbacks
from shared.actions.ports import Ports
from shared.domain import topics
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours, is_there
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.models import Escalation
from shared.domain.moments import CallMoment
from shared.domain.telling import telling
from shared.tools.context import ToolContext, ToolReply
from shared.tools.person_arguments import EscalateToHuman

logger = logging.getLogger(__name__)

Mode = Literal["transfer", "callback"]
Urgency = Literal["normal", "urgent"]
LAST_TURNS = 4  # of the caller: what they ask for now
TRANSFER = "Say that you are putting them through now, in one short sentence, and nothing else."
TO_THE_OFFICE = (
    "Say that you are putting them through to the office now, in one short sentence, "
    "and nothing else."
)
ASKED = "They are told so now, and asked what to pass on. Say nothing until they have answered."


def escalate(
    ports: Ports,
    business: Business,
    call_sid: str,
    *,
    reason: str,
    summary: str = "",
    urgency: Urgency = "normal",
    topic: str | None = None,
    at: CallTime,
    is_told: bool = False,
) -> Mode:
    """Keep the intent in the calls row, and say whether there is anybody to ring.

    Who is there for a `topic` is rung within its hours. Without one, and where nobody is named to
    be on call, the office is rung while it is open. When it is closed the caller `is_told` so, and
    then the row says that nobody came: /after-stream rings nobody, and the office is to call back.

    Raises:
        LookupError: there is no such call.
        PortError: the intent could not be kept.
    """
    there = _somebody_is_there(business, topic, urgency, at.now)
    mode: Mode = "transfer" if there else "callback"
    asked = Escalation(
        reason=reason,
        topic=topic,
        summary=summary,
        urgency=urgency,
        asked_at=at.now,
        result="nobody" if is_told and mode == "callback" else "pending",
    )
    ports.metrics.count("EscalationsAsked", business=business.id)
    ports.calls.escalate(call_sid, asked)
    return mode


def _somebody_is_there(
    business: Business, topic: str | None, urgency: Urgency, now: datetime
) -> bool:
    if topic is not None and urgency == "normal":
        return is_there(business, business.topics[topic], now)
    return bool(business.on_call) or not is_after_hours(business, now)


def escalate_to_human(context: ToolContext, asked: EscalateToHuman, at: CallTime) -> ToolReply:
    """Hand the caller over; whoever is rung and does not answer, a voicemail box follows."""
    business = context.business
    topic = _topic(context, asked)
    try:
        mode = escalate(
            context.ports,
            business,
            context.call_sid,
            reason=asked.reason,
            summary=asked.summary,
            urgency=asked.urgency,
            topic=topic,
            at=at,
            is_told=True,
        )
    except (PortError, LookupError):
        # The end of the call writes the intent again; a person is worth the try in any case.
        logger.warning("escalation not kept", extra={"call_sid": context.call_sid})
        mode = "transfer"
    if mode == "callback":
        return _called_back(context, topic, asked, at)
    output: dict[str, object] = {
        "mode": mode,
        "message": TRANSFER if business.on_call or topic else TO_THE_OFFICE,
    }
    return ToolReply(output, facts=(Fact(ToolFactKind.TRANSFER),), hand_over=True)


def _called_back(
    context: ToolContext, topic: str | None, asked: EscalateToHuman, at: CallTime
) -> ToolReply:
    """Nobody is there: by when they are called back is told by code, in the policy's words."""
    business = context.business
    callbacks.ask(
        context.ports,
        business,
        context.call_sid,
        phone=context.caller,
        urgency=asked.urgency,
        topic=topic,
        at=at,
    )
    about = f" for {business.topics[topic].label}" if topic else ""
    promised = callbacks.promise(business, asked.urgency, at.now)
    wordings = context.memory.wordings
    said = telling(wordings.told(CallMoment.NOBODY, about=about, promised=promised))
    output: dict[str, object] = {"mode": "callback", "message": ASKED, "say": said.sentence}
    return ToolReply(output, facts=(Fact(ToolFactKind.CALLBACK),), telling=said)


def _topic(context: ToolContext, asked: EscalateToHuman) -> str | None:
    """What it is about: as the model says, else by the words of its reason and of the caller."""
    known = context.business.topics
    if not known:
        return None
    said = [asked.reason, asked.summary]
    try:
        turns = context.ports.turns.of(context.call_sid)
        said += [turn.text for turn in turns if turn.role == "user"][-LAST_TURNS:]
    except PortError:
        logger.warning("turns not read", extra={"call_sid": context.call_sid})
    return topics.of(known, asked.topic, said)
