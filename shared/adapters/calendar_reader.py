"""Reads the busy times out of an iCalendar text (RFC 5545), recurrences and their exceptions too.

A rule recurs by the wall clock of its own zone. Times without a zone, and whole days, are the
business's. What is cancelled or transparent keeps nobody busy.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from shared.domain.calendar.busy import Span
from shared.domain.errors import PortError

MOST_ENTRIES = 5_000
MOST_STEPS = 20_000  # of one rule: hourly for two years, daily for fifty
MOST_SPANS = 3_000
_DAY = timedelta(days=1)


class UnreadableCalendar(PortError):
    """What came is no calendar, or one without bounds. The message holds nothing of it."""


def busy_spans(text: str, *, zone: tzinfo, first: datetime, last: datetime, own: str) -> list[Span]:
    """The busy times between two moments, sorted. Entries whose UID ends with `own` are ours: the
    tables know them better.

    Raises:
        UnreadableCalendar: it cannot be read to its end.
    """
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        entries = [entry for calendar in calendars for entry in calendar.walk("VEVENT")]
        free_busy = [entry for calendar in calendars for entry in calendar.walk("VFREEBUSY")]
        if not calendars or len(entries) + len(free_busy) > MOST_ENTRIES:
            raise UnreadableCalendar("the calendar has no or too many entries")
        found = [*_of_events(entries, zone, first, last, own), *_of_free_busy(free_busy)]
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as exc:
        raise UnreadableCalendar(f"the calendar cannot be read: {type(exc).__name__}") from exc
    spans = sorted((start, end) for start, end in found if start < last and end > first)
    if len(spans) > MOST_SPANS:
        raise UnreadableCalendar("the calendar has too many busy times")
    return spans


def _of_events(
    entries: list[Any], zone: tzinfo, first: datetime, last: datetime, own: str
) -> Iterator[Span]:
    # Of a series, these occurrences stand elsewhere, by themselves.
    moved = {
        (str(entry.get("uid")), _moment(entry.decoded("recurrence-id"), zone))
        for entry in entries
        if "recurrence-id" in entry
    }
    for entry in entries:
        uid = str(entry.get("uid"))
        if uid.endswith(own) or not _keeps_busy(entry):
            continue
        length = _length(entry, zone)
        for start in _starts(entry, zone, first - length, last):
            if "recurrence-id" in entry or (uid, start) not in moved:
                yield start, start + length


def _keeps_busy(entry: Any) -> bool:
    status, transparency = str(entry.get("status")), str(entry.get("transp"))
    return status.upper() != "CANCELLED" and transparency.upper() != "TRANSPARENT"


def _of_free_busy(entries: Iterable[Any]) -> Iterator[Span]:
    for entry in entries:
        given = entry.get("freebusy", [])
        for periods in given if isinstance(given, list) else [given]:
            if str(periods.params.get("fbtype", "BUSY")).upper() == "FREE":
                continue
            for period in getattr(periods, "dts", [periods]):
                start, end = getattr(period, "dt", period)
                end = start + end if isinstance(end, timedelta) else end
                yield start.astimezone(UTC), end.astimezone(UTC)


def _starts(entry: Any, zone: tzinfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """When it takes place, in UTC, as far as it may matter."""
    given = entry.decoded("dtstart")
    begins = _moment(given, zone)
    if "recurrence-id" in entry or not ("rrule" in entry or "rdate" in entry):
        yield begins
        return
    without = {_moment(each, zone) for each in _dates(entry, "exdate")}
    extra = {_moment(each, zone) for each in _dates(entry, "rdate")}
    regular = set(_recurring(entry, given, zone, first, last)) if "rrule" in entry else {begins}
    yield from sorted((regular | extra) - without)


def _recurring(
    entry: Any, given: date, zone: tzinfo, first: datetime, last: datetime
) -> Iterator[datetime]:
    own_zone = given.tzinfo if isinstance(given, datetime) and given.tzinfo else zone
    wall = _wall(given, own_zone)
    rules = entry["rrule"] if isinstance(entry["rrule"], list) else [entry["rrule"]]
    for rule in rules:
        bounded = {**rule}
        if until := rule.get("UNTIL"):
            day = not isinstance(until[0], datetime)
            end = _wall(until[0], own_zone)
            bounded["UNTIL"] = [datetime.combine(end, time.max) if day else end]
        text = ";".join(f"{name}={_words(values)}" for name, values in bounded.items())
        for steps, at in enumerate(rrulestr(text, dtstart=wall)):
            if steps >= MOST_STEPS:
                raise UnreadableCalendar("an entry recurs without bounds")
            start = at.replace(tzinfo=own_zone).astimezone(UTC)
            if start >= last:
                break
            if start >= first:
                yield start


def _words(values: Any) -> str:
    several = values if isinstance(values, list) else [values]
    return ",".join(
        f"{each:%Y%m%dT%H%M%S}" if isinstance(each, datetime) else str(each) for each in several
    )


def _wall(given: date, zone: tzinfo) -> datetime:
    """The time on the wall of `zone`, without it."""
    if not isinstance(given, datetime):
        return datetime.combine(given, time())
    return (given.astimezone(zone) if given.tzinfo else given).replace(tzinfo=None)


def _moment(given: date, zone: tzinfo) -> datetime:
    """In UTC; what has no zone is of `zone`, a day is its midnight."""
    if not isinstance(given, datetime):
        given = datetime.combine(given, time())
    aware = given if given.tzinfo else given.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def _length(entry: Any, zone: tzinfo) -> timedelta:
    given = entry.decoded("dtstart")
    if "dtend" in entry:
        return max(_moment(entry.decoded("dtend"), zone) - _moment(given, zone), timedelta())
    if "duration" in entry:
        length: timedelta = entry.decoded("duration")
        return max(length, timedelta())
    return timedelta() if isinstance(given, datetime) else _DAY


def _dates(entry: Any, name: str) -> Iterator[date]:
    given = entry.get(name, [])
    for each in given if isinstance(given, list) else [given]:
        for value in each.dts:
            found = value.dt
            yield found[0] if isinstance(found, tuple) else found
