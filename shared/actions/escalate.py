"""escalate_to_human: keep the wish for a person, which /after-stream then acts on."""

import logging
from datetime import datetime
from typing import Literal

from shared.actions.arguments import EscalateToHuman
from shared.actions.desk import Desk, Moment, ToolReply
from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Escalation

logger = logging.getLogger(__name__)

TRANSFER = "Say that you are putting them through now, in one short sentence, and nothing else."


def escalate(
    ports: Ports,
    business: Business,
    call_sid: str,
    *,
    reason: str,
    summary: str = "",
    urgency: Literal["normal", "urgent"] = "normal",
    now: datetime,
) -> None:
    """Keep the intent in the calls row. There is always somebody to ring: who is on call, or the
    office where nobody is named.

    Raises:
        LookupError: there is no such call.
        PortError: the intent could not be kept.
    """
    asked = Escalation(reason=reason, summary=summary, urgency=urgency, asked_at=now)
    ports.metrics.count("EscalationsAsked", business=business.id)
    ports.calls.escalate(call_sid, asked)


def escalate_to_human(desk: Desk, asked: EscalateToHuman, at: Moment) -> ToolReply:
    """Hand the caller over; whoever is rung and does not answer, a voicemail box follows."""
    try:
        escalate(
            desk.ports,
            desk.business,
            desk.call_sid,
            reason=asked.reason,
            summary=asked.summary,
            urgency=asked.urgency,
            now=at.now,
        )
    except (PortError, LookupError):
        # The end of the call writes the intent again; a person is worth the try in any case.
        logger.warning("escalation not kept", extra={"call_sid": desk.call_sid})
    return ToolReply({"mode": "transfer", "message": TRANSFER}, hand_over=True)
