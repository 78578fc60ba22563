"""A crew takes no job for a while: holiday, illness, a van in the shop. A day is a transaction.

Whatever ends it in between: asked for again it goes on from there, and can be taken back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from shared.actions.crew_blocks import Blocks, CrewBusy, Held
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.office.cannot import CannotDo

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=366)
MOST_REASON = 120
# The line of one job, by its id.
NameJob = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Blocking:
    """Which crew, from when until when (UTC), and the hours of each local day of it."""

    business: Business
    crew: str
    first: datetime
    until: datetime

    @property
    def hours(self) -> Sequence[datetime]:
        """The locks' hours: an hour that is blocked in part is blocked."""
        at, found = self.first.replace(minute=0, second=0, microsecond=0), []
        while at < self.until:
            found.append(at)
            at += HOUR
        return found

    def days(self, hours: Sequence[datetime]) -> list[tuple[date, list[datetime]]]:
        by_day = groupby(hours, lambda hour: self.business.local(hour).date())
        return [(day, list(each)) for day, each in by_day]

    @property
    def words(self) -> str:
        first, until = (self.business.local(at) for at in (self.first, self.until))
        return f"{self.crew}, {first:%a %Y-%m-%d %H:%M} to {until:%a %Y-%m-%d %H:%M}"


def blocking(business: Business, crew: str, since: str, until: str, now: datetime) -> Blocking:
    """What was asked for, on the business's clock. A date is a whole day, also as the end.

    Raises:
        CannotDo: there is no such crew, or that is no time to block.
    """
    if crew not in business.crews:
        known = ", ".join(business.crews)
        raise CannotDo(f"{business.id} has no crew {crew!r}; it has {known}")
    first = moment(business, since, ends=False)
    last = moment(business, until, ends=True)
    if last <= first:
        raise CannotDo(f"{until} is not after {since}")
    if last <= now:
        raise CannotDo(f"{until} is past")
    if last - first > LONGEST:
        raise CannotDo(f"at most {LONGEST.days} days at once")
    return Blocking(business, crew, first, last)


def moment(business: Business, text: str, *, ends: bool) -> datetime:
    """A date or a time of the business's clock, in UTC; a date that `ends` is its midnight.

    Raises:
        CannotDo: it is neither.
    """
    try:
        if len(text) == len("2025-08-29"):
            at = datetime.combine(date.fromisoformat(text) + timedelta(days=ends), time())
        else:
            at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.tzinfo is not None or not 2000 < at.year < 2100:
        raise CannotDo(f"a day like 2025-08-29 or a time like 2025-08-29T13:00 is wanted: {text}")
    return at.replace(tzinfo=business.zone).astimezone(UTC)


def block(
    blocks: Blocks, asked: Blocking, reason: str, named: NameJob, *, apply: bool
) -> Iterator[str]:
    """Hold the hours, unless a job is in the way: then each is named, and nothing is written.

    Raises:
        CannotDo: jobs are in the way, one came meanwhile, or the table did not answer.
    """
    held = _held(blocks, asked)
    yield from _refused_for(_jobs_of(held), named)
    new = [hour for hour in asked.hours if hour not in held]
    blocked = len(asked.hours) - len(new)
    yield f"{asked.words}: {len(new)} hours to block" + _besides(blocked)
    if not apply:
        return
    done: list[list[datetime]] = []
    days = asked.days(new)
    for day, hours in days:
        try:
            blocks.block(asked.business.id, asked.crew, hours, reason)
        except CrewBusy as exc:
            yield f"{day:%a %Y-%m-%d}: a job was booked at this very moment"
            for each in done:
                _undone(blocks, asked, each)
            yield from _refused_for(_jobs_of(_held(blocks, asked)), named)
            raise CannotDo("nothing was written: look again") from exc
        except PortError as exc:
            raise CannotDo(
                f"{exc}: {len(done)} of {len(days)} days are blocked; asked for again it goes on, "
                "or give the hours back"
            ) from exc
        done.append(hours)
        yield f"{day:%a %Y-%m-%d}: {len(hours)} hours blocked"
    yield "blocked: no job is offered then"


def unblock(blocks: Blocks, asked: Blocking, *, apply: bool) -> Iterator[str]:
    """Give the blocked hours back, whatever they were blocked for; jobs stay as they are.

    Raises:
        CannotDo: nothing is blocked then, or the table did not answer.
    """
    held = _held(blocks, asked)
    hours = [hour for hour in asked.hours if hour in held and held[hour].is_block]
    if not hours:
        raise CannotDo(f"{asked.words}: nothing is blocked then")
    yield f"{asked.words}: {len(hours)} blocked hours to give back"
    if not apply:
        return
    for day, each in asked.days(hours):
        _undone(blocks, asked, each)
        yield f"{day:%a %Y-%m-%d}: {len(each)} hours given back"


def _undone(blocks: Blocks, asked: Blocking, hours: Sequence[datetime]) -> None:
    try:
        blocks.free(asked.business.id, asked.crew, hours)
    except (PortError, CrewBusy) as exc:
        raise CannotDo(f"{exc}: some hours are still blocked; give them back once more") from exc


def _held(blocks: Blocks, asked: Blocking) -> dict[datetime, Held]:
    first, last = asked.hours[0], asked.hours[-1]
    try:
        return dict(blocks.held(asked.business.id, asked.crew, first, last))
    except PortError as exc:
        raise CannotDo(str(exc)) from exc


def _jobs_of(held: dict[datetime, Held]) -> list[str]:
    return list(dict.fromkeys(each.holder for _, each in sorted(held.items()) if not each.is_block))


def _refused_for(jobs: Sequence[str], named: NameJob) -> Iterator[str]:
    if not jobs:
        return
    for job_id in jobs:
        yield f"in the way: {named(job_id)}"
    raise CannotDo(
        f"{len(jobs)} {'job is' if len(jobs) == 1 else 'jobs are'} in the way, and nothing was "
        "written: move or cancel first"
    )


def _besides(blocked: int) -> str:
    return f"; {blocked} are blocked already" if blocked else ""
