"""What the office does to one visit: a note, another window, called off, its books closed.

Each says first what it would do, and does it with `apply` alone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.operator.done.block import moment
from services.operator.told.board import bill
from services.operator.where.office import Office
from services.operator.where.trouble import CannotTell
from shared.actions import books
from shared.actions.appointments import cancel as calling_off
from shared.actions.ports import JobChanged
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.calendar.scheduling import still_free
from shared.domain.call_time import CallTime
from shared.domain.errors import UnknownService, WindowTaken
from shared.domain.models import Books, Job, JobStatus, Slot, Window
from shared.domain.money import Cents, spoken
from shared.tools.availability import held_windows
from shared.tools.booking.move import at_window, quote_there
from shared.tools.booking.move import move as put_elsewhere
from shared.tools.booking.reply import confirm
from shared.tools.context import Memory, ToolContext

CHANGED = "it was paid, moved, canceled or completed at this very moment: look again"
MOST_NOTE = 300
AHEAD = timedelta(days=60)


def note(office: Office, job: Job, text: str, *, apply: bool) -> Iterator[str]:
    """Add a note for the technician, once. Raises CannotTell."""
    if not text or len(text) > MOST_NOTE:
        raise CannotTell(f"a note has 1 to {MOST_NOTE} characters")
    if text in job.notes:
        raise CannotTell("that note is there already")
    if not apply:
        yield "nothing was changed: APPLY=1 (--apply) adds the note"
        return
    try:
        office.ports.jobs.add_note(job.job_id, text)
    except LookupError as exc:
        raise CannotTell(CHANGED) from exc
    yield "noted; nobody was texted"


def cancel(
    office: Office, business: Business, job: Job, at: CallTime, *, apply: bool
) -> Iterator[str]:
    """Call it off, and give its hours back; customer, office and on-call are told. Raises
    CannotTell."""
    _stands(job)
    if not apply:
        yield "nothing was changed: APPLY=1 (--apply) cancels it"
        return
    try:
        off = calling_off.cancel(office.ports, business, job, at)
    except JobChanged as exc:
        raise CannotTell(CHANGED) from exc
    yield f"canceled: its hours are free; the office is told, {_texted(off.texted == 'sent')}"
    if off.job.deposit_paid:
        due = "is to be refunded" if off.asks_refund else "is past its refund"
        deposit = f"its deposit of {spoken(off.job.deposit)}"
        yield f"{deposit} {due}; a refund is made in Stripe, never here"


def _texted(was: bool) -> str:
    return "the customer was texted" if was else "the customer was not texted: call"


def complete(office: Office, job: Job, final: Cents, at: CallTime, *, apply: bool) -> Iterator[str]:
    """Close its books. Raises CannotTell."""
    _stands(job)
    if job.window.start > at.now:
        raise CannotTell("its window is still to come: it is completed once the work is done")
    yield from _said(books.books_of(office.ports, job, final, at))
    if not apply:
        yield "nothing was changed: APPLY=1 (--apply) closes the books"
        return
    try:
        books.close_books(office.ports, job, final, at)
    except books.DepositJustPaid as exc:
        raise CannotTell("its deposit was paid a moment ago: look again in a minute") from exc
    except JobChanged as exc:
        raise CannotTell(CHANGED) from exc
    yield "completed: its books are closed, and its link takes no money"


def _said(closed: Books) -> Iterator[str]:
    yield from (f"{name}: {said}" for name, said in bill(closed))


def move(
    office: Office,
    business: Business,
    job: Job,
    to: str,
    crew: str | None,
    at: CallTime,
    *,
    apply: bool,
) -> Iterator[str]:
    """Put it at another window, with a crew that can do it; customer, office and on-call are told.

    The deposit that was paid stays; what is owed follows the new window's rate.

    Raises:
        CannotTell: it does not stand, no such window can be had, or it changed meanwhile.
    """
    _stands(job)
    start = moment(business, to, ends=False)
    _check(business, start, crew, at.now)
    context = ToolContext(
        business=business,
        call_sid=job.call_sid,
        caller=job.phone.normalised,
        ports=office.ports,
        public_url=office.public_url(),
        synthetic=job.synthetic,
        memory=Memory(),
    )
    slot = _slot(context, job, start, at.now)
    able = slot.crews if slot else ()
    crews = tuple(each for each in able if crew in (None, each))
    if slot is None or not crews:
        who = f"{crew} cannot" if crew else "no crew can"
        free = f"; free: {', '.join(able)}" if able else ""
        raise CannotTell(f"{who} do {job.service_type} then, or is taken{free}")
    wanted = _wanted(context, job, slot)
    yield from _difference(business, job, wanted)
    if not apply:
        yield "nothing was changed: APPLY=1 (--apply) moves it"
        return
    try:
        kept = put_elsewhere(context, job, wanted, None, crews, at)
    except WindowTaken as exc:
        raise CannotTell("somebody else has just taken that window: look again") from exc
    except JobChanged as exc:
        raise CannotTell(CHANGED) from exc
    told = confirm(context, kept, job.estimate / 100, at).output["text_sent"]
    yield f"moved, with {kept.job.crew}; the office is told, {_texted(told is True)}"


def _stands(job: Job) -> None:
    if job.status is not JobStatus.SCHEDULED:
        raise CannotTell(f"it is {job.status.value} already")


def _check(business: Business, start: datetime, crew: str | None, now: datetime) -> None:
    if crew is not None and crew not in business.crews:
        known = ", ".join(business.crews)
        raise CannotTell(f"{business.id} has no crew {crew!r}; it has {known}")
    if start.minute:
        raise CannotTell("a window begins on a full hour")
    if start <= now:
        raise CannotTell("that window is past")
    if start > now + AHEAD:
        raise CannotTell(f"that window is more than {AHEAD.days} days ahead")


def _slot(context: ToolContext, job: Job, start: datetime, now: datetime) -> Slot | None:
    """The window from there on with those that can do it then; the job's own hours are free."""
    business, service = context.business, job.service_type
    held = held_windows(context, now, service, start.date()) - set(job.holds)
    try:
        window = Window.at(start, business.window_hours)
        return still_free(business, held, window, service=service)
    except WindowTaken:
        return None


def _wanted(context: ToolContext, job: Job, slot: Slot) -> Job:
    try:
        quote = quote_there(context, job, slot)
    except UnknownService:
        quote = None
    return at_window(context, job, slot, quote)


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
