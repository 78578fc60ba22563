"""What the office does to one visit: a note, another window, called off, its books closed.

Each says first what it would do, and does it with `apply` alone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.actions import books
from shared.actions.appointments import cancel as calling_off
from shared.actions.ports import JobChanged, Ports
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.calendar.scheduling import still_free
from shared.domain.call_time import CallTime
from shared.domain.errors import UnknownService, WindowTaken
from shared.domain.models import Books, Job, JobStatus, Slot, Window
from shared.domain.money import Cents, spoken
from shared.office.blocks import moment
from shared.office.cannot import CannotDo
from shared.tools.appointments.another_time import context_of, held_beside
from shared.tools.booking.move import as_agreed, at_window
from shared.tools.booking.move import move as put_elsewhere
from shared.tools.booking.reply import confirm
from shared.tools.context import ToolContext

CHANGED = "it was paid, moved, canceled or completed at this very moment: look again"
MOST_NOTE = 300
AHEAD = timedelta(days=60)


def note(ports: Ports, job: Job, text: str, *, apply: bool) -> Iterator[str]:
    """Add a note for the technician, once. Raises CannotDo."""
    if not text or len(text) > MOST_NOTE:
        raise CannotDo(f"a note has 1 to {MOST_NOTE} characters")
    if text in job.notes:
        raise CannotDo("that note is there already")
    if not apply:
        return
    try:
        ports.jobs.add_note(job.job_id, text)
    except LookupError as exc:
        raise CannotDo(CHANGED) from exc
    yield "noted; nobody was texted"


def cancel(
    ports: Ports, business: Business, job: Job, at: CallTime, *, apply: bool
) -> Iterator[str]:
    """Call it off, and give its hours back; customer, office and on-call are told. Raises
    CannotDo."""
    _stands(job)
    if not apply:
        refund = calling_off.gives_back(business, job, at.now)
        yield from _deposit(job, refund) if job.deposit_paid else ()
        return
    try:
        off = calling_off.cancel(ports, business, job, at)
    except JobChanged as exc:
        raise CannotDo(CHANGED) from exc
    yield f"canceled: its hours are free; the office is told, {_texted(off.texted == 'sent')}"
    if off.job.deposit_paid:
        yield from _deposit(off.job, off.asks_refund)


def _deposit(job: Job, refund: bool) -> Iterator[str]:
    due = "is to be refunded" if refund else "is past its refund"
    yield f"its deposit of {spoken(job.deposit)} {due}; a refund is made in Stripe, never here"


def _texted(was: bool) -> str:
    return "the customer was texted" if was else "the customer was not texted: call"


def complete(ports: Ports, job: Job, final: Cents, at: CallTime, *, apply: bool) -> Iterator[str]:
    """Close its books. Raises CannotDo."""
    _stands(job)
    if job.window.start > at.now:
        raise CannotDo("its window is still to come: it is completed once the work is done")
    closed = books.books_of(ports, job, final, at)
    yield from (f"{name}: {said}" for name, said in bill(closed))
    if not apply:
        return
    try:
        books.close_books(ports, job, final, at)
    except books.DepositJustPaid as exc:
        raise CannotDo("its deposit was paid a moment ago: look again in a minute") from exc
    except JobChanged as exc:
        raise CannotDo(CHANGED) from exc
    yield "completed: its books are closed, and its link takes no money"


def bill(closed: Books) -> Iterator[tuple[str, str]]:
    """What a visit came to, and what is credited to it."""
    yield "bill", spoken(closed.final)
    yield "credited", f"visit fee {spoken(closed.visit_credited)}, which is part of the bill"
    yield "credited", f"deposit {spoken(closed.deposit_credited)}"
    yield "left to pay", spoken(closed.left_to_pay)
    if closed.to_give_back:
        yield "give back", f"{spoken(closed.to_give_back)} of the deposit: refund it in Stripe"


def move(
    ports: Ports,
    business: Business,
    job: Job,
    to: str,
    crew: str | None,
    at: CallTime,
    *,
    public_url: str,
    apply: bool,
) -> Iterator[str]:
    """Put it at another window, with a crew that can do it; customer, office and on-call are told.

    The deposit that was paid stays; what is owed follows the new window's rate.

    Raises:
        CannotDo: it does not stand, no such window can be had, or it changed meanwhile.
    """
    _stands(job)
    start = moment(business, to, ends=False)
    _check(business, start, crew, at.now)
    context = context_of(ports, business, job, public_url)
    slot = _slot(context, job, start, at.now)
    able = slot.crews if slot else ()
    crews = tuple(each for each in able if crew in (None, each))
    if slot is None or not crews:
        who = f"{crew} cannot" if crew else "no crew can"
        free = f"; free: {', '.join(able)}" if able else ""
        raise CannotDo(f"{who} do {job.service_type} then, or is taken{free}")
    wanted = _wanted(context, job, slot)
    yield from _difference(business, job, wanted)
    if not apply:
        return
    try:
        kept = put_elsewhere(context, job, wanted, None, crews, at)
    except WindowTaken as exc:
        raise CannotDo("somebody else has just taken that window: look again") from exc
    except JobChanged as exc:
        raise CannotDo(CHANGED) from exc
    told = confirm(context, kept, job.estimate / 100, at).output["text_sent"]
    yield f"moved, with {kept.job.crew}; the office is told, {_texted(told is True)}"


def _stands(job: Job) -> None:
    if job.status is not JobStatus.SCHEDULED:
        raise CannotDo(f"it is {job.status.value} already")


def _check(business: Business, start: datetime, crew: str | None, now: datetime) -> None:
    if crew is not None and crew not in business.crews:
        known = ", ".join(business.crews)
        raise CannotDo(f"{business.id} has no crew {crew!r}; it has {known}")
    if start.minute:
        raise CannotDo("a window begins on a full hour")
    if start <= now:
        raise CannotDo("that window is past")
    if start > now + AHEAD:
        raise CannotDo(f"that window is more than {AHEAD.days} days ahead")


def _slot(context: ToolContext, job: Job, start: datetime, now: datetime) -> Slot | None:
    """The window from there on with those that can do it then; the job's own hours are free."""
    business, service = context.business, job.service_type
    held = held_beside(context, job, now, start.date())
    try:
        window = Window.at(start, business.window_hours)
        return still_free(business, held, window, service=service)
    except WindowTaken:
        return None


def _wanted(context: ToolContext, job: Job, slot: Slot) -> Job:
    try:
        return at_window(context, job, slot)
    except UnknownService:
        return as_agreed(context, job, slot)


def _difference(business: Business, was: Job, job: Job) -> Iterator[str]:
    yield f"from {wording.written(business, was.window)} to {wording.written(business, job.window)}"
    if was.estimate != job.estimate or was.visit_fee != job.visit_fee:
        yield (
            f"visit {spoken(was.visit_fee)} -> {spoken(job.visit_fee)}, estimate "
            f"{spoken(was.estimate)} -> {spoken(job.estimate)}: tell the customer first"
        )
    if was.deposit_paid:
        yield f"the deposit of {spoken(was.deposit)} is paid and stays"
    elif was.deposit != job.deposit:
        yield f"deposit {spoken(was.deposit)} -> {spoken(job.deposit)}"
