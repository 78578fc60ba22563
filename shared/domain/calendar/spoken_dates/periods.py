"""Mentions of weeks, weekends and months, and of parts of them."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from shared.domain.calendar.spoken_dates.holidays import NAMED, coming, nth_weekday
from shared.domain.calendar.spoken_dates.names import COUNT, MONTH, MONTHS, count_of
from shared.domain.calendar.spoken_dates.spans import (
    ONE_DAY,
    Days,
    Now,
    Span,
    monday_of,
    month_of,
    months_on,
    spanning,
    week_of,
)

Found = tuple[Days, int]
DayAt = Callable[[str, int, Now], "Found | None"]
_WEEK = timedelta(days=7)
_NEXT = ("next", "following", "the following", "coming", "this coming", "the coming")
EARLY, MIDDLE, LATE = "early", "middle", "late"


def period_at(text: str, at: int, now: Now, day_at: DayAt) -> Found | None:
    """The week, weekend or month that plain `text` names from `at` on; `day_at` reads the day in
    "the week of the eighteenth"."""
    if words := _EDGE.match(text, at):
        month = _ANY_MONTH.match(text, words.end())
        whole = _month(month, now) if month else None
        found = (whole, month.end()) if month and whole else None
        found = found or _whole_at(text, words.end(), now, day_at)
        if found is not None:
            return _edge(found[0], _edge_of(words[0]), now), found[1]
    if words := _WITHIN.match(text, at):
        return _within(words, now), words.end()
    if words := _NTH_WEEKEND.match(text, at):
        return _nth_weekend(words, now), words.end()
    if words := _NTH_WEEK.match(text, at):
        return _nth_week(words, now), words.end()
    return _whole_at(text, at, now, day_at)


def month_meant(words: str, now: Now) -> date | None:
    """The first of "next month", "the month" or "June"."""
    first = now.today.replace(day=1)
    if words in MONTHS:
        month = MONTHS.index(words) + 1
        return date(first.year + (month < first.month), month, 1)
    ahead = 2 if "after next" in words else 1 if re.match("next|the following", words) else 0
    return months_on(first, ahead)


def _whole_at(text: str, at: int, now: Now, day_at: DayAt) -> Found | None:
    if words := _BESIDE.match(text, at):
        found = day_at(text, words.end(), now)
        if found is not None and found[0].spans and not found[0].weak:
            return _beside(words, found[0].spans[0]), found[1]
    for pattern, read in _WHOLE:
        if (words := pattern.match(text, at)) and (days := read(words, now)) is not None:
            return days, words.end()
    return None


def _beside(words: re.Match[str], named: Span) -> Days:
    """ "The week of the 18th", "the weekend after Thanksgiving"."""
    week = week_of(named.first)
    steps = {"before": -1, "after": 1, "following": 1}.get(words["side"], 0)
    if words["what"] == "week":
        return spanning(week.first + steps * _WEEK, week.first + steps * _WEEK + 6 * ONE_DAY)
    saturday = week.first + 5 * ONE_DAY
    if steps < 0 and named.first <= saturday + ONE_DAY:
        saturday -= _WEEK
    if steps > 0 and named.first >= saturday:
        saturday += _WEEK
    return spanning(saturday, saturday + ONE_DAY)


def _week(words: re.Match[str], now: Now) -> Days | None:
    """Monday to Sunday, from today on in this one; a bare "week" is none."""
    monday, which = monday_of(now.today), words["which"] or ""
    if words["next"] or which in _NEXT:
        first = monday + _WEEK * (2 if words["next"] else 1)
        return spanning(first, first + 6 * ONE_DAY)
    if not which and not words["rest"]:
        return None
    # On a Sunday "this week" is the one that is about to begin.
    sunday_call = now.today.weekday() == 6
    return spanning(now.today, monday + (12 if sunday_call else 6) * ONE_DAY)


def _weekend(words: re.Match[str], now: Now) -> Days:
    """Saturday and Sunday; "next" is asked about while this week's lies ahead."""
    saturday = monday_of(now.today) + 5 * ONE_DAY
    spans = [Span(saturday + n * _WEEK, saturday + n * _WEEK + ONE_DAY) for n in range(3)]
    if words["next"]:
        return Days((spans[2],) if now.today >= saturday else tuple(spans[1:]))
    which = words["which"] or ""
    if which == "next":
        return Days((spans[1],) if now.today >= saturday else tuple(spans[:2]))
    if which in ("following", "coming", "this coming", "upcoming") and now.today >= saturday:
        return Days((spans[1],))
    span = Span(max(saturday, now.today), saturday + ONE_DAY)
    return Days((span,), plural=not which)


def _month(words: re.Match[str], now: Now) -> Days | None:
    first = month_meant(words["month"], now)
    if first is None:
        return None
    span = month_of(first.year, first.month)
    return spanning(max(span.first, now.today), span.last)


def _holiday_weekend(words: re.Match[str], now: Now) -> Days | None:
    for pattern, rule in NAMED:
        if re.fullmatch(pattern, words["name"]):
            day = coming(rule, now.today)
            if words["what"] == "week":
                return Days((week_of(day),))
            return Days((_long_weekend(day),))
    return None


def _long_weekend(day: date) -> Span:
    """The weekend at a holiday, with the holiday, and its observed day, where it adjoins."""
    saturday = monday_of(day) + 5 * ONE_DAY
    match day.weekday():
        case 0:
            return Span(day - 2 * ONE_DAY, day)
        case 1 | 2:
            return Span(day, day)
        case 3:
            return Span(day, saturday + ONE_DAY)
        case 6:
            return Span(saturday, day + ONE_DAY)
    return Span(saturday - ONE_DAY, saturday + ONE_DAY)


def _within(words: re.Match[str], now: Now) -> Days:
    count, unit = 1 if words["count"] == "the" else count_of(words["count"]), words["unit"]
    days = count * (7 if unit.startswith("week") else 31 if unit.startswith("month") else 1)
    return spanning(now.today, now.today + timedelta(days=min(days, 366)))


def _nth_week(words: re.Match[str], now: Now) -> Days:
    """ "The first week of June": seven days from the first on; the last seven for "last"."""
    first = month_meant(words["month"], now) or now.today
    whole = month_of(first.year, first.month)
    if words["nth"] == "last":
        return spanning(months_on(whole.first, 1) - _WEEK, whole.last)
    start = whole.first + (int(words["nth"][0]) - 1) * _WEEK
    return spanning(start, start + 6 * ONE_DAY)


def _nth_weekend(words: re.Match[str], now: Now) -> Days:
    """ "The first weekend in June": that of the first Saturday."""
    month = month_meant(words["month"], now) or now.today
    nth = -1 if words["nth"] == "last" else int(words["nth"][0])
    saturday = nth_weekday(month.year, month.month, 5, nth) or month
    return spanning(saturday, saturday + ONE_DAY)


def _edge_of(words: str) -> str:
    if re.search("mid", words):
        return MIDDLE
    return LATE if re.search("late|end|last|back|rest|second", words) else EARLY


def _edge(days: Days, edge: str, now: Now) -> Days:
    """The beginning, the middle or the end of a week or month."""
    spans = []
    for span in days.spans:
        whole = _all_of(span)
        part = _part(whole, edge)
        if part.last is not None and part.last < now.today:
            following = months_on(whole.first, 1)
            part = _part(month_of(following.year, following.month), edge)
        spans.append(part)
    return Days(tuple(spans))


def _all_of(span: Span) -> Span:
    """The whole week or month of a span that today has shortened."""
    if span.last is None or (span.last - span.first).days > 7 or span.last.weekday() != 6:
        return month_of(span.first.year, span.first.month)
    return week_of(span.first)


def _part(whole: Span, edge: str) -> Span:
    first, last = whole.first, whole.last or whole.first
    if (last - first).days == 6:  # the five working days: two, one and two
        start, end = {EARLY: (0, 1), MIDDLE: (2, 2), LATE: (3, 4)}[edge]
        return Span(first + start * ONE_DAY, first + end * ONE_DAY)
    return {
        EARLY: Span(first, first + 6 * ONE_DAY),
        MIDDLE: Span(first + 10 * ONE_DAY, first + 19 * ONE_DAY),
        LATE: Span(last - 6 * ONE_DAY, last),
    }[edge]


def _any(_: re.Match[str], now: Now) -> Days:
    return Days((Span(now.today, None),), weak=True)


def _working(_: re.Match[str], now: Now) -> Days:
    return Days((Span(now.today, None),), working=True)


_NAMES = "|".join(pattern for pattern, _ in NAMED)
_MONTHS = rf"(?:(?:this|next|the following|the) month(?: after next)?|{MONTH})"
_EDGE = re.compile(
    r"(?:in the |towards? the |at the |around the |the )?(?:"
    r"(?:very )?(?:early|beginning|start|1th part|1th half|middle|mid|late|end|tail end|back half|"
    r"2th half|latter part|last part)(?: of| in| on)?|mid week) "
    rf"(?=(?:the|this|next|of|in|week|following|{MONTH})\b)"
)
_WITHIN = re.compile(
    rf"(?:with ?in|over|in(?= the))(?: the)?(?: next| coming| following)? (?P<count>{COUNT}|the) "
    r"(?P<unit>(?:business |working )?days?|weeks?|months?)\b(?! (?:from(?! now| today)|after"
    r"|before|old|of))(?: from (?:now|today))?"
)
_NTH_WEEK = re.compile(rf"(?:the )?(?P<nth>[1-4]th|last) week (?:of|in) (?P<month>{_MONTHS})\b")
_ANY_MONTH = re.compile(rf"(?:of )?(?P<month>{MONTH})\b(?! \d)")
_NTH_WEEKEND = re.compile(
    rf"(?:the )?(?P<nth>[1-4]th|last) weekend (?:of|in) (?P<month>{_MONTHS})\b"
)
_BESIDE = re.compile(
    r"(?:the )?(?P<what>weekend|week) (?P<side>of|after|before|following|starting"
    r"|beginning)(?: on)? "
    r"(?:the )?(?!next\b)"
)
_HOLIDAY = rf"(?P<name>{_NAMES}) (?P<what>weekend|week)\b"
_WEEKENDS = (
    r"(?:the |a )?(?:(?P<which>this coming|this|next|following|coming|upcoming) )?weekend"
    r"(?P<next> after next)?\b"
)
_WEEKS = (
    r"(?P<rest>(?:later|earlier|the rest of|rest of) )?(?:(?P<which>this coming|this|next|"
    r"the following|the coming|following|coming|the) )?(?:work ?"
    r"|working )?week(?P<next> after next)?\b"
    r"(?! ago| old| from| day)"
)
_IN_MONTH = rf"(?:(?:in|during|some time in|any time in|of) )?(?P<month>{_MONTHS})\b"
# Words that are no month unless something says so: "may I", "march over here".
_NO_MONTH = r"(?!(?:may|march)\b)"
_SOON = (
    r"as soon as(?: you| possible| the| can| guys)*|(?:as )?(?:quick|quickly|fast) as (?:you"
    r"|possible)"
    r"|(?:the )?(?:sooner|soonest) (?:the )?(?:better|possible|available|you|that)"
    r"|(?:the )?(?:earliest|soonest|next|1th)(?: (?:available|possible|open|free|appointment|slot"
    r"|window|opening|spot|you|that|have|can|one)\b)+|the (?:earliest|soonest)|right away"
    r"|immediately"
)
_ANY_TIME = (
    r"any (?:other )?(?:time|day)s?\b|whenever|any works|no preference|flexible|you pick|up to you"
    r"|(?:doesn't|don't|does not) (?:really )?(?:matter|care)|whatever (?:works|day|time|you)"
    r"|wide open|every day"
)
_WHOLE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Now], Days | None]], ...] = (
    (re.compile(_HOLIDAY), _holiday_weekend),
    (re.compile(_WEEKENDS), _weekend),
    (re.compile(_WEEKS), _week),
    (re.compile(_NO_MONTH + _IN_MONTH), _month),
    (re.compile(r"(?:any |a |on |the )?weekdays\b(?: only)?"), _working),
    (re.compile(f"{_SOON}|{_ANY_TIME}"), _any),
)
