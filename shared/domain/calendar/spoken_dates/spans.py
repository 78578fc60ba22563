"""Days as they are named, before the words around them have decided which are meant."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

ONE_DAY = timedelta(days=1)
SMALL_HOURS = 4  # before four in the morning, the day that was lived is still "today" to many


@dataclass(frozen=True, slots=True)
class Now:
    """The local time of the call."""

    at: datetime

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def small_hours(self) -> bool:
        return self.at.hour < SMALL_HOURS


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included; without an end where `last` is None."""

    first: date
    last: date | None

    @property
    def single(self) -> bool:
        return self.first == self.last

    def intersected(self, other: "Span") -> "Span | None":
        first = max(self.first, other.first)
        ends = [end for end in (self.last, other.last) if end is not None]
        last = min(ends, default=None)
        return None if last is not None and last < first else Span(first, last)


@dataclass(frozen=True, slots=True)
class Days:
    """Some days of one mention. More than one span: which of them is meant has to be asked.

    weekdays: the weekday that it was named by, or the two of a range, where a week or a date
        beside it may still decide which: "Tuesday", but not "next Tuesday".
    monthday: the same for a bare "the fifth" and the month beside it.
    bound: "after", "from", "before" or "by", where the spans are those of the day itself.
    shift: days after those named before it ("the day after").
    of_week: "next Tuesday", so that "or Thursday" behind it is of the same week.
    working: Monday to Friday only.
    weak: no day was named ("any time"), so that a named one decides.
    dated: named by its number in the month, so that a weekday beside it is a check.
    """

    spans: tuple[Span, ...]
    weekdays: tuple[int, ...] = ()
    monthday: int | None = None
    bound: str = ""
    shift: int = 0
    weak: bool = False
    plural: bool = False
    dated: bool = False
    of_week: bool = False
    working: bool = False

    @property
    def single(self) -> bool:
        return bool(self.spans) and all(span.single for span in self.spans)


def one(day: date) -> Days:
    return Days((Span(day, day),))


def several(*days: date) -> Days:
    return Days(tuple(Span(day, day) for day in days))


def spanning(first: date, last: date | None) -> Days:
    return Days((Span(first, last),))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    return Span(monday_of(day), monday_of(day) + timedelta(days=6))


def month_of(year: int, month: int) -> Span:
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def months_on(day: date, count: int) -> date:
    """The same day `count` months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def weekday_from(day: date, weekday: int) -> date:
    """The first such weekday on or after `day`."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def next_monthday(today: date, number: int) -> date | None:
    """The next day of that number, today included: months that lack it are passed over."""
    for ahead in range(13):
        first = months_on(today.replace(day=1), ahead)
        if number <= calendar.monthrange(first.year, first.month)[1]:
            day = first.replace(day=number)
            if day >= today:
                return day
    return None


def next_date(today: date, month: int, number: int, year: int | None = None) -> date | None:
    """The next such date, today included; None where the calendar has none."""
    years = range(today.year, today.year + 9) if year is None else (year,)
    for candidate in years:
        if 1 <= number <= calendar.monthrange(candidate, month)[1]:
            day = date(candidate, month, number)
            if day >= today or year is not None:
                return day
    return None


def bounded(days: Days, now: Now) -> tuple[Span, ...]:
    """The spans with the bound applied: "by Friday" is today to Friday."""
    match days.bound:
        case "after":
            return tuple(Span(s.last + ONE_DAY, None) for s in days.spans if s.last is not None)
        case "from":
            return tuple(Span(span.first, None) for span in days.spans)
        case "before":
            return tuple(Span(now.today, s.first - ONE_DAY) for s in days.spans)
        case "by":
            return tuple(Span(now.today, span.last) for span in days.spans)
    return days.spans


def narrowed(a: Days, b: Days, now: Now) -> Days | None:
    """One meaning for two mentions that stand together ("Tuesday" and "next week"), if any."""
    for free, fixed in ((a, b), (b, a)):
        if free.weekdays and (merged := _weekday_in(free, fixed, now)):
            return merged
        if free.monthday and not fixed.bound and (merged := _monthday_in(free, fixed)):
            return merged
    pairs = [x.intersected(y) for x in bounded(a, now) for y in bounded(b, now)]
    both = tuple(span for span in pairs if span is not None)
    return Days(both[:2], working=a.working or b.working) if both else None


def _weekday_in(free: Days, fixed: Days, now: Now) -> Days | None:
    """The weekday within a week, or the date that it was named for certainty."""
    if fixed.bound or fixed.weekdays == free.weekdays:
        return None
    if fixed.single:
        return _weekday_of_date(free, fixed)
    found = []
    for span in fixed.spans:
        first = weekday_from(max(span.first, now.today), free.weekdays[0])
        last = weekday_from(first, free.weekdays[-1])
        if span.last is None or last <= span.last:
            found.append(Span(first, last))
    if not found:
        return None
    within = replace(free, spans=tuple(found), weekdays=())
    if not free.bound:
        return within
    outer = Days(fixed.spans)
    return narrowed(within, outer, now)


def _weekday_of_date(free: Days, fixed: Days) -> Days | None:
    """ "Thursday the 20th": that date if it is a Thursday; else it, or the Thursday next to it."""
    if len(free.weekdays) > 1:
        return None
    dates = [span.first for span in fixed.spans]
    same = [day for day in dates if day.weekday() == free.weekdays[0]]
    if same:
        return replace(one(same[0]), bound=free.bound)
    earliest = dates[0] - timedelta(days=3)
    return replace(several(dates[0], weekday_from(earliest, free.weekdays[0])), bound=free.bound)


def _monthday_in(free: Days, fixed: Days) -> Days | None:
    """ "The fifth" and "next month"."""
    number = free.monthday or 0
    for span in fixed.spans:
        if span.last is None or (span.last - span.first).days < 6:
            continue
        day = span.first
        while day <= span.last and day.day != number:
            day += ONE_DAY
        if day <= span.last and span.first.month == day.month:
            return one(day)
    return None
