"""/visit/{job_id}: the customer's page of one visit. What was booked, what was said and when; a way
to pay, and the forms by which it is moved or called off (`changing`).

Whoever has the link sees it, so it is without name, number, address and notes.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from functions.stripe_webhook import visit_form
from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.pages import Button, Section, document, page
from functions.stripe_webhook.pay import JOB_ID, RETRY_AFTER_S, unknown
from functions.stripe_webhook.reply import Reply
from shared import businesses
from shared.actions.payments.deposit import pay_link
from shared.actions.receipts import SaidTerms, said_terms
from shared.actions.texts import wording
from shared.domain import left_to_people
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.deposits import is_due, refundable_until
from shared.domain.errors import PortError
from shared.domain.models import Books, Job, JobStatus
from shared.domain.money import spoken

logger = logging.getLogger(__name__)

ASKS: Final = frozenset({"move", "to", "cancel", "sure", "call"})
SIGNED_WITH: Final = "STREAM_TOKEN_SECRET"
_STATES = {
    JobStatus.CANCELLED: "This visit was canceled.",
    JobStatus.RELEASED: "This visit was released, since its deposit was not paid.",
    JobStatus.COMPLETED: "This visit is done. Thank you.",
}


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """One visit as a request found it."""

    business: Business
    job: Job
    context: RequestContext

    @property
    def at(self) -> CallTime:
        return CallTime(now=self.context.now, real=self.context.real_now)

    def as_now(self, job: Job) -> "ShownVisit":
        """The same once it was changed."""
        return replace(self, job=job)


def show(job_id: str, context: RequestContext) -> Reply:
    """The page; 404 for a link that is none of ours."""
    try:
        visit = found(job_id, context)
        return unknown() if visit is None else page_of(visit)
    except PortError as exc:
        logger.error("visit not shown", extra={"job_id": job_id, "why": str(exc)})
        return later()


def found(job_id: str, context: RequestContext) -> ShownVisit | None:
    """Raises PortError."""
    job = context.ports.jobs.get(job_id) if JOB_ID.fullmatch(job_id) else None
    business = businesses.by_id(job.business_id) if job else None
    return None if job is None or business is None else ShownVisit(business, job, context)


def again(visit: ShownVisit) -> ShownVisit:
    """The visit read anew. Raises PortError."""
    return visit.as_now(visit.context.ports.jobs.get(visit.job.job_id) or visit.job)


def here(visit: ShownVisit) -> str:
    """The address of the page."""
    return f"{visit.context.public_url}/visit/{visit.job.job_id}"


def signed(visit: ShownVisit, what: str) -> str:
    """The signature of a form that asks for `what`. Raises PortError."""
    secret = visit.context.secret(SIGNED_WITH)[0]
    return visit_form.sign(secret, visit.job, what, visit.at.real)


def why_not(visit: ShownVisit) -> str | None:
    """Why a visit that stands is changed by a person alone; None where the page does it."""
    return left_to_people.why(visit.job, visit.at.now)


def later() -> Reply:
    """503: something we need did not answer."""
    return page(
        503,
        "Please try again in a minute",
        "Something did not answer just now. Look here again to see how your visit stands.",
        retry_after_s=RETRY_AFTER_S,
    )


def page_of(visit: ShownVisit, note: str = "", *, only_by_phone: bool = False) -> Reply:
    """The visit as it stands, and what can be done about it; `note` comes first. Raises
    PortError."""
    business, job, now = visit.business, visit.job, visit.at.now
    ports = visit.context.ports
    said = said_terms(
        business, job, ports.calls.get(job.call_sid), ports.turns.of(job.call_sid), now
    )
    stands = job.status is JobStatus.SCHEDULED
    sections = [Section("Your visit", tuple(_visit(business, job)))]
    if stands:
        sections.append(Section("What it costs", tuple(_costs(business, job, now))))
    if job.books is not None:
        sections.append(Section("Your bill", tuple(_bill(job.books))))
    if said is not None:
        sections.append(Section("What was said", tuple(_said(business, said))))
    forms, only_by_phone = _forms(visit, only_by_phone) if stands else ([], False)
    buttons = [*_pay(visit), *forms]
    notes = [_by_phone(visit)] if only_by_phone else []
    return document(
        200, f"{business.name}: your visit", sections, buttons, notes, first=note or None
    )


def _pay(visit: ShownVisit) -> Iterator[Button]:
    if is_due(visit.job):
        link = pay_link(visit.context.public_url, visit.job.job_id)
        yield Button(f"Pay the {spoken(visit.job.deposit)} deposit", link=link)


def _forms(visit: ShownVisit, only_by_phone: bool) -> tuple[list[Button], bool]:
    """What can be asked for here, and whether the visit itself is changed by phone alone. Where no
    form can be signed there is none."""
    only_by_phone = only_by_phone or why_not(visit) is not None
    wanted = (("call", "Ask the office to call me"),) if only_by_phone else _CHANGES
    try:
        return [_form(visit, what, words) for what, words in wanted], only_by_phone
    except PortError as exc:
        logger.error("form not signed", extra={"job_id": visit.job.job_id, "why": str(exc)})
        return [], True


_CHANGES = (("move", "Move it to another time"), ("cancel", "Cancel it"))


def _form(visit: ShownVisit, what: str, words: str) -> Button:
    return Button(words, post=here(visit), value=what, hidden=(("form", signed(visit, what)),))


def _by_phone(visit: ShownVisit) -> str:
    number = wording.number(visit.business.numbers[0])
    why = why_not(visit)
    return f"{f'{why} ' if why else ''}To move or cancel it, please call {number}."


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
