"""Whether the customer may be texted: asked with the read-back of a booking, kept with the job."""

import logging
from datetime import UTC

from shared.actions.texts import outbox
from shared.domain.call_time import CallTime
from shared.domain.errors import BadContact, PortError
from shared.domain.models import Job, TextConsent
from shared.domain.read_back import TERMS
from shared.domain.spoken import contact
from shared.tools.context import ToolContext

logger = logging.getLogger(__name__)


def may_text(context: ToolContext, said: str) -> bool:
    """Whether that number takes our texts, so that it is worth asking. Not where that cannot be
    read: nobody is promised a text that may not go."""
    business = context.business
    try:
        phone = contact.phone(said, context.caller).normalised
        if not outbox.reachable(business, phone):
            return False
        return context.ports.texting.opted_out(business.id, phone) is None
    except BadContact:
        return False
    except PortError:
        logger.warning("opt-out not read", extra={"call_sid": context.call_sid})
        return False


def given(context: ToolContext, confirmed: frozenset[str], at: CallTime) -> TextConsent | None:
    """The consent of a booking: they said yes to its terms, in a question that named texts."""
    wording = context.memory.consent
    if wording is None or TERMS not in confirmed:
        return None
    return TextConsent(at=at.now.astimezone(UTC), wording=wording, call_sid=context.call_sid)


def keep(context: ToolContext, job: Job) -> None:
    """The same by the number, for what is texted later; the job has it already."""
    if job.consent is None or context.synthetic:
        return
    try:
        context.ports.texting.consent(job.business_id, job.phone.normalised, job.consent)
    except PortError:
        logger.warning("consent not kept by number", extra={"call_sid": context.call_sid})
