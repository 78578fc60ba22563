"""escalate_to_human: keep the wish for a person, which /after-stream then acts on."""

import logging
from datetime import datetime
from typing import Literal

from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.models import Escalation
from shared.tools.arguments import EscalateToHuman
from shared.tools.context import ToolContext, ToolReply

logger = logging.getLogger(__name__)

Mode = Literal["transfer", "callback"]
TRANSFER = "Say that you are putting them through now, in one short sentence, and nothing else."
TO_THE_OFFICE = (
    "Say that you are putting them through to the office now, in one short sentence, "
    "and nothing else."
)
CALLBACK = "Nobody can be reached now. Offer to take a message; the office will call back."


def escalate(
    ports: Ports,
    business: Business,
    call_sid: str,
    *,
    reason: str,
    summary: str = "",
    urgency: Literal["normal", "urgent"] = "normal",
    now: datetime,
    is_told: bool = False,
) -> Mode:
    """Keep the intent in the calls row, and say whether there is anybody to ring.

    Where nobody is named to be on call, the office is rung while it is open. When it is closed
    the caller `is_told` so, and then the row says that nobody came: /after-stream rings nobody.

    Raises:
        LookupError: there is no such call.
        PortError: the intent could not be kept.
    """
    mode: Mode = "transfer" if business.on_call or not is_after_hours(business, now) else "callback"
    asked = Escalation(
        reason=reason,
        summary=summary,
        urgency=urgency,
        asked_at=now,
        result="nobody" if is_told and mode == "callback" else "pending",
    )
    ports.metrics.count("EscalationsAsked", business=business.id)
    ports.calls.escalate(call_sid, asked)
    return mode


def escalate_to_human(context: ToolContext, asked: EscalateToHuman, at: CallTime) -> ToolReply:
    """Hand the caller over; whoever is rung and does not answer, a voicemail box follows."""
    try:
        mode = escalate(
            context.ports,
            context.business,
            context.call_sid,
            reason=asked.reason,
            summary=asked.summary,
            urgency=asked.urgency,
            now=at.now,
            is_told=True,
        )
    except (PortError, LookupError):
        # The end of the call writes the intent again; a person is worth the try in any case.
        logger.warning("escalation not kept", extra={"call_sid": context.call_sid})
        mode = "transfer"
    transfer = TRANSFER if context.business.on_call else TO_THE_OFFICE
    message = transfer if mode == "transfer" else CALLBACK
    fact = Fact(ToolFactKind.TRANSFER if mode == "transfer" else ToolFactKind.CALLBACK)
    output: dict[str, object] = {"mode": mode, "message": message}
    return ToolReply(output, facts=(fact,), hand_over=mode == "transfer")
