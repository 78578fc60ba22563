"""The clock times of a sentence: "nine to eleven", "by four", "8, 10 or noon"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.media_bridge.core.guards.claims.numbers import SaidNumber
from services.media_bridge.core.guards.claims.sentences import PlainSentence

_MINUTES = frozenset((0, 15, 30, 45))
_TIME = re.compile(r"#\d+")
_RANGE = re.compile(
    r" (#\d+) (?:to|until|till|through) (?:about |around )?(#\d+)(?= )| between (#\d+) and "
    r"(#\d+)(?= )"
)
_AT = re.compile(
    r" (?P<how>at|by|around|about|before|after|from|until|till|the|closer to|right at|exactly|"
    r"like) "
    r"(?:about |around |exactly )?(?P<at>#\d+)(?= (?!(?:to|and|through) #))"
)
# "Nine in the morning", "four tomorrow".
_OF_DAY = re.compile(
    r" (?P<at>#\d+)(?= (?:in the (?:morning|afternoon|evening)|at night|tonight|tomorrow|today|"
    r"this (?:morning|afternoon|evening)|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day) )"
)
_LISTED = re.compile(
    r"(?: (?:have|got|do|offer|open|is|at|with|either|another|free)| ,| or| and) "
    r"(?P<at>#\d+)(?= (?:[,;]|or|and|in the|open|left|oclock|tomorrow|tonight|today|window|$)|$)"
)
_NO_TIME_AFTER = re.compile(
    r" (?:hours?|hrs?|days?|minutes?|mins?|weeks?|months?|years?|hour|times|people|amps?|"
    r"degrees|technicians?|"
    r"percent|feet|more|units?|windows|slots|options?|choices?|openings|times|of (?:us|them)|"
    r"(?:\w+ ){1,2}(?:street|st|avenue|ave|road|rd|"
    r"drive|lane|court|blvd)|[a-z]+ing\b|star|stars|business|and a half)(?= )"
)
# Told only to say what is not meant, or what comes next to it.
_BESIDE = re.compile(
    r" (?:after|before|besides|other than|instead of|rather than)(?: the| your)? $"
)


@dataclass(frozen=True, slots=True)
class ClockMention:
    start: tuple[int, int]
    end: tuple[int, int] | None
    half: str
    at: int
    until: int
    how: str = ""


def times_in(sentence: PlainSentence, taken: frozenset[str]) -> Iterator[ClockMention]:
    text, used = sentence.text, set(taken)
    for found in _RANGE.finditer(text):
        one, other = (mark for mark in found.groups() if mark)
        first, last = sentence.number(one), sentence.number(other)
        if _BESIDE.search(text[: found.start() + 1]):
            used |= {one, other}
            continue
        if (
            used & {one, other}
            or not _is_time(first)
            or not _is_time(last)
            or _NO_TIME_AFTER.match(text[found.end() :])
        ):
            continue
        if re.search(r" (?:#\d+)$", text[: found.start() + 1]) or (
            first.whole > 24 and first.hour is not None and first.minute not in _MINUTES
        ):
            continue
        used |= {one, other}
        yield _range(first, last, found.start(), found.end())
    for pattern in (_AT, _OF_DAY, _LISTED):
        for found in pattern.finditer(text):
            mark = found["at"]
            number = sentence.number(mark)
            how = found.groupdict().get("how") or ""
            if pattern is _LISTED and number.whole == 1 and not number.is_clock:
                continue  # "there is one"
            if mark in used or not _is_time(number) or _NO_TIME_AFTER.match(text[found.end() :]):
                continue
            if how == "the" and not (
                number.is_clock or re.match(r" (?:to|window|slot|one)", text[found.end() :])
            ):
                continue
            if (
                number.cents > 12_00
                and not number.is_clock
                and how not in ("at", "by", "around", "before", "after", "right at", "closer to")
            ):
                continue
            used.add(mark)
            yield ClockMention(
                (number.hour or 0, number.minute),
                None,
                number.half,
                found.start(),
                found.end(),
                how,
            )
    for found in _TIME.finditer(text):
        mark = found[0]
        number = sentence.number(mark)
        is_past = re.search(r" (?:past|after|before) $", text[: found.start()])
        if mark not in used and number.is_clock and number.hour is not None and not is_past:
            used.add(mark)
            yield ClockMention(
                (number.hour, number.minute), None, number.half, found.start() - 1, found.end()
            )


def _range(first: SaidNumber, last: SaidNumber, start: int, end: int) -> ClockMention:
    half = first.half or last.half
    if first.half and last.half and first.half != last.half:
        half = first.half
    if first.half == "" and last.half == "pm" and last.hour == 12 and (first.hour or 0) < 12:
        half = ""  # "ten to noon", "nine to twelve PM"
    return ClockMention(
        (first.hour or 0, first.minute), (last.hour or 0, last.minute), half, start, end
    )


def _is_time(number: SaidNumber) -> bool:
    return (
        number.hour is not None
        and number.minute in _MINUTES
        and not number.is_money
        and not number.is_ordinal
    )


def marks_of_times(sentence: PlainSentence, times: list[ClockMention]) -> Iterator[str]:
    for time in times:
        yield from _TIME.findall(sentence.text[time.at : time.until])
