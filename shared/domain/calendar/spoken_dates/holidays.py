"""The holidays that callers name, by rule, and the days that are no business days."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

MONDAY, TUESDAY, THURSDAY, SATURDAY, SUNDAY = 0, 1, 3, 5, 6


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth such weekday of a month; the last one for -1; None where there is no fifth."""
    days = calendar.monthrange(year, month)[1]
    found = [day for day in range(1, days + 1) if date(year, month, day).weekday() == weekday]
    if nth == -1:
        return date(year, month, found[-1])
    return date(year, month, found[nth - 1]) if 1 <= nth <= len(found) else None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus, Nature 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, drift = century // 4, (century + 8) // 25
    epact = (19 * golden + century - leap - (century - drift + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _on(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    # A fifth weekday is never asked for here, so there always is one.
    return lambda year: nth_weekday(year, month, weekday, nth) or date(year, month, 1)


def _from(rule: Callable[[int], date], days: int) -> Callable[[int], date]:
    return lambda year: rule(year) + timedelta(days=days)


_LABOR, _MEMORIAL, _THANKSGIVING = _nth(9, 0, 1), _nth(5, 0, -1), _nth(11, 3, 4)
_FEDERAL = (
    _on(1, 1), _nth(1, 0, 3), _nth(2, 0, 3), _MEMORIAL, _on(6, 19), _on(7, 4), _LABOR,
    _nth(10, 0, 2), _on(11, 11), _THANKSGIVING, _on(12, 25),
)  # fmt: skip
# As regular expressions over plain words, the longer ones first.
NAMED: tuple[tuple[str, Callable[[int], date]], ...] = (
    (r"new years? eve", _on(12, 31)),
    (r"new years?(?: day)?", _on(1, 1)),
    (r"(?:mlk|martin luther king(?: jr| junior)?) (?:day|holiday)", _nth(1, 0, 3)),
    (r"groundhog day", _on(2, 2)),
    (r"valentines?(?: day)?", _on(2, 14)),
    (r"(?:presidents?|president's|presidents') (?:day|holiday)|washington birthday", _nth(2, 0, 3)),
    (r"(?:st|saint) (?:patricks?|paddys?|pattys?)(?: day)?", _on(3, 17)),
    (r"april fools?(?: day)?", _on(4, 1)),
    (r"good friday", _from(easter, -2)),
    (r"palm sunday", _from(easter, -7)),
    (r"easter monday", _from(easter, 1)),
    (r"easter(?: sunday)?", easter),
    (r"cinco de mayo", _on(5, 5)),
    (r"mothers? day", _nth(5, 6, 2)),
    (r"memorial(?:s)? day", _MEMORIAL),
    (r"fathers? day", _nth(6, 6, 3)),
    (r"juneteenth", _on(6, 19)),
    (r"independence day|(?:the )?4th of july|july (?:the )?4(?:th)?(?= week)", _on(7, 4)),
    (r"labor days?", _LABOR),
    (r"columbus day|indigenous peoples? day", _nth(10, 0, 2)),
    (r"halloween", _on(10, 31)),
    (r"election day", _from(_nth(11, 0, 1), 1)),
    (r"veterans?'? day", _on(11, 11)),
    (r"thanksgiving(?: day)?(?! eve)", _THANKSGIVING),
    (r"thanksgiving eve", _from(_THANKSGIVING, -1)),
    (r"black friday", _from(_THANKSGIVING, 1)),
    (r"cyber monday", _from(_THANKSGIVING, 4)),
    (r"christmas eve", _on(12, 24)),
    (r"christmas(?: day)?", _on(12, 25)),
    (r"boxing day", _on(12, 26)),
)


def coming(rule: Callable[[int], date], today: date) -> date:
    """The next day of that rule, today included."""
    this_year = rule(today.year)
    return this_year if this_year >= today else rule(today.year + 1)


def is_business_day(day: date) -> bool:
    """Monday to Friday, but no federal holiday and no day on which one is observed."""
    if day.weekday() >= SATURDAY:
        return False
    # One on a Saturday is observed on the Friday before, one on a Sunday on the Monday after.
    for near in (day, day + timedelta(days=1), day - timedelta(days=1)):
        observed = near == day or (near.weekday(), day.weekday()) in ((5, 4), (6, 0))
        if observed and any(rule(near.year) == near for rule in _FEDERAL):
            return False
    return True


def business_days_after(day: date, count: int) -> date:
    """The `count`th business day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day
