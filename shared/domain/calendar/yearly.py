"""Holidays of every year, as a business file writes them: a date, a rule or a name."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from shared.domain.calendar.spoken_dates.holidays import NAMED, nth_weekday

Rule = Callable[[int], date | None]  # of a year; None where it has no such day

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NTH = {
    **{word: n for n, word in enumerate(("first", "second", "third", "fourth", "fifth"), 1)},
    **{word: n for n, word in enumerate(("1st", "2nd", "3rd", "4th", "5th"), 1)},
    "last": -1,
}
_DAY = re.compile(rf"({'|'.join(_MONTHS)}) (\d{{1,2}})(?:st|nd|rd|th)?")
_WEEKDAY_OF = re.compile(
    rf"({'|'.join(_NTH)}) ({'|'.join(_WEEKDAYS)}) (?:of|in) ({'|'.join(_MONTHS)})"
)
_BESIDE = re.compile(r"(?:the )?day (after|before) (.+)")
LEAP_YEAR = 2024


def yearly(text: str) -> str:
    """The rule as it is written, where it is one.

    Raises:
        ValueError: it is none.
    """
    if rule_of(text) is None:
        raise ValueError(
            f"{text[:60]!r} is no day of every year: write 'December 25', "
            "'4th Thursday of November', 'Christmas' or 'day after Thanksgiving'"
        )
    return text


@lru_cache(maxsize=256)
def rule_of(text: str) -> Rule | None:
    """The rule that the words tell; None where they tell none."""
    plain = " ".join(text.casefold().replace(",", " ").replace("'", "").replace("’", "").split())
    plain = plain.removeprefix("the ")
    if beside := _BESIDE.fullmatch(plain):
        rule = rule_of(beside[2])
        return None if rule is None else _beside(rule, 1 if beside[1] == "after" else -1)
    if named := _DAY.fullmatch(plain):
        return _of_month(_MONTHS.index(named[1]) + 1, int(named[2]))
    if nth := _WEEKDAY_OF.fullmatch(plain):
        month, weekday = _MONTHS.index(nth[3]) + 1, _WEEKDAYS.index(nth[2])
        return lambda year: nth_weekday(year, month, weekday, _NTH[nth[1]])
    return next((rule for pattern, rule in NAMED if re.fullmatch(pattern, plain)), None)


def _of_month(month: int, day: int) -> Rule | None:
    try:
        date(LEAP_YEAR, month, day)
    except ValueError:
        return None

    def rule(year: int) -> date | None:
        try:
            return date(year, month, day)
        except ValueError:  # February 29th
            return None

    return rule


def _beside(rule: Rule, days: int) -> Rule:
    def beside(year: int) -> date | None:
        # The day before New Year's is of the year before: looked for from there.
        near = (rule(each) for each in (year - 1, year, year + 1))
        found = (day + timedelta(days=days) for day in near if day)
        return next((day for day in found if day.year == year), None)

    return beside


def falls_on(rules: tuple[str, ...], day: date) -> bool:
    """Whether one of the rules names that day."""
    return any((rule := rule_of(text)) is not None and rule(day.year) == day for text in rules)
