"""The days, times and amounts that a sentence names, each once, whatever it says of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.media_bridge.core.guards.claims.days import DayMention, days_in, marks_of
from services.media_bridge.core.guards.claims.numbers import SaidNumber
from services.media_bridge.core.guards.claims.sentences import PlainSentence
from services.media_bridge.core.guards.claims.times import ClockMention, marks_of_times, times_in

_PART = re.compile(
    r" (?:in the |first thing (?:in the )?|(?:early|late|mid) )?(?P<part>morning|afternoon|"
    r"evening|night)s?(?= )"
)
_RANGE = re.compile(
    r" (?:(?:between )(#\d+) and|(?:from )?(#\d+) (?:up |all the way (?:up )?)?(?:to|through)) "
    r"(?:about |around |maybe |as much as )?(#\d+)(?= )"
)
_MARK = re.compile(r"#\d+")
_APART = re.compile(r" (?:or|but|and|;|then|to) ")
EMERGENCY = 911  # no amount
_LONGEST_PRICE = 999  # said digit by digit
# What a number counts where it is neither money nor a time.
_COUNTED = re.compile(
    r" (?:and a half )?(?:hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?|months?|years?|yr|times|"
    r"degrees|amps?|volts?|watts?|btus?|seer|tons?|gallons?|feet|foot|inch(?:es)?|square|psi|miles?|"
    r"people|stars?|beeps?|units?|bedrooms?|bathrooms?|digits|technicians?|techs|trucks?|"
    r"(?:[a-z]+ ){1,3}(?:street|avenue|road|drive|lane|court|boulevard|way|circle|place))(?= )"
)
_EVERY_WEEK = re.compile(r" monday (?:to|through|thru|till) (?:friday|saturday|sunday)(?= )")
ANY_DAY = date(2026, 1, 1)  # which one does not change where a day is mentioned
_MOST = 12  # of one sentence: more is no talk
_GAP = 3  # words between a day and its time


@dataclass(frozen=True, slots=True)
class ClaimMention:
    """A day with its time, either alone, or one or two amounts. `start` and `end` are its place in
    the sentence's text, blanks not counted."""

    start: int
    end: int
    numbers: tuple[SaidNumber, ...] = ()
    day: DayMention | None = None
    time: ClockMention | None = None
    part: str = ""  # morning, afternoon, evening

    @property
    def is_time(self) -> bool:
        """Whether it can be nothing but a time."""
        is_clock = any(number.is_clock for number in self.numbers)
        return self.day is not None or self.time is not None or bool(self.part) or is_clock


def mentions(sentence: PlainSentence, today: date) -> list[ClaimMention]:
    """In the order in which they stand."""
    week = _EVERY_WEEK.search(sentence.text)
    if week is not None:  # when the office is open, with the hours behind it
        before = replace(sentence, text=f"{sentence.text[: week.start()]} ")
        return mentions(before, today)
    days = days_in(sentence, today)
    times = list(times_in(sentence, frozenset(marks_of(sentence, days))))
    found = list(_whens(sentence, days, times))
    taken = {*marks_of(sentence, days), *marks_of_times(sentence, times)}
    for words in _RANGE.finditer(sentence.text):
        low, high = (mark for mark in words.groups() if mark)
        rises = sentence.number(low).cents < sentence.number(high).cents
        counts = _counts(sentence, high) and not _COUNTED.match(sentence.text, words.end())
        if rises and counts and not {low, high} & taken:
            taken |= {low, high}
            numbers = (sentence.number(low), sentence.number(high))
            found.append(ClaimMention(words.start() + 1, words.end(), numbers))
    found += (
        ClaimMention(mark.start(), mark.end(), (sentence.number(mark[0]),))
        for mark in _MARK.finditer(sentence.text)
        if mark[0] not in taken
        and _counts(sentence, mark[0])
        and not _COUNTED.match(sentence.text, mark.end())
        and (sentence.number(mark[0]).whole > 1 or sentence.number(mark[0]).is_money)
    )
    return sorted(found, key=lambda mention: mention.start)[:_MOST]


def _counts(sentence: PlainSentence, mark: str) -> bool:
    number = sentence.number(mark)
    if number.is_code and (number.whole > _LONGEST_PRICE or _is_of_code(sentence)):
        return False
    if number.is_bare and number.whole > _LONGEST_PRICE and number.whole % 50:
        return False  # "5517": of a card, an account, a telephone
    return not (number.is_ordinal or number.is_percent) and number.whole not in (0, EMERGENCY)


def _is_of_code(sentence: PlainSentence) -> bool:
    """A telephone number, said in parts."""
    return sum(number.is_code for number in sentence.numbers) > 1


def _whens(
    sentence: PlainSentence, days: list[DayMention], times: list[ClockMention]
) -> Iterator[ClaimMention]:
    """Days, times and parts that belong together."""
    text = sentence.text
    parts = [
        (found.start(), found.end(), found["part"])
        for found in _PART.finditer(text)
        if not any(day.start <= found.start() and found.end() <= day.end for day in days)
    ]
    spans: list[tuple[int, int, str, DayMention | ClockMention | str]] = [
        *((day.start, day.end, "day", day) for day in days),
        *((time.at, time.until, "time", time) for time in times),
        *((start, end, "part", part) for start, end, part in parts),
    ]
    spans.sort(key=lambda span: span[0])
    group: dict[str, tuple[int, int, DayMention | ClockMention | str]] = {}
    last = 0
    for start, end, kind, what in spans:
        gap = text[last:start].replace(",", "") + " "
        is_far = "#" in gap or len(gap.split()) > _GAP or _APART.search(gap)
        if group and (kind in group or is_far):
            yield _together(sentence, group)
            group = {}
        group[kind] = (start, end, what)
        last = end
    if group:
        yield _together(sentence, group)


def _together(
    sentence: PlainSentence, group: dict[str, tuple[int, int, DayMention | ClockMention | str]]
) -> ClaimMention:
    start = min(start for start, _, _ in group.values())
    end = max(end for _, end, _ in group.values())
    found = {kind: what for kind, (_, _, what) in group.items()}
    day, time, part = found.get("day"), found.get("time"), found.get("part")
    at = time if isinstance(time, ClockMention) else None
    marks = _MARK.findall(sentence.text[at.at : at.until]) if at else ()
    named = part if isinstance(part, str) else ""
    return ClaimMention(
        start + 1,
        end,
        tuple(sentence.number(mark) for mark in marks),
        day if isinstance(day, DayMention) else None,
        at,
        "evening" if named == "night" else named,
    )
