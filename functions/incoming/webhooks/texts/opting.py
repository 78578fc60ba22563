"""Who wants no texts, and who wants them again."""

import logging

from functions.incoming.webhooks.texts.commands import OPT_IN, OPT_OUT, UNCLEAR, YES
from functions.incoming.webhooks.texts.visits import Sender
from shared.actions import callbacks
from shared.actions.texts import wording
from shared.actions.texts.outbox import Sms
from shared.domain.errors import PortError
from shared.domain.models import Job, OptOut
from shared.domain.spoken.opt_out import wants_no_texts
from shared.domain.spoken.plain_words import without_links

logger = logging.getLogger(__name__)


def wants_out(word: str, body: str) -> bool:
    """Whether they want no texts, as one of Twilio's words or in words of their own."""
    return word in OPT_OUT or wants_no_texts(body)


def opt_out(sender: Sender, word: str) -> str | None:
    """Keep it. What is texted back, once; None where Twilio does that itself.

    Raises:
        PortError: it could not be kept; Twilio is answered with an error, and an alarm tells.
    """
    context = sender.context
    said = OptOut(at=context.now, by="text")
    context.ports.texting.opt_out(context.business.id, sender.number, said)
    return (
        None
        if word in OPT_OUT
        else sender.say("you will get no more texts from us. To get them again, text START.")
    )


def opt_in(sender: Sender, word: str) -> bool:
    """Whether it asked for texts again, and is kept. "YES" is one of Twilio's words for that, and
    where nothing was asked, it means that. Raises PortError."""
    context = sender.context
    texting, business_id = context.ports.texting, context.business.id
    if word in OPT_IN:
        texting.opt_in(business_id, sender.number)
        return True
    if word in YES and texting.opted_out(business_id, sender.number) is not None:
        texting.opt_in(business_id, sender.number)
        return True
    return False


def is_out(sender: Sender) -> bool:
    """Whether nothing may be texted back; where that cannot be read, nothing is."""
    context = sender.context
    try:
        return context.ports.texting.opted_out(context.business.id, sender.number) is not None
    except PortError:
        logger.error("opt-out not read")
        return True


def unclear(sender: Sender, word: str, message_sid: str) -> Sms | None:
    """For the office: they texted a word that may be meant of the visit; None where it is not
    such a word."""
    if word not in UNCLEAR:
        return None
    business = sender.context.business
    try:
        visits = sender.open_visits()
        meant = "; ".join(_visit(sender, job) for job in visits) or "we find none"
    except PortError:
        visits, meant = [], "which could not be looked up"
    by = ""
    if visits:  # kept with the call that booked it, and listed until somebody has called
        asked = callbacks.ask(
            sender.context.ports,
            business,
            visits[0].call_sid,
            phone=sender.number,
            urgency="normal",
            at=sender.at,
        )
        by = f", {callbacks.wanted_by(business, asked)}"
    body = (
        f"{business.name}: CALL BACK {wording.number(sender.number)}{by}: they texted "
        f'"{word.upper()}" and get no more texts. Visit or texts? Ask whether they mean the visit '
        f"({meant}) or our texts."
    )
    return Sms(business.office, body, f"sms:{message_sid}")


def _visit(sender: Sender, job: Job) -> str:
    return f"job {job.job_id}, {sender.when(job.window)}, {without_links(job.customer_name)}"
