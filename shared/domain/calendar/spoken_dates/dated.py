"""Days named by the calendar: "the twentieth", "June 3rd", "the first Monday of June", holidays."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from shared.domain.calendar.spoken_dates.holidays import NAMED, coming, nth_weekday
from shared.domain.calendar.spoken_dates.names import FOLLOWS, MONTH, MONTHS, WEEKDAY, WEEKDAYS
from shared.domain.calendar.spoken_dates.periods import month_meant
from shared.domain.calendar.spoken_dates.spans import (
    ONE_DAY,
    Days,
    Now,
    Span,
    months_on,
    next_date,
    next_monthday,
    one,
)

Found = tuple[Days, int]
Read = Callable[[re.Match[str], Now], Days | Found | None]
Rule = tuple[re.Pattern[str], Read]


def compiled(*table: tuple[str, Read]) -> tuple[Rule, ...]:
    """Rules of a grammar: what matches, and how it is read; the first that reads it counts."""
    return tuple((re.compile(pattern), read) for pattern, read in table)


def dated(day: date) -> Days:
    return replace(one(day), dated=True)


def _nth_weekday(words: re.Match[str], now: Now) -> Days | None:
    """ "The first Monday of June": the next one, where no year can be meant."""
    nth = -1 if words["nth"] == "last" else int(words["nth"].removesuffix("th"))
    month = month_meant(words["month"] or "the month", now)
    if month is None:
        return None
    for ahead in (0, 12 if words["month"] in MONTHS else 1):
        first = months_on(month, ahead)
        day = nth_weekday(first.year, first.month, WEEKDAYS.index(words["weekday"]), nth)
        if day is not None and day >= now.today:
            return one(day)
    return None


def _month_day(words: re.Match[str], now: Now) -> Days | None:
    year = words["year"]
    number, month = int(words["day"]), MONTHS.index(words["month"]) + 1
    day = next_date(now.today, month, number, int(year) if year else None)
    return None if day is None else dated(day)


def _month_days(words: re.Match[str], now: Now) -> Days | None:
    """ "May 18 to 20"."""
    month = MONTHS.index(words["month"]) + 1
    last = next_date(now.today, month, int(words["last"]))
    if last is None or not 1 <= int(words["day"]) <= last.day:
        return None
    return Days((Span(last.replace(day=int(words["day"])), last),))


def _figures(words: re.Match[str], now: Now) -> Days | None:
    year = words["year"]
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    if not 1 <= int(words["month"]) <= 12:
        return None
    day = next_date(now.today, int(words["month"]), int(words["day"]), full)
    return None if day is None else dated(day)


def _nth_day(words: re.Match[str], now: Now) -> Days | None:
    number = int(words["day"])
    if words["month"]:
        month = month_meant(words["month"], now)
        if month is None or not 1 <= number <= 31:
            return None
        ahead = months_on(month, 1) if number < now.today.day and month <= now.today else month
        day = next_monthday(max(ahead, now.today), number)
    else:
        day = next_monthday(now.today, number)
    return None if day is None else replace(dated(day), monthday=None if words["month"] else number)


def _month_end(words: re.Match[str], now: Now) -> Days | None:
    month = month_meant(words["month"], now)
    return None if month is None else one(months_on(month, 1) - ONE_DAY)


def _holiday(words: re.Match[str], now: Now) -> Days | None:
    for pattern, rule in NAMED:
        if re.fullmatch(pattern, words["name"]):
            return dated(coming(rule, now.today))
    return None


_OF_MONTH = rf"(?P<month>(?:this|next|the following|the|each|every) month|{MONTH})"
_NAMES = "|".join(pattern for pattern, _ in NAMED)
_NAMED_DAY = rf"(?P<weekday>{WEEKDAY})"
_YEAR = r"(?:(?: ,)? (?P<year>20\d\d)\b)?"
DATED: tuple[Rule, ...] = compiled(
    (rf"(?:the )?(?P<nth>[1-5]th|last) {_NAMED_DAY} (?:of|in) {_OF_MONTH}\b", _nth_weekday),
    (rf"(?:the )?last day (?:of|in) {_OF_MONTH}\b", _month_end),
    (rf"(?:(?:this|next|the) )?(?P<name>{_NAMES})\b(?! (?:weekend|week)\b)", _holiday),
    (
        rf"(?P<month>{MONTH}) (?:the )?(?P<day>\d{{1,2}})(?:th)? (?:to|through|till|until) "
        r"(?:the )?(?P<last>\d{1,2})(?:th)?(?![\d:]| ?[ap]m\b| oclock)",
        _month_days,
    ),
    (
        rf"(?P<month>{MONTH}) (?:the )?(?P<day>\d{{1,2}})(?:th\b|(?![\d:])){_YEAR}(?! week)",
        _month_day,
    ),
    (
        rf"(?:the )?(?P<day>\d{{1,2}})(?:th)? (?:of |day of )?(?P<month>{MONTH})\b{_YEAR}(?! week)",
        _month_day,
    ),
    (r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", _figures),
    (
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\d/-])"
        r"(?! (?:inch|horse|hp|ton|bath|cup|mile|of))",
        _figures,
    ),
    (rf"(?:the )?(?P<day>\d{{1,2}})th(?: day)? (?:of|in) {_OF_MONTH}\b(?! week)", _nth_day),
    (rf"(?:the |on )?(?P<nth>[1-5]th) {_NAMED_DAY}(?P<month>)\b", _nth_weekday),
    # "Give me a second" and "at 4th and Main" are none.
    (
        rf"(?<!\ba )(?<!\b1 )(?<!\bat )(?<!\bmy )(?<!\d )(?:the )?(?P<day>\d{{1,2}})th"
        rf"(?P<month>)(?! available| open| free){FOLLOWS}",
        _nth_day,
    ),
    (rf"(?:on the|the|on) (?P<day>\d{{1,2}})(?P<month>)(?! oclock| am\b| pm\b){FOLLOWS}", _nth_day),
    # A number over ten with "the" before it needs less: few floors and streets have one.
    (
        r"the (?P<day>1[1-9]|2\d|3[01])th(?P<month>)\b(?! (?:floor|street|st|avenue|ave|time|unit|"
        r"house|call|year|one|1)\b)",
        _nth_day,
    ),
)
