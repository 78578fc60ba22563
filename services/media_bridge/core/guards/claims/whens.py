"""When a technician comes, as an agent says it: a day, a part of it, a window, together or alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.media_bridge.core.guards.claims.claim import WhenClaim
from services.media_bridge.core.guards.claims.days import DayMention, days_in, marks_of
from services.media_bridge.core.guards.claims.frames import NOT, REPORTED
from services.media_bridge.core.guards.claims.numbers import Number
from services.media_bridge.core.guards.claims.sentences import Sentence

_MINUTES = frozenset((0, 15, 30, 45))
_TIME = re.compile(r"#\d+")
_RANGE = re.compile(r" (#\d+) (?:to|until|till|through) (?:about |around )?(#\d+)(?= )| between (#\d+) and (#\d+)(?= )")
_AT = re.compile(
    r" (?P<how>at|by|around|about|before|after|from|until|till|the|closer to|right at|exactly|like) "
    r"(?:about |around |exactly )?(?P<at>#\d+)(?= (?!(?:to|and|through) #))"
)
_LISTED = re.compile(r"(?: (?:have|got|do|offer|open|is|at|with|either|another|free)| ,| or| and) (?P<at>#\d+)(?= (?:[,;]|or|and|in the|open|left|oclock|tomorrow|tonight|today|window|$)|$)")
_PART = re.compile(
    r" (?:in the |first thing (?:in the )?|(?:early|late|mid) )?(?P<part>morning|afternoon|evening|night)s?(?= )"
)
_NO_TIME_AFTER = re.compile(
    r" (?:hours?|hrs?|days?|minutes?|mins?|weeks?|months?|years?|hour|times|people|amps?|degrees|technicians?|"
    r"percent|feet|more|units?|windows|slots|options?|choices?|openings|times|of (?:us|them)|(?:\w+ ){1,2}(?:street|st|avenue|ave|road|rd|"
    r"drive|lane|court|blvd)|[a-z]+ing\b|star|stars|business|and a half)(?= )"
)
# Said of the office, the work, the past or the caller's own times.
_OTHER = re.compile(
    r" (?:office|hours are|we open|we close|opens|we are open|are you open|closes?|closed|after hours|business hours|regular hours|"
    r"normal hours|open (?:until|till|from|at|monday|every|seven|24)|takes?|lasts?|long|last (?:week|month|year|time|night|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday)|ago|yesterday|was there|came|were there|started|since (?:monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|last)|hours ahead|hours before|in advance|notice|call (?:us|back|you|me)|refundable|"
    r"look(?:ing)? (?:at|for|into)|check(?:ing)?|see (?:if|what|about|whether)|find|would you|which|if you|"
    r"try(?:ing)?|same price|cheaper|rate is|every|each day|usually open|hang on|hold on|one moment|"
    r"want(?:ed)?|prefer|asked (?:for|about)|works for you|need to check|ask(?:ing)? for|requested|"
    r"you said|you would like|let me|beeps?|chirps?|reads?|stay (?:on|outside)|keep|"
    r"today is|it is a little past|filter|ends? in|code|number|zip|apartment|suite|gate|invoice)(?= )"
)
_ABSENT = re.compile(
    r" (?:nothing|no (?:other )?(?:openings?|windows?|slots?|times?|availability|appointments?|room|one)|not have (?:anything|any|a thing)|"
    r"(?:fully|all|completely) booked|booked (?:up|solid|full)|full up|not (?:anything|any)|(?:is|are) full|not available|not open)(?= )"
)
_FIRST = re.compile(r" (?:earliest|soonest|first (?:i|one|opening|available|slot|window|we|thing i)|next (?:day|available|opening|one|slot|window|time)(?: i| we| is| available)?|the first)(?= )")
_BOOKED = re.compile(
    r" (?:booked|scheduled|set for|all set|on for|down for|see you|you are (?:in|on)|have you|got you|put you|be there|"
    r"arriv\w+|will come|coming|comes|technician|tech|he is|she is|visit is|appointment|reserved|confirmed|moved|"
    r"rescheduled|it is|that is|still|someone will|crew|expect)(?= )"
)
_FRAME = re.compile(
    r" (?:booked|scheduled|set|on for|down for|see you|you are (?:in|on|now)|have you|got you|put you|be there|arriv\w+|"
    r"will come|coming|comes|technician|tech|he is|she is|visit|appointment|reserved|confirmed|moved|rescheduled|someone|somebody|"
    r"crew|expect|i have|i can|we can|i could|we could|we have|could do|can do|available|open|openings?|free|works|nothing|no|"
    r"i have got|we have got|squeeze|fit you|plenty|wide|earliest|soonest|latest|first|next|yours|window|slot|come out|out there|"
    r"it is|that is|still|is fine|sounds good|good|he will|she will|they will|we will)(?= )"
)
_BARE = 5  # words beside a day and a time that make no sentence of their own
_OFFERS = re.compile(r" (?:i have|i can|we can|i could|we have|could do|can do|available|open|openings?|free|works|got .{0,12}open|nothing|no|"
                     r"i have got|we have got|get (?:someone|you|a \w+)|have someone|plenty|would be|wide)(?= )")  # fmt: skip
_STOPS = re.compile(r" (?:[,;:]|but|and|so) ")
_EXACT = re.compile(r" (?:exactly|sharp|on the dot|right at|promptly|precisely)(?= )")


@dataclass(frozen=True, slots=True)
class Time:
    start: tuple[int, int]
    end: tuple[int, int] | None
    half: str
    at: int
    until: int
    how: str = ""


def whens(sentence: Sentence, today: date, *, keep_questions: bool = False) -> tuple[list[WhenClaim], frozenset[str]]:
    """The claims about days and times of a sentence, and the numbers that were read for them."""
    days = days_in(sentence, today)
    times = list(_times(sentence, frozenset(marks_of(sentence, days))))
    marks = frozenset((*marks_of(sentence, days), *_marks(sentence, times)))
    if (sentence.is_question and not keep_questions) or not (days or times or _PART.search(sentence.text)):
        return [], marks
    text = sentence.text
    if _OTHER.search(text) or _is_told(text) or not _has_frame(sentence, days, times):
        impossible = [_claim(sentence, day, None, None) for day in days if day.is_impossible]
        return impossible, marks
    parts = [(m.start(), m.end(), "evening" if m["part"] == "night" else m["part"]) for m in _PART.finditer(text)]
    claims = [_with(claim, text) for claim in _grouped(sentence, days, times, parts) if claim is not None]
    return claims, marks


def _has_frame(sentence: Sentence, days: list[DayMention], times: list[Time]) -> bool:
    """Whether it says that somebody comes then, or could; or is a bare answer."""
    if any(day.is_impossible for day in days) or _FRAME.search(sentence.text):
        return True
    spans = [(d.start, d.end) for d in days] + [(t.at, t.until) for t in times]
    rest = sentence.text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    if any(time.how in ("after", "before", "until", "till") for time in times):
        return False
    return len(rest.replace(",", "").split()) <= _BARE


def _is_told(text: str) -> bool:
    return REPORTED.search(text) is not None


def _with(claim: WhenClaim, text: str) -> WhenClaim:
    is_first = _FIRST.search(text) is not None
    offers = _OFFERS.search(text) is not None
    return replace(claim, is_first=is_first and not claim.is_none, is_booked=_BOOKED.search(text) is not None or not offers,
                   is_exact=claim.is_exact or (_EXACT.search(text) is not None and not NOT.search(text)))  # fmt: skip


def _grouped(
    sentence: Sentence, days: list[DayMention], times: list[Time], parts: list[tuple[int, int, str]]
) -> Iterator[WhenClaim | None]:
    """Days and times that belong together; a time without a day has the last one named."""
    text = sentence.text
    mentions: list[tuple[int, int, str, DayMention | Time | str]] = [
        *((day.start, day.end, "day", day) for day in days),
        *((time.at, time.until, "time", time) for time in times),
        *((start, end, "part", part) for start, end, part in parts if not any(d.start <= start and end <= d.end for d in days)),
    ]
    mentions.sort(key=lambda each: each[0])
    group: dict[str, DayMention | Time | str] = {}
    carried: DayMention | None = None
    last_end = 0
    for start, end, kind, mention in mentions:
        gap = text[last_end:start] + " "
        apart = re.search(r" (?:or|but|and|;|then|to) ", gap) or len(gap.split()) > 7
        if group and (kind in group or apart):
            yield _of_group(sentence, group, carried)
            carried = _day(group) or carried
            group = {}
        group[kind] = mention
        last_end = end
    if group:
        yield _of_group(sentence, group, carried)


def _day(group: dict[str, DayMention | Time | str]) -> DayMention | None:
    day = group.get("day")
    return day if isinstance(day, DayMention) else None


def _of_group(
    sentence: Sentence, group: dict[str, DayMention | Time | str], carried: DayMention | None
) -> WhenClaim | None:
    day, time, part = _day(group), group.get("time"), group.get("part")
    named = part if isinstance(part, str) else None
    at = time if isinstance(time, Time) else None
    spot = min((m.start if isinstance(m, DayMention) else m.at for m in (day, at) if m is not None), default=0)
    if not (day and day.is_impossible) and _is_denied(sentence.text, spot, day, at):
        return None
    if day is None and at is None:
        return None if named is None or carried is None else _claim(sentence, carried, None, named)
    claim = _claim(sentence, day or carried, at, named)
    return replace(claim, is_none=_ABSENT.search(_clause(sentence.text, spot, spot)) is not None)


def _is_denied(text: str, spot: int, day: DayMention | None, at: Time | None) -> bool:
    end = max((m.end if isinstance(m, DayMention) else m.until for m in (day, at) if m is not None), default=spot)
    clause = _clause(text, spot, end)
    if _ABSENT.search(clause):
        return False
    # "The eleven o'clock, not the nine": a denial behind it is of another.
    begins = text.index(clause)
    before, after = text[begins:spot] + " ", text[end : begins + len(clause)]
    return NOT.search(before) is not None or re.match(r" (?:is|are|was|will|would|does|do|did|can|could) not ", after) is not None


def _clause(text: str, start: int, end: int) -> str:
    begins = max((m.end() - 1 for m in _STOPS.finditer(text[: start + 1])), default=0)
    stop = _STOPS.search(text, end)
    return text[begins : stop.start() + 1 if stop else len(text)]


def _claim(sentence: Sentence, day: DayMention | None, time: Time | None, part: str | None) -> WhenClaim:
    own = part or (day.part if day else "")
    half = time.half if time else ""
    if time and not half and own:
        half = "am" if own == "morning" else "pm"
    return WhenClaim(
        words=_words(sentence, day, time),
        near=sentence.text,
        days=day.days if day else None,
        is_impossible=bool(day and day.is_impossible),
        part=own,
        start=time.start if time else None,
        end=time.end if time else None,
        half=half,
        is_deadline=bool(time and time.how in ("by", "before", "until", "till")),
        is_loose=bool(time and time.how in ("around", "about", "like")),
        is_exact=bool(time and time.how in ("right at", "exactly", "closer to")),
    )


def _words(sentence: Sentence, day: DayMention | None, time: Time | None) -> str:
    said = [sentence.text[day.start : day.end].strip()] if day else []
    text = " ".join(said)
    text = re.sub(r"#\d+", lambda m: str(sentence.number(m[0]).whole), text)
    if time:
        text += f" {_clock(time.start)}" + (f" to {_clock(time.end)}" if time.end else "")
    return text.strip()


def _clock(time: tuple[int, int]) -> str:
    return f"{time[0]}:{time[1]:02d}" if time[1] else str(time[0])


def _times(sentence: Sentence, taken: frozenset[str]) -> Iterator[Time]:
    text, used = sentence.text, set(taken)
    for found in _RANGE.finditer(text):
        one, other = (mark for mark in found.groups() if mark)
        first, last = sentence.number(one), sentence.number(other)
        if used & {one, other} or not _is_time(first) or not _is_time(last) or _NO_TIME_AFTER.match(text[found.end() :]):
            continue
        if re.search(r" (?:#\d+)$", text[: found.start() + 1]) or (first.whole > 24 and first.hour is not None and first.minute not in _MINUTES):
            continue
        used |= {one, other}
        yield _range(first, last, found.start(), found.end())
    for pattern in (_AT, _LISTED):
        for found in pattern.finditer(text):
            mark = found["at"]
            number = sentence.number(mark)
            how = found.groupdict().get("how") or ""
            if mark in used or not _is_time(number) or _NO_TIME_AFTER.match(text[found.end() :]):
                continue
            if how == "the" and not (number.is_clock or re.match(r" (?:to|window|slot|one)", text[found.end() :])):
                continue
            if number.cents > 12_00 and not number.is_clock and how not in ("at", "by", "around", "before", "after", "right at", "closer to"):
                continue
            used.add(mark)
            yield Time((number.hour or 0, number.minute), None, number.half, found.start(), found.end(), how)
    for found in _TIME.finditer(text):
        mark = found[0]
        number = sentence.number(mark)
        is_past = re.search(r" (?:past|after|before) $", text[: found.start()])
        if mark not in used and number.is_clock and number.hour is not None and not is_past:
            used.add(mark)
            yield Time((number.hour, number.minute), None, number.half, found.start() - 1, found.end())


def _range(first: Number, last: Number, start: int, end: int) -> Time:
    half = first.half or last.half
    if first.half and last.half and first.half != last.half:
        half = first.half
    if first.half == "" and last.half == "pm" and last.hour == 12 and (first.hour or 0) < 12:
        half = ""  # "ten to noon", "nine to twelve PM"
    return Time((first.hour or 0, first.minute), (last.hour or 0, last.minute), half, start, end)


def _is_time(number: Number) -> bool:
    return number.hour is not None and number.minute in _MINUTES and not number.is_money and not number.is_ordinal


def _marks(sentence: Sentence, times: list[Time]) -> Iterator[str]:
    for time in times:
        yield from _TIME.findall(sentence.text[time.at : time.until])
