"""What each crew does on a day of the business: its visits, what it is blocked for, its hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.actions.crew_blocks import Held
from shared.domain.business import Business
from shared.domain.calendar.hours import DAY
from shared.domain.models import Job, JobStatus

OFF = (JobStatus.CANCELLED, JobStatus.RELEASED)
HOUR = timedelta(hours=1)
# By crew: who holds which of its hours that day.
Hours = Mapping[str, Mapping[datetime, Held]]


@dataclass(frozen=True, slots=True)
class BlockedSpan:
    """Hours on end, in UTC, that are blocked for one reason."""

    first: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CrewDay:
    """One crew's day. `works` is its own hours, "07:00-15:00", or "" where it has none."""

    crew: str
    entries: tuple[Job | BlockedSpan, ...]  # by when they begin
    works: str
    is_off: bool

    @property
    def visits(self) -> int:
        """How many stand or were done."""
        return sum(isinstance(each, Job) and each.status not in OFF for each in self.entries)


def bounds(business: Business, day: date) -> tuple[datetime, datetime]:
    """The first and the last hour of a local day, in UTC."""
    begins = datetime.combine(day, time(), business.zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), business.zone).astimezone(UTC)
    return begins.replace(minute=0), ends - timedelta(minutes=1)


def crew_days(
    business: Business, day: date, jobs: Sequence[Job], held: Hours, *, every: bool = False
) -> list[CrewDay]:
    """The business's crews in their order, then those of visits that it has no more. A smoke call's
    visit is nobody's. `every`: also what was called off."""
    shown = [job for job in jobs if not job.synthetic and (every or job.status not in OFF)]
    names = [*business.crews, *sorted({job.crew for job in shown} - set(business.crews))]
    return [_crew_day(business, day, name, shown, held.get(name, {})) for name in names]


def _crew_day(
    business: Business, day: date, crew: str, jobs: Sequence[Job], held: Mapping[datetime, Held]
) -> CrewDay:
    entries: list[tuple[datetime, Job | BlockedSpan]] = [
        (job.window.start, job) for job in jobs if job.crew == crew
    ]
    entries += [(span.first, span) for span in _blocked(held)]
    terms = business.crew_terms(crew)
    hours = terms.works_on(day)
    is_off = day in terms.days_off or (terms.hours is not None and hours is None)
    works = f"{_minute(hours.opens)}-{_minute(hours.closes)}" if hours and not is_off else ""
    in_order = sorted(entries, key=lambda each: each[0])
    return CrewDay(crew, tuple(entry for _, entry in in_order), works, is_off)


def _minute(minute: int) -> str:
    """As a clock shows it: 24:00 is the end of the day, and 01:00 may be the next one's."""
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02}:{minute % 60:02}"


def _blocked(held: Mapping[datetime, Held]) -> Iterator[BlockedSpan]:
    """Hours on end that are blocked for one reason, as one span."""
    blocked = sorted((hour, each.reason) for hour, each in held.items() if each.is_block)
    span: BlockedSpan | None = None
    for hour, reason in blocked:
        if span and span.until == hour and span.reason == reason:
            span = BlockedSpan(span.first, hour + HOUR, reason)
            continue
        if span:
            yield span
        span = BlockedSpan(hour, hour + HOUR, reason)
    if span:
        yield span
