"""A caller's own words about when, resolved in the business's zone.

Weeks are Monday to Sunday. "Next Friday" is that of the next week, and is asked about while
another one lies ahead in this week, or on a Sunday; a weekday named on itself is asked about; after
midnight "tomorrow" has two readings. An hour alone is the one in which a visit at home is usual:
"four" is 16:00, "nine" is 9:00. What has passed is never meant.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from shared.domain.calendar.spoken_dates.clock import PARTS, Part
from shared.domain.calendar.spoken_dates.clocks import ClockTime, clock_of
from shared.domain.calendar.spoken_dates.groups import Group, Said, grouped
from shared.domain.calendar.spoken_dates.mentions import Mention, mentions
from shared.domain.calendar.spoken_dates.reading import Ambiguous, Reading
from shared.domain.calendar.spoken_dates.spans import ONE_DAY, Days, Now, Span, bounded, one
from shared.domain.calendar.spoken_dates.values import Instant
from shared.domain.calendar.spoken_dates.words import plain

_EVENING = 17  # from then on "in the morning" is tomorrow's
_WORK_BEGUN = 9  # from then on "first thing" is tomorrow's
_MOST_READINGS = 4
_WEEKEND = Days((), weekdays=(5, 6))


def resolve(text: str, now: datetime, zone: tzinfo) -> Reading | Ambiguous | None:
    """When `text` wants a visit; None where it names no day and no time that is still to come.

    now: the time of the call, aware. All of the answer is local time in `zone`.
    """
    call = Now(now.astimezone(zone))
    found = mentions(plain(text), call)
    refused = [mention for mention in found if mention.refused]
    groups = grouped(found, call)
    if not groups and refused:
        groups = [_anything_else(refused, call)]
    if len(groups) == 1 and groups[0].days is None:
        groups[0].days = _unnamed_day(groups[0].said, _times(refused), call)
    choices = [_readings(group, refused, call, zone) for group in groups]
    return _answer([choice for choice in choices if choice])


def _anything_else(refused: list[Mention], call: Now) -> Group:
    """What stands where only something was refused: "not on Friday"."""
    days = any(isinstance(mention.value, Days) for mention in refused)
    return Group(Days((Span(call.today, None),)) if days else None)


def _answer(choices: list[list[Reading]]) -> Reading | Ambiguous | None:
    if not choices:
        return None
    readings = [_chosen(choices, n) for n in range(max(len(choice) for choice in choices))]
    different = tuple(dict.fromkeys(readings))[:_MOST_READINGS]
    return different[0] if len(different) == 1 else Ambiguous(different)


def _chosen(choices: list[list[Reading]], n: int) -> Reading:
    """The nth reading of each choice, or its last, as one reading with others."""
    first, *others = dict.fromkeys(choice[min(n, len(choice) - 1)] for choice in choices)
    return replace(first, others=tuple(others))


def _readings(group: Group, refused: list[Mention], call: Now, zone: tzinfo) -> list[Reading]:
    """What one choice may mean: none where it has passed."""
    moment = next((said for said in group.said if isinstance(said, Instant)), None)
    if moment is not None:
        return [_of_moment(moment)]
    days, no_times = group.days, _times(refused)
    no_days = [_surely(m.value, days) for m in refused if isinstance(m.value, Days)]
    no_days += [_WEEKEND] if days is not None and days.working else []
    spans = [None] if days is None else list(bounded(days, call))
    found = []
    for span in spans:
        reading = _reading(span, group.said, no_times, call)
        if reading is not None and (reading := _without(reading, no_days)) is not None:
            found += _on_the_clock(reading, zone)
    return found


def _surely(refused: Days, wanted: Days | None) -> Days:
    """Of "not next Friday, this Friday" only the one that is not wanted is refused."""
    if len(refused.spans) < 2 or wanted is None or len(wanted.spans) != 1:
        return refused
    others = tuple(span for span in refused.spans if span not in wanted.spans)
    return replace(
        refused, spans=others, weekdays=() if others != refused.spans else refused.weekdays
    )


def _times(mentioned: list[Mention]) -> list[Said]:
    return [mention.value for mention in mentioned if not isinstance(mention.value, Days)]


def _of_moment(moment: Instant) -> Reading:
    day, at = moment.at.date(), moment.at.time()
    return Reading(day, day, at if moment.exact else None, at)


def _unnamed_day(said: list[Said], no_times: list[Said], call: Now) -> Days | None:
    """The day of "in the morning" in the night before it, and of "first thing"."""
    if call.small_hours:
        clock = clock_of(said, no_times, None)
        before_noon = clock is not None and clock.latest is not None and clock.latest <= time(12)
        return one(call.today) if before_noon else None
    if not any(isinstance(value, Part) and value.half == "am" for value in said):
        return None
    begun = _WORK_BEGUN if PARTS["first thing"] in said else _EVENING
    return one(call.today + ONE_DAY) if call.at.hour >= begun else None


def _reading(
    span: Span | None, said: list[Said], no_times: list[Said], call: Now
) -> Reading | None:
    today = span is not None and span.first <= call.today
    only_today = today and span is not None and span.last == call.today
    clock = clock_of(said, no_times, call.at.time() if only_today else None)
    if clock is None:
        return None
    if span is None:
        return None if clock == ClockTime() else _with(None, None, clock)
    first, last = max(span.first, call.today), span.last
    if today and clock.latest is not None and clock.latest <= call.at.time():
        first = call.today + ONE_DAY  # today's has passed
    return None if last is not None and last < first else _with(first, last, clock)


def _with(first: date | None, last: date | None, clock: ClockTime) -> Reading:
    return Reading(first, last, clock.earliest, clock.latest, clock.loose)


def _without(reading: Reading, days: list[Days]) -> Reading | None:
    """The reading without the days that were refused; None where no day is left."""
    if reading.first is None:
        return reading
    if reading.last is None:
        never = frozenset(weekday for value in days for weekday in _weekdays(value))
        dates = {day for value in days if not _weekdays(value) for day in _dates(value, reading)}
        reading = replace(reading, never_on=never, without=tuple(sorted(dates)))
    else:
        dates = {day for value in days for day in _dates(value, reading)}
        reading = replace(reading, without=tuple(sorted(dates)))
    return _trimmed(reading)


def _weekdays(days: Days) -> range | tuple[int, ...]:
    """The weekdays that are meant as such, on whatever date."""
    if days.working:
        return range(5)
    if days.weekdays:
        return range(days.weekdays[0], days.weekdays[-1] + 1)
    return (5, 6) if days.plural else ()  # "weekends"


def _dates(days: Days, reading: Reading) -> list[date]:
    """The dates of a reading that `days` names: the weekdays, or the very dates."""
    first, furthest = reading.first or date.min, timedelta(days=62)
    last = min(reading.last or first + furthest, first + furthest)
    weekdays = _weekdays(days)
    every = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    if weekdays:
        return [day for day in every if day.weekday() in weekdays]
    return [day for day in every if any(_holds(span, day) for span in days.spans)]


def _holds(span: Span, day: date) -> bool:
    return span.first <= day and (span.last is None or day <= span.last)


def _trimmed(reading: Reading) -> Reading | None:
    """A range that begins and ends with a day that will do."""
    first, last = reading.first, reading.last
    if first is None:
        return reading
    for _ in range(100):
        if (last is not None and last < first) or reading.allows(first):
            break
        first += ONE_DAY
    while last is not None and last >= first and not reading.allows(last):
        last -= ONE_DAY
    if last is not None and last < first:
        return None
    without = tuple(day for day in reading.without if first <= day and (not last or day <= last))
    return replace(reading, first=first, last=last, without=without)


def _on_the_clock(reading: Reading, zone: tzinfo) -> list[Reading]:
    """Two readings where the clock skips the time that was named: an hour before or after."""
    if reading.first is None or reading.earliest is None or not reading.exact:
        return [reading]
    said = datetime.combine(reading.first, reading.earliest, zone)
    if said.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == said.replace(tzinfo=None):
        return [reading]
    both = (said.replace(fold=fold).astimezone(UTC).astimezone(zone) for fold in (1, 0))
    return [_at(reading, moment.date(), moment.time()) for moment in both]


def _at(reading: Reading, day: date, at: time) -> Reading:
    return replace(reading, first=day, last=day, earliest=at, latest=at)
