"""What is texted about the deposit of a job: its link, its reminder, and money that went back."""

from datetime import datetime

from shared.actions.texts import wording
from shared.actions.texts.booking_texts import is_told, key
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.models import Job, Payment
from shared.domain.money import spoken
from shared.domain.money_back import Dispute, Refund
from shared.domain.spoken.plain_words import without_links


def link_text(business: Business, job: Job, pay_link: str) -> Sms:
    """The pay link that had to follow."""
    body = f"{business.name}: your deposit of {spoken(job.deposit)} can be paid here: {pay_link}"
    return Sms(job.phone.normalised, body, key(job, "link"), job.job_id)


def reminder(business: Business, job: Job, pay_link: str, held_until: datetime | None) -> Sms:
    """Of a deposit that is still unpaid; `held_until` where the window is given back then."""
    body = (
        f"{business.name}: a reminder: the deposit of {spoken(job.deposit)} for your visit on "
        f"{wording.written(business, job.window)} is still open. Pay here: {pay_link}"
    )
    if held_until is not None:
        body += f" We hold your window until {wording.display(business.local(held_until))}."
    return Sms(job.phone.normalised, body, key(job, "reminder"), job.job_id)


def released(business: Business, job: Job) -> list[Sms]:
    """What the customer and the office hear when an unpaid window is given back."""
    when = wording.written(business, job.window)
    to_office = (
        f"{business.name}: job {job.job_id}, {when}, was released: its deposit of "
        f"{spoken(job.deposit)} was not paid. {without_links(job.customer_name)}, "
        f"{wording.number(job.phone.normalised)}."
    )
    to_customer = (
        f"{business.name}: your visit on {when} was released, since its deposit was not paid. "
        "To book again, please call us."
    )
    texts = [Sms(business.office, to_office, f"{job.job_id}:released:office", job.job_id)]
    if is_told(business, job):
        caller = Sms(job.phone.normalised, to_customer, f"{job.job_id}:released:caller", job.job_id)
        texts.append(caller)
    return texts


def refund_failed(business: Business, row: Payment, job: Job | None, refund: Refund) -> Sms:
    """For the office: the customer still waits for this money, and we have it."""
    why = f" ({_in_words(refund.why)})" if refund.why else ""
    body = (
        f"{business.name}: a refund of {spoken(refund.amount)} for job {row.job_id} did not go "
        f"through{why}: the money is back with us. {_settle_it(job)}"
    )
    return Sms(business.office, body, f"{row.job_id}:refund_failed:{refund.refund_id}", row.job_id)


def dispute_lost(business: Business, row: Payment, job: Job | None, dispute: Dispute) -> Sms:
    """For the office: the bank gave the money back to the customer; the visit may still stand."""
    body = (
        f"{business.name}: the dispute about the deposit of job {row.job_id} was lost: "
        f"{spoken(dispute.amount)} went back to the customer. {_settle_it(job)}"
    )
    return Sms(business.office, body, f"{row.job_id}:lost:{dispute.dispute_id}", row.job_id)


def bank_asks(business: Business, row: Payment, job: Job | None, dispute: Dispute) -> Sms:
    """For the office: no money moved yet; an answer in time keeps it so."""
    body = (
        f"{business.name}: the customer's bank asks about the deposit of job {row.job_id}"
        f" ({_in_words(dispute.why)}). No money was taken. Answer it on Stripe's page soon. "
        f"{_settle_it(job)}"
    )
    return Sms(business.office, body, f"{row.job_id}:inquiry:{dispute.dispute_id}", row.job_id)


def _in_words(code: str | None) -> str:
    return (code or "no reason given").replace("_", " ")


def _settle_it(job: Job | None) -> str:
    if job is None:
        return "Please look at it."
    return f"Please settle it with {job.customer_name}, {wording.number(job.phone.normalised)}."
