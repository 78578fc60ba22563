"""A day's visits by crew, as a dispatcher wants them; one visit with all that is known of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from services.operator.told.fit import Mask, clean
from services.operator.told.listing import NOTHING, table
from shared.adapters.dynamo.blocks import Held
from shared.domain.business import Business
from shared.domain.calendar.hours import DAY
from shared.domain.models import Books, Job, JobStatus, Payment
from shared.domain.money import Cents, spoken

HEAD = (
    *("crew", "time", "for", "job", "service", "status", "customer", "phone", "address"),
    *("estimate", "deposit"),
)
OFF = (JobStatus.CANCELLED, JobStatus.RELEASED)
HOUR = timedelta(hours=1)
# By crew: who holds which of its hours that day.
Hours = Mapping[str, Mapping[datetime, Held]]
# A time on the business's clock.
Local = Callable[[datetime], str]


def bounds(business: Business, day: date) -> tuple[datetime, datetime]:
    """The first and the last hour of a local day, in UTC."""
    begins = datetime.combine(day, time(), business.zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), business.zone).astimezone(UTC)
    return begins.replace(minute=0), ends - timedelta(minutes=1)


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
    shown = [job for job in jobs if not job.synthetic and (every or job.status not in OFF)]
    named = [*business.crews, *sorted({job.crew for job in shown} - set(business.crews))]
    lines = [
        line for crew in named for line in _of_crew(business, day, crew, shown, held, unmasked)
    ]
    count = sum(job.status not in OFF for job in shown)
    yield f"{business.id}, {day:%A %Y-%m-%d}: {count} {'visit' if count == 1 else 'visits'}"
    yield from table(lines, HEAD)


def _of_crew(
    business: Business,
    day: date,
    crew: str,
    jobs: Sequence[Job],
    held: Hours,
    unmasked: bool,
) -> Iterator[tuple[str, ...]]:
    # By when they begin; the columns of a job, or of a block.
    lines = [
        (job.window.start, _columns(business, job, unmasked)) for job in jobs if job.crew == crew
    ]
    lines += [
        (first, (clean(crew), _clock(business, first, last), NOTHING, f"blocked: {clean(reason)}"))
        for first, last, reason in _blocks(held.get(crew, {}))
    ]
    if not lines:
        lines = [(datetime.min.replace(tzinfo=UTC), (clean(crew), *_shift(business, day, crew)))]
    for _, line in sorted(lines, key=lambda each: each[0]):
        yield (*line, *[""] * (len(HEAD) - len(line)))


def _shift(business: Business, day: date, crew: str) -> tuple[str, str, str]:
    """Of a crew that has nothing to do: whether it works that day, and when."""
    terms = business.crew_terms(crew)
    hours = terms.works_on(day)
    if day in terms.days_off or (terms.hours is not None and hours is None):
        return NOTHING, NOTHING, "off"
    works = f"{_minute(hours.opens)}-{_minute(hours.closes)}" if hours else NOTHING
    return works, NOTHING, "free"


def _minute(minute: int) -> str:
    """As a clock shows it: 24:00 is the end of the day, and 01:00 may be the next one's."""
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02}:{minute % 60:02}"


def _blocks(held: Mapping[datetime, Held]) -> Iterator[tuple[datetime, datetime, str]]:
    """Hours on end that are blocked for one reason, as one span."""
    blocked = sorted((hour, each.reason) for hour, each in held.items() if each.is_block)
    span: tuple[datetime, datetime, str] | None = None
    for hour, reason in blocked:
        if span and span[1] == hour and span[2] == reason:
            span = (span[0], hour + HOUR, reason)
            continue
        if span:
            yield span
        span = (hour, hour + HOUR, reason)
    if span:
        yield span


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


def bill(books: Books) -> Iterator[tuple[str, str]]:
    """What a visit came to, and what is credited to it."""
    yield "bill", spoken(books.final)
    yield "credited", f"visit fee {spoken(books.visit_credited)}, which is part of the bill"
    yield "credited", f"deposit {spoken(books.deposit_credited)}"
    yield "left to pay", spoken(books.left_to_pay)
    if books.to_give_back:
        yield "give back", f"{spoken(books.to_give_back)} of the deposit: refund it in Stripe"


def _amount(job: Job, amount: Cents) -> str:
    return "the office confirms it" if job.covered is not None else spoken(amount)


def _payment(payment: Payment, local: Local) -> str:
    back = f", {spoken(payment.refunded)} given back" if payment.refunded else ""
    return f"{spoken(payment.amount)} {payment.status.value}{back}, {local(payment.at)}"


def _whether(confirmed: bool) -> str:
    return "" if confirmed else " (not confirmed)"
