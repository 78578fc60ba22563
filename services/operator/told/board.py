"""A day's visits by crew, as a dispatcher wants them; one visit with all that is known of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from services.operator.told.fit import Mask, clean
from services.operator.told.listing import NOTHING, table
from shared.domain.business import Business
from shared.domain.models import Job, JobStatus, Payment
from shared.domain.money import Cents, spoken
from shared.office.crew_days import CrewDay, Hours, crew_days
from shared.office.visits import bill

HEAD = (
    *("crew", "time", "for", "job", "service", "status", "customer", "phone", "address"),
    *("estimate", "deposit"),
)
# A time on the business's clock.
Local = Callable[[datetime], str]


def board(
    business: Business,
    day: date,
    jobs: Sequence[Job],
    held: Hours,
    unmasked: bool,
    *,
    every: bool = False,
) -> Iterator[str]:
    """What each crew does on a local day. `every`: also what was called off."""
    crews = crew_days(business, day, jobs, held, every=every)
    lines = [line for each in crews for line in _of_crew(business, each, unmasked)]
    count = sum(each.visits for each in crews)
    yield f"{business.id}, {day:%A %Y-%m-%d}: {count} {'visit' if count == 1 else 'visits'}"
    yield from table(lines, HEAD)


def _of_crew(business: Business, day: CrewDay, unmasked: bool) -> Iterator[tuple[str, ...]]:
    for line in _lines(business, day, unmasked):
        yield (*line, *[""] * (len(HEAD) - len(line)))


def _lines(business: Business, day: CrewDay, unmasked: bool) -> Iterator[tuple[str, ...]]:
    crew = clean(day.crew)
    for entry in day.entries:
        if isinstance(entry, Job):
            yield _columns(business, entry, unmasked)
        else:
            blocked = f"blocked: {clean(entry.reason)}"
            yield crew, _clock(business, entry.first, entry.until), NOTHING, blocked
    if not day.entries:
        yield crew, day.works or NOTHING, NOTHING, "off" if day.is_off else "free"


def _columns(business: Business, job: Job, unmasked: bool) -> tuple[str, ...]:
    mask = mask_of(job, unmasked)
    return (
        clean(job.crew),
        _clock(business, job.window.start, job.window.end),
        f"{job.hours} h",
        clean(job.job_id),
        clean(job.service_type) + (" !" if job.is_emergency else ""),
        job.status.value,
        mask.text(job.customer_name),
        mask.number(job.phone.normalised),
        mask.text(job.address.normalised),
        spoken(job.books.final) if job.books else spoken(job.estimate),
        _deposit(job),
    )


def mask_of(job: Job, unmasked: bool) -> Mask:
    """Hides whose job it is."""
    known = (job.customer_name, job.address.raw, job.address.normalised, job.email or "")
    return Mask.of(known, off=unmasked)


def _clock(business: Business, first: datetime, last: datetime) -> str:
    return f"{business.local(first):%H:%M}-{business.local(last):%H:%M}"


def _deposit(job: Job) -> str:
    if not job.deposit:
        return NOTHING
    due = "due" if job.status is JobStatus.SCHEDULED else "not paid"
    return f"{spoken(job.deposit)} {'paid' if job.deposit_paid else due}"


def line(business: Business | None, job: Job, unmasked: bool) -> str:
    """One visit in one line."""
    start = business.local(job.window.start) if business else job.window.start
    mask = mask_of(job, unmasked)
    return (
        f"job {clean(job.job_id)}: {clean(job.service_type)}, {start:%a %Y-%m-%d %H:%M}, "
        f"{job.hours} h, {clean(job.crew)}, {mask.text(job.customer_name)} "
        f"{mask.number(job.phone.normalised)}, {job.status.value}"
    )


def whole(
    business: Business | None, job: Job, payments: Sequence[Payment], unmasked: bool
) -> Iterator[str]:
    """All that is known of one visit."""
    mask = mask_of(job, unmasked)

    def local(at: datetime) -> str:
        return f"{(business.local(at) if business else at):%a %Y-%m-%d %H:%M}"

    begins, ends = local(job.window.start), local(job.window.end)[-5:]
    rows: list[tuple[str, str]] = [
        ("job", clean(job.job_id)),
        ("business", clean(job.business_id)),
        ("status", job.status.value + (", a smoke call's" if job.synthetic else "")),
        ("window", f"{begins} to {ends}, {job.crew} is held for {job.hours} h"),
        ("service", clean(job.service_type) + (", an emergency" if job.is_emergency else "")),
        ("problem", mask.text(job.description)),
        ("customer", mask.text(job.customer_name)),
        ("phone", mask.number(job.phone.normalised) + _whether(job.phone.confirmed)),
        ("address", mask.text(job.address.normalised) + _whether(job.address.confirmed)),
        *((("e-mail", mask.text(job.email)),) if job.email else ()),
        *(("note", mask.text(note)) for note in job.notes),
        ("visit fee", _amount(job, job.visit_fee)),
        ("estimate", _amount(job, job.estimate)),
        ("deposit", _deposit(job)),
        *(("payment", _payment(each, local)) for each in payments),
        *_books(job, local),
        ("booked", f"{local(job.created_at)}, in call {clean(job.call_sid)}"),
        ("moved", f"{job.version} times"),
    ]
    width = max(len(name) for name, _ in rows)
    yield from (f"{name:<{width}}  {value}" for name, value in rows)


def _books(job: Job, local: Local) -> Iterator[tuple[str, str]]:
    if job.books is not None:
        yield "closed", local(job.books.at)
        yield from bill(job.books)


def _amount(job: Job, amount: Cents) -> str:
    return "the office confirms it" if job.covered is not None else spoken(amount)


def _payment(payment: Payment, local: Local) -> str:
    back = f", {spoken(payment.refunded)} given back" if payment.refunded else ""
    return f"{spoken(payment.amount)} {payment.status.value}{back}, {local(payment.at)}"


def _whether(confirmed: bool) -> str:
    return "" if confirmed else " (not confirmed)"
