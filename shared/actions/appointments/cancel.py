"""A visit called off, by the caller, by text or by the office: hours free, all told, nothing paid
out. Whether a paid deposit goes back is for the office: it is asked, and does it in Stripe.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from shared.actions.payments import deposit
from shared.actions.ports import JobChanged, Ports
from shared.actions.texts import cancel_texts, outbox
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.deposits import is_due, refundable_until
from shared.domain.errors import CheckoutFailed, PortError
from shared.domain.models import Job, JobStatus
from shared.domain.money import spoken

logger = logging.getLogger(__name__)

TRIES = 3


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A job that stands no more. `asks_refund`: the office was asked to refund its deposit."""

    job: Job
    asks_refund: bool
    texted: outbox.Sent  # what became of the caller's text


def gives_back(business: Business, job: Job, now: datetime) -> bool:
    """Whether the deposit is the caller's again when the visit is called off `now`: it was paid,
    and the visit is far enough away."""
    return job.deposit_paid and now <= refundable_until(business.policy, job.window)


def terms(business: Business, job: Job, now: datetime) -> str:
    """What is said of the deposit before a visit is called off; "" where none was paid."""
    if not job.deposit_paid:
        return ""
    paid = spoken(job.deposit)
    if gives_back(business, job, now):
        return f"Our office will be asked to refund your {paid} deposit."
    return f"Your {paid} deposit is not refundable any more."


def cancel(ports: Ports, business: Business, job: Job, at: CallTime) -> CalledOff:
    """Call off `job`, a scheduled one as it was read.

    Its Checkout session is ended first: whoever pays at that very moment has paid, and is asked a
    refund for. One that Stripe does not end stays payable; what is paid then needs a refund.

    Raises:
        JobChanged: it was moved, paid or ended meanwhile: read it again and decide anew.
        PortError: the table did not answer.
    """
    if job.status is not JobStatus.SCHEDULED:
        raise JobChanged(job.job_id)
    paid_now = is_due(job) and _was_just_paid(ports, job)
    as_paid = job.model_copy(update={"deposit_paid": True}) if paid_now else job
    refund = gives_back(business, as_paid, at.now)
    texts = cancel_texts.texts(business, as_paid, at.now, refund=refund)
    left = [outbox.as_follow_up(business, text, at.real) for text in texts]
    if not ports.jobs.cancel(job, at=at.now, follow_ups=() if job.synthetic else left):
        raise JobChanged(job.job_id)
    _end_what_was_opened_meanwhile(ports, job)
    done = as_paid.model_copy(update={"status": JobStatus.CANCELLED})
    if job.synthetic:
        return CalledOff(done, refund, "off")
    sent = outbox.deliver(ports, business, texts, at.real)
    to_caller = [how for text, how in zip(texts, sent, strict=True) if text.to == _phone(job)]
    return CalledOff(done, refund, to_caller[0] if to_caller else "skipped")


def _end_what_was_opened_meanwhile(ports: Ports, job: Job) -> None:
    """Somebody may have clicked on the pay link between the end of the session and that of the job;
    from now on nobody can. Where it is not ended, what is paid in it needs a refund."""
    try:
        now = ports.jobs.get(job.job_id)
        if now is not None and now.checkout_session_id != job.checkout_session_id:
            deposit.retired(now, ports.checkout)
    except (CheckoutFailed, PortError):
        logger.warning("session of a canceled job not ended", extra={"job_id": job.job_id})


def _was_just_paid(ports: Ports, job: Job) -> bool:
    try:
        return deposit.retired(job, ports.checkout)
    except CheckoutFailed:
        logger.warning("session of a canceled job not ended", extra={"job_id": job.job_id})
        return False


def _phone(job: Job) -> str:
    return job.phone.normalised
