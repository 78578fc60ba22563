"""Which windows can be served: the business's grid, and one at once for an emergency.

Days are the business's local days; holds are UTC hours, so that a day of 23 or 25 hours never
makes two windows share an hour.
"""

from collections.abc import Callable, Iterator, Set
from datetime import UTC, date, datetime, time, timedelta

from shared.domain.business import Business
from shared.domain.calendar.hours import DAY, OpenHours
from shared.domain.crews import Work
from shared.domain.errors import WindowNotOffered, WindowTaken
from shared.domain.fields import DAYS
from shared.domain.models import Hold, Slot, Window
from shared.domain.topics import Topic

HORIZON_DAYS = 14
# The hours that begin on a date: the business's, or one crew's.
OpenOn = Callable[[date], OpenHours | None]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def is_after_hours(business: Business, at: datetime) -> bool:
    """True outside the hours of the file, read by the local clock, and on holidays."""
    return _minutes_open(business.open_on, business.local(at)) == 0


def is_there(business: Business, topic: Topic, at: datetime) -> bool:
    """Whether somebody is there for a topic: by the business's hours, its own, or always."""
    if topic.hours == "always":
        return True
    if topic.hours == "office":
        return not is_after_hours(business, at)
    own = topic.hours
    return (
        _minutes_open(
            lambda day: None if business.is_holiday(day) else own.get(DAYS[day.weekday()]),
            business.local(at),
        )
        > 0
    )


def _minutes_open(open_on: OpenOn, local: datetime, *, breaks: bool = False) -> int:
    """For how many minutes of the wall clock the hours go on; 0 outside of them. `breaks`: or
    until the next break, and 0 in one."""
    minute, today = local.hour * 60 + local.minute, local.date()
    hours = open_on(today)
    if hours is None or not hours.opens <= minute < hours.closes:
        # Hours over midnight are still those of the day before, also when today is a holiday.
        hours, minute = open_on(today - timedelta(days=1)), minute + DAY
    if hours is None or minute >= hours.closes:
        return 0
    return hours.until_break(minute) if breaks else hours.closes - minute


def next_opening(business: Business, at: datetime) -> datetime:
    """When the office opens next, strictly after `at`.

    Raises:
        LookupError: it never opens within a year.
    """
    at = at.astimezone(UTC)
    today = business.local(at).date()
    for day in (today + timedelta(days=n) for n in range(366)):
        hours = business.open_on(day)
        for opens in _begins(business, day, hours.opens) if hours else ():
            if opens > at:
                return business.local(opens)
    raise LookupError(f"{business.id} never opens")


def _begins(business: Business, day: date, minute: int) -> list[datetime]:
    """When hours that begin at a minute of a local day begin, in UTC: usually once.

    On two days of the year the clock on the wall shows a minute twice, or never:

        spring   01:59 -> 03:00         hours from 02:30 begin at 03:00, if they last until then
        autumn   01:59 -> 01:00 again   hours from 01:30 begin twice: by the wall they are over
                                        while it shows 01:00 to 01:30 once more
    """
    wall = time(minute // 60, minute % 60)
    first, again = (
        datetime.combine(day, wall.replace(fold=fold), business.zone).astimezone(UTC)
        for fold in (0, 1)
    )
    if first == again:
        return [first]
    if first < again:  # shown twice
        return [first, again] if is_after_hours(business, again - MINUTE) else [first]
    # Never shown: `again` is before the gap, `first` is behind it.
    before = business.local(again).utcoffset()
    while business.local(again).utcoffset() == before:
        again += MINUTE
    return [] if is_after_hours(business, again) else [again]


def texting_at(business: Business, at: datetime) -> datetime:
    """The first moment from `at` on at which a customer may be texted: by day, local time."""
    local, policy = business.local(at), business.policy
    if policy.texts_from <= local.hour < policy.texts_until:
        return at
    later = local.date() + timedelta(days=local.hour >= policy.texts_until)
    return datetime.combine(later, time(policy.texts_from), business.zone)


def immediate_start(business: Business, now: datetime) -> datetime:
    """When the emergency window taken now would start: now + lead, up to the full hour."""
    lead = timedelta(minutes=business.emergency.lead_minutes)
    return _within_day(business, _up_to_hour(business.local(now.astimezone(UTC) + lead)))


def offerable(
    business: Business,
    held: Set[Hold],
    now: datetime,
    *,
    service: str,
    is_emergency: bool,
    preferred_date: date | None = None,
    days: int = HORIZON_DAYS,
) -> list[Slot]:
    """Every window in which a crew can do the service, the emergency one first, then the grid's
    from `preferred_date` on."""
    work = business.work(service)
    first = _immediate(business, held, now, work) if is_emergency else None
    slots = [] if first is None else [first]
    for start in _grid(business, now, preferred_date, days):
        slot = _slot(business, held, start, work)
        if slot.crews and (first is None or slot.window != first.window):
            slots.append(slot)
    return slots


def find(
    business: Business,
    held: Set[Hold],
    now: datetime,
    start: datetime,
    *,
    service: str,
    is_emergency: bool,
) -> Slot:
    """The free slot that starts at `start`.

    Raises:
        WindowTaken: it would be offered, but every crew that can do it is held.
        WindowNotOffered: it is past, or would never be offered.
    """
    if start <= now:
        today = business.local(now)
        raise WindowNotOffered(
            f"{start.isoformat()} is past; today is {today:%A} {today.date()}. "
            "Offer one of these windows instead."
        )
    for slot in offerable(business, held, now, service=service, is_emergency=is_emergency):
        if slot.window.start == start:
            return slot
    for slot in offerable(business, set(), now, service=service, is_emergency=is_emergency):
        if slot.window.start == start:
            raise WindowTaken(f"the window at {start.isoformat()} has just been taken")
    raise WindowNotOffered(f"{start.isoformat()} is not one of our windows")


def still_free(business: Business, held: Set[Hold], window: Window, *, service: str) -> Slot:
    """A window offered before, with the crews that can do the service in it now.

    Raises:
        WindowTaken: no crew is.
    """
    slot = _slot(business, held, window.start, business.work(service))
    if not slot.crews:
        raise WindowTaken(f"the window at {window.start.isoformat()} has just been taken")
    return slot


def offers(business: Business, start: datetime) -> bool:
    """Whether a window of its grid from there on lies within its hours of the week, holidays and
    all else left aside."""
    weekly = business.model_copy(update={"holidays": (), "yearly_holidays": ()})
    return _exists(start) and _open_throughout(weekly, start)


def _grid(
    business: Business, now: datetime, preferred: date | None, days: int
) -> Iterator[datetime]:
    """Starts of the business's own windows that can still be reached."""
    today = business.local(now).date()
    # In UTC: two datetimes of one zone would be compared, and added to, by the wall clock.
    soonest = now.astimezone(UTC) + timedelta(minutes=business.lead_minutes)
    for day in (max(preferred or today, today) + timedelta(days=n) for n in range(days)):
        for hour in business.starts_on(day):
            start = datetime.combine(day, time(hour), business.zone)
            if start >= soonest and _exists(start) and _open_throughout(business, start):
                yield start


def _open_throughout(
    business: Business,
    start: datetime,
    open_on: OpenOn | None = None,
    minutes: int | None = None,
) -> bool:
    """Whether every minute from `start` on, of the window if not told otherwise, is within hours:
    the business's, or those of `open_on`.

    It goes from one half hour to the next, because the clocks change at no other time, and
    because one day's hours may end where the next day's begin.
    """
    at = start.astimezone(UTC)
    left = 60 * business.window_hours if minutes is None else minutes
    while left > 0:
        stays_open = _minutes_open(open_on or business.open_on, business.local(at), breaks=True)
        if not stays_open:
            return False
        step = min(stays_open, 30 - at.minute % 30)
        at, left = at + timedelta(minutes=step), left - step
    return True


def _on(business: Business, day: date, minute: int) -> datetime:
    """A minute of a local day; one that the clocks skip in spring is the same moment, later."""
    start = datetime.combine(day, time(minute // 60, minute % 60), business.zone)
    return business.local(start.astimezone(UTC))


def _exists(local: datetime) -> bool:
    """False for a wall time that the clocks skip in spring."""
    return local.astimezone(UTC).astimezone(local.tzinfo).time() == local.time()


def _immediate(business: Business, held: Set[Hold], now: datetime, work: Work) -> Slot | None:
    """The first free window for an emergency within two days."""
    start = immediate_start(business, now)
    for _ in range(48):
        slot = _slot(business, held, start, work, immediate=True)
        if slot.crews:
            return slot
        start = _within_day(business, business.local(start.astimezone(UTC) + HOUR))
    return None


def _up_to_hour(at: datetime) -> datetime:
    floor = at.replace(minute=0, second=0, microsecond=0)
    if floor == at:
        return at
    return (floor.astimezone(UTC) + HOUR).astimezone(at.tzinfo)


def _within_day(business: Business, start: datetime) -> datetime:
    """`start`, or the next moment an emergency window may start."""
    rules = business.emergency
    if start.hour < rules.earliest:
        return _on(business, start.date(), rules.earliest * 60)
    if start.hour > rules.latest:
        tomorrow = start.date() + timedelta(days=1)
        return _on(business, tomorrow, rules.earliest * 60)
    return start


def _slot(
    business: Business,
    held: Set[Hold],
    start: datetime,
    work: Work,
    *,
    immediate: bool = False,
) -> Slot:
    return Slot(
        window=Window.at(start, business.window_hours),
        after_hours=is_after_hours(business, start),
        immediate=immediate,
        crews=tuple(crew for crew in business.crews if _can(business, held, crew, start, work)),
    )


def _can(business: Business, held: Set[Hold], crew: str, start: datetime, work: Work) -> bool:
    """Whether a crew does that work, works then, and is free all the while."""
    terms, first = business.crew_terms(crew), start.astimezone(UTC)
    if not terms.does(work.trade):
        return False
    if any((crew, first + n * HOUR) in held for n in range(work.hours)):
        return False
    ends = first + work.hours * HOUR - MINUTE
    days = {business.local(at).date() for at in (first, ends)}
    if days & set(terms.days_off):
        return False
    return terms.hours is None or _open_throughout(business, start, terms.works_on, 60 * work.hours)
