"""When a technician comes, as an agent says it: a day, a part of it, a window, or several."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from services.media_bridge.core.guards.claims import when_words as words
from services.media_bridge.core.guards.claims.claim import WhenClaim
from services.media_bridge.core.guards.claims.days import DayMention, days_in, marks_of
from services.media_bridge.core.guards.claims.frames import NOT, REPORTED
from services.media_bridge.core.guards.claims.sentences import PlainSentence
from services.media_bridge.core.guards.claims.times import ClockMention, marks_of_times, times_in


def whens(
    sentence: PlainSentence, today: date, asked: str = ""
) -> tuple[list[WhenClaim], frozenset[str]]:
    """The claims about days and times of a sentence, and the numbers that were read for them.

    `asked` is the caller's question: where it was when, bare times are claims, too."""
    days = days_in(sentence, today)
    times = list(times_in(sentence, frozenset(marks_of(sentence, days))))
    marks = frozenset((*marks_of(sentence, days), *marks_of_times(sentence, times)))
    if sentence.is_question or not (days or times or words.PART.search(sentence.text)):
        return [], marks
    text = sentence.text
    has_frame = words.WHEN.search(asked) is not None or _has_frame(sentence, days, times)
    if words.OTHER.search(text) or _is_told(text) or not has_frame:
        impossible = [_claim(sentence, day, None, None) for day in days if day.is_impossible]
        return impossible, marks
    parts = [
        (m.start(), m.end(), "evening" if m["part"] == "night" else m["part"])
        for m in words.PART.finditer(text)
        if not re.search(r" (?:no|not)(?: in| the)* $", text[: m.start() + 1])
    ]
    if words.OFFICE_HOURS.search(asked):
        return [], marks
    claims = [
        _with(claim, text)
        for claim in _grouped(sentence, today, days, times, parts)
        if claim is not None
    ]
    return claims, marks


def _has_frame(sentence: PlainSentence, days: list[DayMention], times: list[ClockMention]) -> bool:
    """Whether it says that somebody comes then, or could; or is a bare answer."""
    if any(day.is_impossible for day in days) or words.FRAME.search(sentence.text):
        return True
    spans = [(d.start, d.end) for d in days] + [(t.at, t.until) for t in times]
    rest = sentence.text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    if any(time.how in ("after", "before", "until", "till") for time in times):
        return False
    return len(rest.replace(",", "").split()) <= words.BARE


def _is_told(text: str) -> bool:
    return REPORTED.search(text) is not None


def _with(claim: WhenClaim, text: str) -> WhenClaim:
    is_first = words.FIRST.search(text) is not None
    offers = words.OFFERS.search(text) is not None
    is_exact = words.EXACT.search(text) is not None and not NOT.search(text)
    return replace(
        claim,
        is_first=is_first and not claim.is_none,
        is_booked=words.BOOKED.search(text) is not None or not offers,
        is_exact=claim.is_exact or is_exact,
    )


def _grouped(
    sentence: PlainSentence,
    today: date,
    days: list[DayMention],
    times: list[ClockMention],
    parts: list[tuple[int, int, str]],
) -> Iterator[WhenClaim | None]:
    """Days and times that belong together; a time without a day has the last one named."""
    text = sentence.text
    mentions: list[tuple[int, int, str, DayMention | ClockMention | str]] = [
        *((day.start, day.end, "day", day) for day in days),
        *((time.at, time.until, "time", time) for time in times),
        *(
            (start, end, "part", part)
            for start, end, part in parts
            if not any(d.start <= start and end <= d.end for d in days)
        ),
    ]
    mentions.sort(key=lambda each: each[0])
    group: dict[str, DayMention | ClockMention | str] = {}
    carried: DayMention | None = None
    last_end = 0
    for start, end, kind, mention in mentions:
        gap = text[last_end:start] + " "
        apart = re.search(r" (?:or|but|and|;|then|to) ", gap) or len(gap.split()) > 7
        if group and (kind in group or apart):
            yield _of_group(sentence, today, group, carried)
            carried = _day(group) or carried
            group = {}
        group[kind] = mention
        last_end = end
    if group:
        yield _of_group(sentence, today, group, carried)


def _day(group: dict[str, DayMention | ClockMention | str]) -> DayMention | None:
    day = group.get("day")
    return day if isinstance(day, DayMention) else None


def _of_group(
    sentence: PlainSentence,
    today: date,
    group: dict[str, DayMention | ClockMention | str],
    carried: DayMention | None,
) -> WhenClaim | None:
    day, time, part = _day(group), group.get("time"), group.get("part")
    named = part if isinstance(part, str) else None
    at = time if isinstance(time, ClockMention) else None
    spot = min(
        (m.start if isinstance(m, DayMention) else m.at for m in (day, at) if m is not None),
        default=0,
    )
    scope = _scope(sentence.text, spot)
    if not (day and day.is_impossible) and (
        _is_denied(sentence.text, spot, day, at)
        or words.ELSEWHERE.search(scope)
        or (
            at is None and named is None and words.TODAY.search(scope) and day and today in day.days
        )
    ):
        return None
    if day is None and at is None:
        return None if named is None or carried is None else _claim(sentence, carried, None, named)
    claim = _claim(sentence, day or carried, at, named)
    is_plain = words.SAYS.search(scope) is not None or len(scope.split()) <= words.BARE + 2
    return replace(
        claim,
        is_plain=is_plain,
        is_none=words.ABSENT.search(_clause(sentence.text, spot, spot)) is not None,
    )


def _scope(text: str, spot: int) -> str:
    """The clause at `spot`; one of few words is read with what leads to it."""
    starts = [m.end() - 1 for m in words.SCOPES.finditer(text) if m.start() <= spot]
    stop = words.SCOPES.search(text, spot + 1)
    end = stop.start() + 1 if stop else len(text)
    begins = starts[-1] if starts else 0
    if len(text[begins:end].split()) <= words.BARE and len(starts) > 0:
        begins = starts[-2] if len(starts) > 1 else 0
    return text[begins:end]


def _is_denied(text: str, spot: int, day: DayMention | None, at: ClockMention | None) -> bool:
    end = max(
        (m.end if isinstance(m, DayMention) else m.until for m in (day, at) if m is not None),
        default=spot,
    )
    clause = _clause(text, spot, end)
    if words.ABSENT.search(clause):
        return False
    # "The eleven o'clock, not the nine": a denial behind it is of another.
    begins = text.index(clause)
    before, after = text[begins:spot] + " ", text[end : begins + len(clause)]
    return (
        NOT.search(before) is not None
        or re.match(r" (?:is|are|was|will|would|does|do|did|can|could) not ", after) is not None
    )


def _clause(text: str, start: int, end: int) -> str:
    begins = max((m.end() - 1 for m in words.STOPS.finditer(text[: start + 1])), default=0)
    stop = words.STOPS.search(text, end)
    return text[begins : stop.start() + 1 if stop else len(text)]


def _claim(
    sentence: PlainSentence, day: DayMention | None, time: ClockMention | None, part: str | None
) -> WhenClaim:
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


def _words(sentence: PlainSentence, day: DayMention | None, time: ClockMention | None) -> str:
    said = [sentence.text[day.start : day.end].strip()] if day else []
    text = " ".join(said)
    text = re.sub(r"#\d+", lambda m: str(sentence.number(m[0]).whole), text)
    if time:
        text += f" {_clock(time.start)}" + (f" to {_clock(time.end)}" if time.end else "")
    return text.strip()


def _clock(time: tuple[int, int]) -> str:
    return f"{time[0]}:{time[1]:02d}" if time[1] else str(time[0])
