"""What is texted when a visit is called off: to the caller, to the office, and to on-call."""

from datetime import datetime

from shared.actions.texts import wording
from shared.actions.texts.booking_texts import before_the_office, is_told, key, on_call_apart
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.models import Job
from shared.domain.money import spoken
from shared.domain.spoken.plain_words import without_links


def texts(business: Business, job: Job, now: datetime, *, refund: bool) -> list[Sms]:
    """The caller's first, where they take texts; `refund`: its deposit is to be given back."""
    to = job.phone.normalised
    told = [Sms(to, _for_caller(business, job, refund), key(job, "canceled"), job.job_id)]
    crew = _for_crew(business, job, refund)
    found = told if is_told(business, job) else []
    found.append(Sms(business.office, crew, key(job, "office_canceled"), job.job_id))
    # Who was told of it when it was booked, or when an emergency was moved, hears that it is off.
    heard = any(before_the_office(business, job, at) for at in (job.created_at, now))
    if on_call_apart(business) and (heard or (job.is_emergency and job.version)):
        found.append(Sms(business.on_call[0], crew, key(job, "on_call_canceled"), job.job_id))
    return found


def _for_caller(business: Business, job: Job, refund: bool) -> str:
    off = f"{business.name}: your visit on {wording.written(business, job.window)} is canceled."
    return " ".join(filter(None, (off, of_deposit(job, refund=refund))))


def of_deposit(job: Job, *, refund: bool) -> str:
    """What becomes of a deposit that was paid; "" where none was."""
    if not job.deposit_paid:
        return ""
    paid = f"your deposit of {spoken(job.deposit)}"
    if refund:
        return f"Our office has been asked to refund {paid}."
    return f"{wording.capital(paid)} was no longer refundable."


def _for_crew(business: Business, job: Job, refund: bool) -> str:
    when = wording.written(business, job.window)
    money = ""
    if job.deposit_paid:
        paid = f"deposit of {spoken(job.deposit)}"
        money = (
            f" PLEASE REFUND the {paid} in Stripe: it was canceled in time."
            if refund
            else f" The {paid} was paid and, canceled this late, is not refundable."
        )
    return (
        f"{business.name}: CANCELED, {when} is off: job {job.job_id}, "
        f"{without_links(job.customer_name)}, {wording.number(job.phone.normalised)}, "
        f"{without_links(job.address.normalised)}.{money}"
    )
