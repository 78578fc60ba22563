"""Mentions of single days: "tomorrow", "next Friday", "the day after Labor Day"."""

import re
from dataclasses import replace
from datetime import date, timedelta

from shared.domain.calendar.spoken_dates.dated import DATED, Found, Rule, compiled
from shared.domain.calendar.spoken_dates.holidays import SUNDAY, business_days_after
from shared.domain.calendar.spoken_dates.names import (
    COUNT,
    MONTH,
    WEEKDAY,
    WEEKDAYS,
    count_of,
)
from shared.domain.calendar.spoken_dates.periods import period_at
from shared.domain.calendar.spoken_dates.spans import (
    ONE_DAY,
    Days,
    Now,
    Span,
    monday_of,
    months_on,
    narrowed,
    one,
    several,
    weekday_from,
)

_FURTHEST = 400  # days: what is later is no wish for a visit


def day_at(text: str, at: int, now: Now) -> Found | None:
    """The days that are named in plain `text` from `at` on, and where their words end."""
    for pattern, read in (*_BESIDE_OTHERS, *DATED, *_WEEKDAYS_ALONE):
        if (words := pattern.match(text, at)) and (found := read(words, now)) is not None:
            return found if isinstance(found, tuple) else (found, words.end())
    return period_at(text, at, now, day_at)


def moved(days: Days, by: timedelta) -> Days:
    """The same days, some days later."""
    return Days(
        tuple(Span(s.first + by, None if s.last is None else s.last + by) for s in days.spans)
    )


def _tomorrow(now: Now, further: int = 0) -> Days:
    days = [now.today + timedelta(days=1 + further)]
    # Who has not been to bed yet means the day that has begun.
    if now.small_hours:
        days.insert(0, days[0] - ONE_DAY)
    return several(*days)


def _beside(words: re.Match[str], now: Now) -> Found | None:
    """ "The day after Labor Day", "two days before the twentieth", "a week from Friday"."""
    step, unit = -1 if words["side"] == "before" else 1, words["unit"] or "day"
    count = count_of(words["count"] or "a")
    if re.match(r"now\b", words.string[words.end() :]):
        return _after(one(now.today), count, unit, words.end() + 3)
    found = day_at(words.string, words.end(), now)
    if found is None or not found[0].single or count > _FURTHEST:
        return None
    if step > 0:
        return _after(found[0], count, unit, found[1])
    days = count * (7 if unit.startswith("week") else 1)
    return moved(found[0], timedelta(days=-days)), found[1]


def _after(days: Days, count: int, unit: str, end: int) -> Found | None:
    counted = [_counted(span.first, count, unit) for span in days.spans]
    known = [day for day in counted if day is not None]
    return (several(*known), end) if known else None


def _counted(day: date, count: int, unit: str) -> date | None:
    if re.match(r"business|working|work |weekdays", unit):
        return business_days_after(day, count) if count <= 90 else None
    if unit.startswith("month"):
        return months_on(day, count) if count <= 12 else None
    days = count * (7 if unit.startswith("week") else 1)
    return day + timedelta(days=days) if days <= _FURTHEST else None


def _weekday_with_date(words: re.Match[str], now: Now) -> Found | None:
    """ "Tuesday, September 2nd" is one day, or asked about where it is no Tuesday."""
    found = day_at(words.string, words.end(), now)
    if found is None or not found[0].dated or not found[0].single:
        return None
    named = Days((), weekdays=(WEEKDAYS.index(words["weekday"]),))
    merged = narrowed(named, found[0], now)
    return None if merged is None else (replace(merged, dated=True), found[1])


def _in(words: re.Match[str], now: Now) -> Days | None:
    day = _counted(now.today, count_of(words["count"]), words["unit"])
    return None if day is None else one(day)


def _next(weekday: int, now: Now) -> Days:
    """The next week's, or that of this week where it lies ahead; on a Sunday both weeks to come
    are called the next one."""
    ahead = weekday_from(now.today + ONE_DAY, weekday)
    following = monday_of(now.today) + timedelta(days=7 + weekday)
    if now.today.weekday() == SUNDAY:
        return several(following, following + timedelta(days=7))
    return one(following) if following == ahead else several(ahead, following)


def _next_business_day(_: re.Match[str], now: Now) -> Days:
    return one(business_days_after(now.today, 1))


def _weekday(words: re.Match[str], now: Now) -> Days:
    """A weekday, asked about when it is named on itself."""
    weekday, how = WEEKDAYS.index(words["weekday"]), words["how"] or ""
    ahead = weekday_from(now.today + ONE_DAY, weekday)
    if how == "next":
        return replace(_next(weekday, now), of_week=True)
    if how in ("following", "coming", "upcoming", "this coming", "this upcoming"):
        return one(ahead)
    today = now.today.weekday() == weekday
    if how == "this":
        return one(now.today if today else ahead)
    if words["plural"] or how == "any":
        return Days((Span(ahead, ahead),), weekdays=(weekday,), plural=bool(words["plural"]))
    return replace(several(*([now.today] if today else []), ahead), weekdays=(weekday,))


def _after_next(words: re.Match[str], now: Now) -> Days:
    """ "The Tuesday after next": a week after whatever "next Tuesday" is."""
    return moved(_next(WEEKDAYS.index(words["weekday"]), now), timedelta(days=7))


def _week_after(words: re.Match[str], now: Now) -> Days:
    """ "Tuesday week", "a week Tuesday"."""
    weekday = WEEKDAYS.index(words["weekday"])
    return one(weekday_from(now.today + ONE_DAY, weekday) + timedelta(days=7))


def _weekday_beside(words: re.Match[str], now: Now) -> Found | None:
    """ "The Tuesday after Labor Day"."""
    found = day_at(words.string, words.end(), now)
    if found is None or not found[0].spans or found[0].weak:
        return None
    weekday, span = WEEKDAYS.index(words["weekday"]), found[0].spans[0]
    if words["side"] == "before":
        return one(weekday_from(span.first - timedelta(days=7), weekday)), found[1]
    return one(weekday_from((span.last or span.first) + ONE_DAY, weekday)), found[1]


_SHIFTED = Days((), shift=1)
_DAY_UNIT = r"(?:(?:business |working |work )?days?|weekdays)"
_NAMED_DAY = rf"(?P<weekday>{WEEKDAY})"
_BEFORE_WEEKDAY = "this coming|this upcoming|this|next|coming|upcoming|following|any"
_BESIDE_OTHERS: tuple[Rule, ...] = compiled(
    (r"(?:the )?day after tomorrow\b", lambda _, now: _tomorrow(now, 1)),
    (
        rf"(?:on )?{_NAMED_DAY}(?: ,)? (?:the )?(?=\d|{MONTH} )",
        _weekday_with_date,
    ),
    (r"tomorrow\b", lambda _, now: _tomorrow(now)),
    (r"(?:later |some time |any time )?today\b|this day\b", lambda _, now: one(now.today)),
    (
        rf"(?:(?P<count>{COUNT}) (?P<unit>{_DAY_UNIT}|weeks?|months?)|(?:the )?day) "
        rf"(?P<side>from|after|before) (?:the )?(?!next\b(?! (?:week|{WEEKDAY})))",
        _beside,
    ),
    (
        rf"in (?:about |another )?(?P<count>{COUNT})(?: more)? (?P<unit>{_DAY_UNIT}|weeks?|months?)"
        r"(?: time)?\b(?! old)(?: or so)?",
        _in,
    ),
    (
        r"(?P<count>\d{1,2}|a couple(?: of)?|a few) (?P<unit>(?:business|working|work) days?)\b"
        r"(?: out)?",
        _in,
    ),
    (rf"(?:the )?{_NAMED_DAY} after next\b(?! week)", _after_next),
    (rf"{_NAMED_DAY} week\b", _week_after),
    (rf"a week (?:on )?{_NAMED_DAY}\b", _week_after),
    (
        rf"(?:the )?{_NAMED_DAY} (?P<side>after|before|following) (?!next\b|this\b|work\b)",
        _weekday_beside,
    ),
)
_WEEKDAYS_ALONE: tuple[Rule, ...] = compiled(
    (rf"(?:the )?(?:(?P<how>{_BEFORE_WEEKDAY}) )?{_NAMED_DAY}(?P<plural>s)?\b", _weekday),
    (r"(?:the )?next (?:business|working|work) day\b", _next_business_day),
    (r"(?:the|that) (?:next|following) day\b|(?:the )?day after\b", lambda _, now: _SHIFTED),
    (
        r"(?:the )?(?:week after(?: that)?|following week)(?= [,.;?!]|$| (?:would|works?|is"
        r"|then|if)\b)",
        lambda _, now: replace(_SHIFTED, shift=7),
    ),
    (r"(?<=\bor )(?:the )?next(?: one)?(?= [,.;?!]|$)", lambda _, now: replace(_SHIFTED, shift=7)),
)
