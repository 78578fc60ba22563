"""ClockTime times and parts of the day as they are said, and which half of the day is meant."""

import re
from dataclasses import dataclass
from datetime import time

from shared.domain.calendar.spoken_dates.names import FOLLOWS

_EARLIEST_VISIT = 7  # before it, an hour that was said alone is one of the afternoon
_LONGEST_RANGE = 9  # hours: "ten to nine" is no range, "ten to five" is


@dataclass(frozen=True, slots=True)
class At:
    """A time as it was said. `half` is "am" or "pm", or None where that is still to be decided;
    hours over 12, and noon and midnight, are decided."""

    hour: int
    minute: int = 0
    half: str | None = None
    decided: bool = False

    def meant(self, half: str | None) -> time:
        """The time in that half of the day; by what is usual for a visit where none is known."""
        if self.decided:
            return time(self.hour, self.minute)
        hour = self.hour % 12
        half = self.half or half
        if half is None:
            half = "am" if _EARLIEST_VISIT <= self.hour < 12 else "pm"
        return time(hour + 12 * (half == "pm"), self.minute)


@dataclass(frozen=True, slots=True)
class Times:
    """`kind` is "at", "after", "before", "around" or "between"; only the last has `second`."""

    kind: str
    first: At
    second: At | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: its bounds, and the half of the day a time beside it is in."""

    words: str
    earliest: time | None
    latest: time | None
    half: str | None = None


def _part(words: str, earliest: str, latest: str, half: str | None = None) -> Part:
    first, last = (time.fromisoformat(at) if at else None for at in (earliest, latest))
    return Part(words, first, last, half)


NIGHT = "at some time of the night"
# As they are said back, each with bounds of its own, so that what was said back reads the same.
PARTS: dict[str, Part] = {
    part.words: part
    for part in (
        _part("first thing", "", "10:00", "am"),
        _part("in the late morning", "10:00", "12:00", "am"),
        _part("mid morning", "09:00", "11:00", "am"),
        _part("in the morning", "", "12:00", "am"),
        _part("around lunchtime", "11:00", "13:00"),
        _part("in the early afternoon", "12:00", "15:00", "pm"),
        _part("mid afternoon", "14:00", "16:00", "pm"),
        _part("in the late afternoon", "15:00", "18:00", "pm"),
        _part("in the afternoon", "12:00", "17:00", "pm"),
        _part("in the early evening", "17:00", "19:00", "pm"),
        _part("late in the evening", "19:00", "", "pm"),
        _part("in the evening", "17:00", "", "pm"),
        _part("last thing", "16:00", "", "pm"),
        _part("after school", "15:00", "", "pm"),
        _part("after lunch", "13:00", "", "pm"),
        _part("before work", "", "09:00", "am"),
        _part("during business hours", "08:00", "18:00"),
        _part(NIGHT, "", ""),
    )
}
PART_WORDS = {(part.earliest, part.latest): words for words, part in PARTS.items()}
_IN = r"(?:in the |during the |this |the |any )?"
# "Friday AM", and not "I am" or "3 PM".
_ALONE = r"(?:(?<=day )|(?<=tomorrow )|in the )"
_SAID: tuple[tuple[str, str], ...] = (
    (r"1th thing(?: in the morning| morning)?", "first thing"),
    (rf"bright and early|{_IN}early(?: in the)? morning|early in the day|{_IN}crack of dawn",
     "first thing"),
    (rf"{_IN}(?:late|later)(?: in the)? morning", "in the late morning"),
    (rf"{_IN}mid(?:dle of the)? ?morning", "mid morning"),
    (r"before lunch(?:time)?", "in the morning"),
    (r"after (?:work|hours|dinner|supper)\b", "in the evening"),
    (r"after lunch(?:time)?", "after lunch"),
    (r"after school", "after school"),
    (r"before work\b", "before work"),
    (r"(?:at |around |about |over |during |by )?(?:my |the )?(?:lunch ?time|lunch(?: break"
     r"| hour)?\b)",
     "around lunchtime"),
    (rf"{_IN}early(?: in the)? afternoon", "in the early afternoon"),
    (rf"{_IN}mid(?:dle of the)? ?afternoon", "mid afternoon"),
    (rf"{_IN}(?:late|later)(?: on)?(?: in the)? afternoon"
     rf"|late in the day", "in the late afternoon"),
    (rf"{_IN}early(?: in the)? evening", "in the early evening"),
    (rf"{_IN}(?:late|later)(?: in the)? evening|late at night", "late in the evening"),
    (r"last thing|(?:at )?(?:the |very )*(?:end|close) of (?:the |my )?(?:business|work ?day|day)",
     "last thing"),
    (r"(?:during |in )?(?:regular |normal )?(?:business|working|office) hours",
     "during business hours"),
    (rf"{_IN}morning(?: hours| time)?\b|{_ALONE}am\b", "in the morning"),
    (rf"{_IN}afternoon(?: hours| time)?\b|{_ALONE}pm\b", "in the afternoon"),
    (rf"{_IN}evening(?: hours| time)?\b|at night|{_IN}night ?(?:time)?\b|dinnertime|suppertime",
     "in the evening"),
)  # fmt: skip
_PARTS = tuple((re.compile(pattern), PARTS[words]) for pattern, words in _SAID)
_TIME = re.compile(
    r"(?P<rel>half|(?:a )?quarter|5|10|15|20|25)(?P<minutes> minutes?)?"
    r" (?P<dir>past|after|to|till|until|of|before) (?P<relh>\d{1,2})(?![\d:/]|th)"
    r"|(?P<word>noon|midday|midnight)\b"
    r"|(?P<h>\d{1,2})(?:[: ](?P<m>[0-5]\d))?(?![\d:/]|th|\.\d)"
    r"|(?P<hm>\d{3,4})(?![\d:/-]|th)"
)
_TAIL = re.compile(
    r"(?: oclock| sharp| on the dot)*(?: (?P<half>am|pm)\b)?(?: oclock)?(?: sharp)?"
    r"(?: (?P<day>in the (?:morning|afternoon|evening)|at night)\b)?"
)
_HALVES = {"in the morning": "am", "in the afternoon": "pm", "in the evening": "pm",
           "at night": "pm"}  # fmt: skip


def part_at(text: str, at: int) -> tuple[Part, int] | None:
    """The part of the day that plain `text` names from `at` on, and where its words end."""
    for pattern, part in _PARTS:
        if words := pattern.match(text, at):
            return part, words.end()
    return None


def time_at(text: str, at: int, *, marked: bool = False) -> tuple[At, int] | None:
    """The clock time from `at` on. A number alone is one only where what follows allows it.

    marked: want am, pm, "oclock", a colon or a word that is a time by itself.
    """
    words = _TIME.match(text, at)
    if words is None:
        return None
    found = _relative(words) if words["rel"] else _plain(words)
    tail = _TAIL.match(text, words.end())
    if found is None or tail is None:
        return None
    half = tail["half"] or _HALVES.get(tail["day"] or "")
    clear = bool(tail[0]) or ":" in words[0] or bool(words["rel"] or words["word"])
    if (marked and not clear) or (not clear and not re.match(FOLLOWS, text[words.end() :])):
        return None
    if half and not found.decided:
        night = tail["day"] == "at night" and (found.hour == 12 or found.hour < 4)
        found = At(found.hour, found.minute, "am" if night else half)
    return found, tail.end()


def _plain(words: re.Match[str]) -> At | None:
    if words["word"]:
        return At(0 if words["word"] == "midnight" else 12, decided=True)
    if words["hm"]:
        hour, minute = divmod(int(words["hm"]), 100)
    else:
        hour, minute = int(words["h"]), int(words["m"] or 0)
    if hour > 23 or minute > 59 or (hour == 0 and not (words["m"] or words["hm"])):
        return None
    if hour > 12 and not (words["m"] or words["hm"]):
        return None
    return At(hour, minute, decided=hour > 12 or hour == 0)


def _relative(words: re.Match[str]) -> At | None:
    """ "Half past eight", "a quarter to five", "ten till nine"."""
    rel, hour = words["rel"], int(words["relh"])
    if not 1 <= hour <= 12 or (rel == "half" and words["dir"] != "past"):
        return None
    minutes = {"half": 30}.get(rel, 15 if "quarter" in rel else 0) or int(rel)
    if words["dir"] in ("past", "after"):
        return At(hour, minutes)
    return At((hour - 2) % 12 + 1, 60 - minutes)


def between(first: At, second: At, half: str | None = None) -> tuple[time, time] | None:
    """The range, each end in the half of the day that makes a range which a visit may have."""
    if second.half and not first.half and not first.decided:
        start = min(
            (first.meant(h) for h in ("am", "pm")),
            key=lambda at: (at >= second.meant(None), -_minutes(at)),
        )
        return (start, second.meant(None)) if start < second.meant(None) else None
    start = first.meant(half)
    if second.decided or second.half:
        end = second.meant(None)
    else:
        ends = sorted(second.meant(h) for h in ("am", "pm"))
        end = next((at for at in ends if at > start), ends[-1])
    return (start, end) if start < end else None


def is_short(first: At, second: At) -> bool:
    """Whether two bare numbers with "to" between make a range."""
    found = between(first, second)
    return found is not None and _minutes(found[1]) - _minutes(found[0]) <= _LONGEST_RANGE * 60


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
