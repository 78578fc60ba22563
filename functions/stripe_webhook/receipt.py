"""/visit/{job_id}: the customer's page of one visit. What was booked, what was said and when; a way
to pay, and to ask the office to move it or to call it off.

Whoever has the link sees it, so it is without name, number, address and notes. What is asked for is
only asked: the office calls, and until then the visit stands. Each is asked once for each version
of the job, however often it is sent.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.pages import Button, Section, document, page
from functions.stripe_webhook.pay import JOB_ID, later, unknown
from functions.stripe_webhook.reply import Reply
from shared import businesses
from shared.actions.payments.deposit import pay_link
from shared.actions.receipts import SaidTerms, said_terms
from shared.actions.texts import outbox, wording
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.deposits import is_due, refundable_until
from shared.domain.errors import PortError
from shared.domain.models import Books, Job, JobStatus
from shared.domain.money import spoken

logger = logging.getLogger(__name__)

ASKS: Final[Mapping[str, str]] = {
    "move": "asks for another time",
    "cancel": "asks to cancel",
}
_STATES = {
    JobStatus.CANCELLED: "This visit was canceled.",
    JobStatus.RELEASED: "This visit was released, since its deposit was not paid.",
    JobStatus.COMPLETED: "This visit is done. Thank you.",
}


def show(job_id: str, context: RequestContext) -> Reply:
    """The page; 404 for a link that is none of ours."""
    try:
        found = _found(job_id, context)
        if found is None:
            return unknown()
        return _page(*found, context)
    except PortError as exc:
        logger.error("visit not shown", extra={"job_id": job_id, "why": str(exc)})
        return later()


def ask(job_id: str, what: str, context: RequestContext) -> Reply:
    """Tell the office what the customer asks for, and say that it was told."""
    try:
        found = _found(job_id, context)
        if found is None or what not in ASKS:
            return unknown()
        business, job = found
        if job.status is not JobStatus.SCHEDULED:
            return _page(business, job, context)
        _tell(business, job, what, context)
        return page(
            200,
            "We have told the office",
            "They will call you at the number you booked with. Until then your visit stands.",
            f"If it is urgent, please call {wording.number(business.numbers[0])}.",
            link=(f"{context.public_url}/visit/{job_id}", "Back to your visit"),
        )
    except PortError as exc:
        logger.error("office not told", extra={"job_id": job_id, "why": str(exc)})
        return later()


def _found(job_id: str, context: RequestContext) -> tuple[Business, Job] | None:
    job = context.ports.jobs.get(job_id) if JOB_ID.fullmatch(job_id) else None
    business = businesses.by_id(job.business_id) if job else None
    return None if job is None or business is None else (business, job)


def _tell(business: Business, job: Job, what: str, context: RequestContext) -> None:
    body = (
        f"{business.name}: the customer of job {job.job_id}, "
        f"{wording.written(business, job.window)}, {ASKS[what]}. "
        f"Please call {wording.number(job.phone.normalised)}."
    )
    key = f"{job.job_id}:{job.version}:asks:{what}"
    text = Sms(business.office, body, key, job.job_id)
    left = outbox.as_follow_up(business, text, context.real_now, due_in=timedelta())
    context.ports.follow_ups.leave_once(key, [left], at=context.real_now)


def _page(business: Business, job: Job, context: RequestContext) -> Reply:
    call = context.ports.calls.get(job.call_sid)
    said = said_terms(business, job, call, context.ports.turns.of(job.call_sid), context.now)
    stands = job.status is JobStatus.SCHEDULED
    here = f"{context.public_url}/visit/{job.job_id}"
    buttons = []
    if is_due(job):
        link = pay_link(context.public_url, job.job_id)
        buttons.append(Button(f"Pay the {spoken(job.deposit)} deposit", link=link))
    if stands:
        buttons.append(Button("Ask for another time", post=here, value="move"))
        buttons.append(Button("Ask to cancel", post=here, value="cancel"))
    sections = [Section("Your visit", tuple(_visit(business, job)))]
    if stands:
        sections.append(Section("What it costs", tuple(_costs(business, job, context.now))))
    if job.books is not None:
        sections.append(Section("Your bill", tuple(_bill(job.books))))
    if said is not None:
        sections.append(Section("What was said", tuple(_said(business, said))))
    title = f"{business.name}: your visit"
    notes = ["Moving or canceling: the office calls you back; until then the visit stands."]
    return document(200, title, sections, buttons, notes if stands else [])


def _visit(business: Business, job: Job) -> Iterator[tuple[str, str]]:
    if job.status in _STATES:
        yield "Status", _STATES[job.status]
    yield "When", wording.written(business, job.window)
    if job.to_be_confirmed and job.status is JobStatus.SCHEDULED:
        yield "Please note", f"{wording.capital(wording.TIME_CONFIRMED)}."
    yield "What", job.service_type.replace("_", " ")
    yield "Booked", wording.display(business.local(job.created_at))
    yield "Questions", wording.number(business.numbers[0])


def _costs(business: Business, job: Job, now: datetime) -> Iterator[tuple[str, str]]:
    if job.covered is not None:
        yield "Cost", f"{wording.capital(wording.OFFICE_CONFIRMS)}."
        return
    yield "Visit", f"{spoken(job.visit_fee)}, credited toward the work"
    yield "Estimate", f"about {spoken(job.estimate)}"
    if job.deposit:
        paid = "paid" if job.deposit_paid else "not paid yet"
        yield "Deposit", f"{spoken(job.deposit)}, {paid}"
        yield "Refund", _refund(business, job, now)


def _bill(books: Books) -> Iterator[tuple[str, str]]:
    yield "Total", spoken(books.final)
    if books.visit_credited:
        yield "Visit", f"{spoken(books.visit_credited)}, credited: it is part of the total"
    if books.deposit_credited:
        yield "Deposit", f"{spoken(books.deposit_credited)}, paid before and credited"
        yield "Left to pay", spoken(books.left_to_pay)


def _refund(business: Business, job: Job, now: datetime) -> str:
    until = refundable_until(business.policy, job.window)
    if now > until:
        return "the deposit is not refundable" + (" any more" if until > job.created_at else "")
    return f"the deposit is refundable until {wording.display(business.local(until))}"


def _said(business: Business, said: SaidTerms) -> Iterator[tuple[str, str]]:
    yield "Words", f"“{said.words}”"
    yield "When", wording.display(business.local(said.at))
    if said.second is not None:
        minutes, seconds = divmod(said.second, 60)
        yield "Recording", f"about {minutes}:{seconds:02} after the call's beginning"
