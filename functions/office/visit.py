"""GET /office/visit/{job_id}: all that is known of one visit, and what can be done with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from functions.office.context import OfficeContext, PageRequest
from functions.office.render import PageReply, page
from functions.office.session import OfficeSession
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.calendar.scheduling import offerable
from shared.domain.models import Job, JobStatus, Payment
from shared.domain.money import spoken
from shared.office import visits
from shared.office.cannot import CannotDo
from shared.tools.appointments import another_time

MOST_WINDOWS: Final = 30
UNKNOWN: Final = "There is no such visit."


def of_session(job_id: str, session: OfficeSession, context: OfficeContext) -> Job:
    """The visit, which is of this session's business. Raises CannotDo, PortError."""
    job = context.ports.jobs.get(job_id)
    if job is None or job.business_id != session.business.id or job.synthetic:
        raise CannotDo(UNKNOWN)
    return job


def show(asked: PageRequest, session: OfficeSession, context: OfficeContext) -> PageReply:
    """The page; 404 for a visit that is none of the business's. Raises PortError."""
    try:
        job = of_session(asked.path["job_id"], session, context)
    except CannotDo as exc:
        return page(404, "said", business=session.business.name, title=str(exc), lines=(), back="")
    stands = job.status is JobStatus.SCHEDULED
    return page(
        200,
        "visit",
        business=session.business.name,
        csrf=session.csrf,
        job=job,
        title=f"{job.customer_name}, {wording.written(session.business, job.window)}",
        facts=list(_facts(session.business, job, context)),
        stands=stands,
        is_past=job.window.start <= context.at.now,
        windows=list(_windows(session, job, context)) if stands else [],
        crews=session.business.crews_for(job.service_type),
    )


def _facts(business: Business, job: Job, context: OfficeContext) -> Iterator[tuple[str, str]]:
    yield "Status", job.status.value
    yield "When", f"{wording.written(business, job.window)}, {job.crew} for {job.hours} hours"
    if job.to_be_confirmed:
        yield "Please note", wording.capital(wording.TIME_CONFIRMED)
    yield "What", job.service_type.replace("_", " ") + (" (emergency)" if job.is_emergency else "")
    yield "In their words", job.description
    yield "Phone", wording.number(job.phone.normalised)
    yield "Address", job.address.normalised
    if job.email:
        yield "E-mail", job.email
    yield from (("Note", note) for note in job.notes)
    if job.covered is not None:
        yield "Cost", f"{wording.capital(wording.OFFICE_CONFIRMS)}: {job.covered.value}"
    else:
        yield "Visit fee", spoken(job.visit_fee)
        yield "Estimate", spoken(job.estimate)
    if job.deposit:
        yield "Deposit", f"{spoken(job.deposit)}, {'paid' if job.deposit_paid else 'not paid'}"
    payments = context.ports.payments.of_job(job.job_id)
    yield from (("Payment", _payment(business, each)) for each in payments)
    if job.books is not None:
        yield "Closed", _local(business, job.books.at)
        yield from ((wording.capital(name), said) for name, said in visits.bill(job.books))
    yield "Booked", _local(business, job.created_at)


def _payment(business: Business, payment: Payment) -> str:
    back = f", {spoken(payment.refunded)} given back" if payment.refunded else ""
    when = _local(business, payment.at)
    return f"{spoken(payment.amount)} {payment.status.value}{back}, {when}"


def _local(business: Business, at: datetime) -> str:
    return wording.display(business.local(at))


def _windows(session: OfficeSession, job: Job, context: OfficeContext) -> Iterator[tuple[str, str]]:
    """Where it could be instead: what the form says, and what is read."""
    business, now = session.business, context.at.now
    held = another_time.held_beside(
        another_time.context_of(context.ports, business, job, context.public_url), job, now
    )
    free = offerable(business, held, now, service=job.service_type, is_emergency=False)
    for slot in free[:MOST_WINDOWS]:
        if slot.window.start != job.window.start:
            rate = ", after-hours rates" if slot.after_hours else ""
            said = f"{wording.written(business, slot.window)}{rate}"
            yield f"{business.local(slot.window.start):%Y-%m-%dT%H:%M}", said
