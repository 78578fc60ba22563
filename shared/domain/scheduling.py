"""Which windows can be served: the business's grid, and one at once for an emergency.

Days are the business's local days; holds are UTC hours, so that a day of 23 or 25 hours never
makes two windows share an hour.
"""

from collections.abc import Iterator, Set
from datetime import UTC, date, datetime, time, timedelta

from shared.domain.business import Business
from shared.domain.errors import WindowNotOffered, WindowTaken
from shared.domain.models import Slot, Window

Hold = tuple[str, datetime]  # crew and UTC hour
HORIZON_DAYS = 14
HOUR = timedelta(hours=1)


def is_after_hours(business: Business, at: datetime) -> bool:
    """True at night, on a day the business is closed, and on its holidays."""
    local = business.local(at)
    hours = business.open_on(local.date())
    return hours is None or not hours[0] <= local.time() < hours[1]


def next_opening(business: Business, at: datetime) -> datetime:
    """When the office opens next, strictly after `at`.

    Raises:
        LookupError: it never opens within a year.
    """
    at = at.astimezone(UTC)
    today = business.local(at).date()
    for day in (today + timedelta(days=n) for n in range(366)):
        hours = business.open_on(day)
        if hours and (opens := datetime.combine(day, hours[0], business.zone)) > at:
            return opens
    raise LookupError(f"{business.id} never opens")


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
    is_emergency: bool,
    preferred_date: date | None = None,
    days: int = HORIZON_DAYS,
) -> list[Slot]:
    """Every free window, the emergency one first, then the grid's from `preferred_date` on."""
    first = _immediate(business, held, now) if is_emergency else None
    slots = [] if first is None else [first]
    for start in _grid(business, now, preferred_date, days):
        slot = _slot(business, held, start)
        if slot.crews and (first is None or slot.window != first.window):
            slots.append(slot)
    return slots


def find(
    business: Business, held: Set[Hold], now: datetime, start: datetime, *, is_emergency: bool
) -> Slot:
    """The free slot that starts at `start`.

    Raises:
        WindowTaken: it would be offered, but every crew is held.
        WindowNotOffered: it would never be offered.
    """
    for slot in offerable(business, held, now, is_emergency=is_emergency):
        if slot.window.start == start:
            return slot
    for slot in offerable(business, set(), now, is_emergency=is_emergency):
        if slot.window.start == start:
            raise WindowTaken(f"the window at {start.isoformat()} has just been taken")
    raise WindowNotOffered(f"{start.isoformat()} is not one of our windows")


def still_free(business: Business, held: Set[Hold], window: Window) -> Slot:
    """A window offered before, with the crews that are free in it now.

    Raises:
        WindowTaken: no crew is.
    """
    slot = _slot(business, held, window.start)
    if not slot.crews:
        raise WindowTaken(f"the window at {window.start.isoformat()} has just been taken")
    return slot


def _grid(
    business: Business, now: datetime, preferred: date | None, days: int
) -> Iterator[datetime]:
    """Starts of the business's own windows that can still be reached."""
    today = business.local(now).date()
    # In UTC: two datetimes of one zone would be compared, and added to, by the wall clock.
    soonest = now.astimezone(UTC) + timedelta(minutes=business.lead_minutes)
    for day in (max(preferred or today, today) + timedelta(days=n) for n in range(days)):
        hours = business.open_on(day)
        for hour in business.window_starts if hours else ():
            start = datetime.combine(day, time(hour), business.zone)
            end = business.local(start.astimezone(UTC) + 2 * HOUR)
            inside = hours is not None and hours[0] <= start.time() and _ends_by(end, day, hours[1])
            if inside and start >= soonest and _exists(start):
                yield start


def _ends_by(end: datetime, day: date, closes: time) -> bool:
    return end.date() == day and end.time() <= closes


def _exists(local: datetime) -> bool:
    """False for a wall time that the clocks skip in spring."""
    return local.astimezone(UTC).astimezone(local.tzinfo).time() == local.time()


def _immediate(business: Business, held: Set[Hold], now: datetime) -> Slot | None:
    """The first free window for an emergency within two days."""
    start = immediate_start(business, now)
    for _ in range(48):
        slot = _slot(business, held, start, immediate=True)
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
        return datetime.combine(start.date(), time(rules.earliest), business.zone)
    if start.hour > rules.latest:
        morrow = start.date() + timedelta(days=1)
        return datetime.combine(morrow, time(rules.earliest), business.zone)
    return start


def _slot(business: Business, held: Set[Hold], start: datetime, *, immediate: bool = False) -> Slot:
    window = Window.at(start)
    free = tuple(
        crew for crew in business.crews if not any((crew, hour) in held for hour in window.hours)
    )
    return Slot(
        window=window,
        after_hours=is_after_hours(business, start),
        immediate=immediate,
        crews=free,
    )
