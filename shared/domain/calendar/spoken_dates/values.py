"""One value of a wish: days or times with the words that bound them ("not before Thursday")."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from shared.domain.calendar.spoken_dates.clock import (
    NIGHT,
    PARTS,
    At,
    Part,
    Times,
    is_short,
    part_at,
    time_at,
)
from shared.domain.calendar.spoken_dates.days import day_at
from shared.domain.calendar.spoken_dates.names import COUNT, MONTH, WEEKDAY, count_of
from shared.domain.calendar.spoken_dates.spans import (
    Days,
    Now,
    Span,
    next_monthday,
    one,
    weekday_from,
)


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment counted from now; the last one that will do where it is not `exact`."""

    at: datetime
    exact: bool


Value = Days | Times | Part | Instant
Found = tuple[tuple[Value, ...], int]

_UNDONE = (
    r"(?:not|never|can't|won't|don't|isn't|aren't|doesn't|nothing|nobody|any time not) "
    r"(?:(?:home|here|there|back|available|off|free|up|get|be|do|it|anything|able|to|make|that|"
    r"around|ready|done|work|in|out|town|really|any|open|someone|anyone|anybody|my|house) ){0,4}"
)
_BUSY = (
    r"(?:work|working|works|busy|at work|in class|in school|tied up|booked|gone|away|out|occupied|"
    r"out of town|school|class|practice|meeting|appointments?|teaching|in meetings?"
    r"|in a meeting|meetings?|asleep|sleep|at church|at school)"
)
_ANY = r"(?:any ?time |some ?time |right |just |only )?"
_BOUNDS: tuple[tuple[str, str], ...] = (
    ("after", rf"{_UNDONE}(?:before|until|till|earlier than|sooner than)"),
    ("after", rf"{_BUSY} (?:until|till|through)"),
    ("after", r"(?:get|gets|getting|got) (?:off|home|back|out)(?: of| from)?(?: work| school| the "
              r"office| class)? (?:at|around|about|by)"),
    ("after", r"(?:be|am|i'm|i'll be|is|are) (?:home|back|off)(?: work| from work)? (?:at"
              r"|around|by)"),
    ("before", r"(?:leave|leaves|leaving|have to go|need to go|have to be out|need to be out"
               r"|be gone"
               r"|be somewhere|have to leave)(?: for work)? (?:at|by|around)"),
    ("before", rf"{_UNDONE}(?:after|past|later than)"),
    ("after", rf"{_ANY}(?:after|past|later than|no earlier than|no sooner than|not before)"),
    ("from", r"(?:the )?earliest (?:i|we) (?:can|could)(?: do| make it)? (?:is|would be|be)"),
    ("from", rf"{_ANY}(?:from|(?:starting|beginning)(?! of)(?: on| at| from)?|as of)"),
    ("by", rf"{_ANY}(?:by|until|till|through|up to|up until|no later than|not later than)"),
    ("before", rf"{_ANY}(?:before|earlier than|prior to|ahead of|sooner than)"),
    ("around", r"(?:some ?where |some ?time )?(?:at )?(?:around|(?<!how )(?<!what )about"
               r"|approximately|roughly|close to|"
               r"near)"),
    ("at", r"(?:at(?: like| exactly)?|@)"),
)  # fmt: skip
_PREFIXES = tuple(
    (kind, re.compile(rf"{words} (?:about |around |roughly |maybe |on |at |the time )?"))
    for kind, words in _BOUNDS
)
_SUFFIXES = tuple(
    (kind, re.compile(rf"{words}(?! (?:\d|noon|midnight))"))
    for kind, words in (
        ("from", r" (?:or (?:any ?time )?(?:later|after)(?: is fine| that)?|and (?:later|after|on)|"
                 r"on ?wards?|at the earliest|on(?= ,|$| is| works)"
                 r"|or (?:any ?time )?after that)\b"),
        ("by", r" (?:or (?:earlier|before|sooner)|at the (?:very )?latest|tops"
               r"|or any time before)\b"),
        ("around", r" (?:ish|or so|or thereabouts|give or take(?: an hour)?)\b"),
    )
)  # fmt: skip
_TIME_KINDS = {"from": "after", "by": "before"}
_RANGE = re.compile(
    r"(?P<open>between |from |anywhere (?:from|between) |any ?time (?:from|between) )?"
)
_TO = re.compile(r" (?:to|through|till|until|and|thru) (?:around |about |the )?")
_FROM_NOW = re.compile(
    rf"(?P<how>in|within)(?: the)?(?: next)?(?: about)? (?P<count>{COUNT}|half an|half a)"
    r"(?: more)? (?P<unit>hours?|minutes?|hrs?|mins?)(?P<half> and a half)?\b"
    rf"|(?P<count2>{COUNT}) (?P<unit2>hours?|minutes?)(?P<half2> and a half)? from now\b"
)
_THIS_PART = re.compile(r"(?:this|later this) (?=(?:late |early )?(?:morning|afternoon|evening))")
_NOW = re.compile(r"(?:(?<=come )|(?<=out )|(?<=here )|(?<=over )|^)(?:right now|now)\b")
_EARLY = re.compile(
    rf"(?P<which>early|late)(?: on)? (?=(?:this |next |the )?(?:{WEEKDAY}|tomorrow|today|\d+th|"
    rf"{MONTH} \d))"
)
_EARLY_SAID = re.compile(
    r"(?<!\btoo )(?<!\bas )(?<!\bso )(?<!\bvery )(?P<which>early"
    r"|late)(?: in the day)?(?= [,.;?!]|$)"
)
_END_OF_DAY = re.compile(r"by (?:the )?end of (?:the )?(?:business |work )?day\b(?: today)?")
# Words after which a number alone may be a time.
_BARE_BEFORE = re.compile(
    r"(?:^|(?:down|me|us|it|schedule|scheduled|appointment|book|booked|how about|what about) for |"
    r"how about |what about |say |make it |so |maybe )$"
)
_NO_NUMBER = re.compile(r"\b(?:either|any|this|that|which|some|every|each|no|another) $")
_DAY_FOLLOWS = re.compile(
    rf"(?: ,)? (?:on |this |next |the )*(?:{WEEKDAY}|tomorrow|today|tonight|{MONTH} \d|\d+th\b"
    r"|morning|afternoon|evening)"
)


def value_at(text: str, at: int, now: Now, *, beside: bool) -> Found | None:
    """What plain `text` names from `at` on, and where its words end.

    beside: a number alone may be a time here, since a day or a time stands just before it.
    """
    for read in (_special, _day_range, _time_range, _part, _bounded, _day):
        if (found := read(text, at, now)) is not None:
            return found
    return _time(text, at, beside=beside)


def _special(text: str, at: int, now: Now) -> Found | None:
    """What names a day and a time at once."""
    if text.startswith("tonight", at):
        # Between midnight and dawn "tonight" may be this very night, or the evening to come.
        part = PARTS[NIGHT if now.small_hours else "in the evening"]
        return (one(now.today), part), at + len("tonight")
    if words := _THIS_PART.match(text, at):
        part_found = part_at(text, words.end())
        if part_found is not None:
            return (one(now.today), part_found[0]), part_found[1]
    if words := _FROM_NOW.match(text, at):
        return (_from_now(words, now),), words.end()
    if words := _END_OF_DAY.match(text, at):
        following = day_at(text, words.end() + 1, now)
        if following is not None and not following[0].weak:
            return (replace(following[0], bound="by"),), following[1]
        return (one(now.today),), words.end()
    if words := _NOW.match(text, at):
        return (replace(one(now.today), weak=True),), words.end()
    if words := _EARLY.match(text, at) or _EARLY_SAID.match(text, at):
        return (PARTS["first thing" if words["which"] == "early" else "last thing"],), words.end()
    return None


def _from_now(words: re.Match[str], now: Now) -> Instant:
    counted, unit = words["count"] or words["count2"], words["unit"] or words["unit2"]
    count = 0.5 if counted.startswith("half") else float(count_of(counted))
    count += 0.5 if words["half"] or words["half2"] else 0
    minutes = round(count * (60 if unit.startswith("h") else 1))
    # Elapsed time: the clock may be set forward or back in between.
    at = now.at.astimezone(UTC) + timedelta(minutes=minutes)
    exact = words["how"] != "within" and "next" not in words[0]
    return Instant(at.astimezone(now.at.tzinfo).replace(second=0, microsecond=0), exact)


def _day_range(text: str, at: int, now: Now) -> Found | None:
    """ "Monday through Wednesday", "between the 18th and the 20th"."""
    words = _RANGE.match(text, at)
    start = words.end() if words else at
    opening = words["open"] if words else None
    first = (one(now.today), start + 3) if text.startswith("now ", start) and opening else None
    first = first or day_at(text, start, now)
    if first is None or not first[0].spans or first[0].weak or first[0].bound:
        return None
    to = _TO.match(text, first[1])
    if to is None or ("and" in to[0] and not (opening or "").strip().endswith("between")):
        return None
    last = day_at(text, to.end(), now) or _bare_day(text, to.end(), now, first[0])
    if last is None or not last[0].spans or last[0].weak:
        return None
    return (_joined(first[0], last[0]),), last[1]


def _joined(first: Days, last: Days) -> Days:
    spans = []
    for span in first.spans:
        if last.weekdays:
            end = weekday_from(span.first, last.weekdays[-1])
        else:
            later = [s.last for s in last.spans if s.last is not None and s.last >= span.first]
            end = later[0] if later else span.first
        spans.append(Span(span.first, end))
    both = bool(first.weekdays and last.weekdays)
    return Days(tuple(spans), weekdays=(*first.weekdays, *last.weekdays)[-2:] if both else ())


def _bare_day(text: str, at: int, now: Now, first: Days) -> tuple[Days, int] | None:
    """The second number of "the 18th to 20th"."""
    words = re.compile(r"(\d{1,2})th\b").match(text, at)
    day = next_monthday(first.spans[0].first, int(words[1])) if words else None
    return (one(day), words.end()) if words and day else None


def _time_range(text: str, at: int, now: Now) -> Found | None:
    """ "Between ten and two", "8 to 10"."""
    words = _RANGE.match(text, at)
    start = words.end() if words else at
    opening = (words["open"] or "") if words else ""
    first = _first_of_range(text, start)
    to = _TO.match(text, first[1]) if first else None
    if first is None or to is None or ("and" in to[0] and "between" not in opening):
        return None
    last = time_at(text, to.end())
    if last is None or (not opening and not is_short(first[0], last[0])):
        return None
    if re.compile(r"(?:at|around|about) $").search(text[:start]):
        return None
    return (Times("between", first[0], last[0]),), last[1]


def _first_of_range(text: str, at: int) -> tuple[At, int] | None:
    """The first time of a range: there "5 to 7" are two numbers."""
    words = re.compile(r"(\d{1,2})(?= (?:to|till|until|through|and) )").match(text, at)
    if words and 1 <= int(words[1]) <= 12:
        return At(int(words[1])), words.end()
    return time_at(text, at)


def _part(text: str, at: int, now: Now) -> Found | None:
    found = part_at(text, at)
    return None if found is None else ((found[0],), found[1])


def _bounded(text: str, at: int, now: Now) -> Found | None:
    for kind, pattern in _PREFIXES:
        words = pattern.match(text, at)
        if words is None:
            continue
        if kind != "at" and (day := day_at(text, words.end(), now)) and not day[0].weak:
            if kind == "around" or not day[0].spans:
                return (day[0],), day[1]
            # "Not until Friday" has Friday in it, "after Friday" has not.
            inside = kind == "after" and not re.search(r"\b(?:after|past)\b", words[0])
            bound = "from" if inside else kind
            return (replace(day[0], bound=bound),), _past_suffix(text, day[1])
        if clock := time_at(text, words.end()):
            kind, end = _suffixed(text, clock[1], _TIME_KINDS.get(kind, kind))
            return (Times(kind, clock[0]),), end
    return None


def _past_suffix(text: str, at: int) -> int:
    for _, pattern in _SUFFIXES:
        if words := pattern.match(text, at):
            return words.end()
    return at


def _suffixed(text: str, at: int, kind: str) -> tuple[str, int]:
    """The kind of a time, with what is said behind it: "two or later", "4 ish"."""
    for after, pattern in _SUFFIXES:
        if words := pattern.match(text, at):
            new = _TIME_KINDS.get(after, after)
            return (new if kind == "at" else kind), words.end()
    return kind, at


def _day(text: str, at: int, now: Now) -> Found | None:
    found = day_at(text, at, now)
    if found is None:
        return None
    for kind, pattern in _SUFFIXES:
        words = pattern.match(text, found[1])
        if words and not found[0].weak and found[0].spans:
            bound = "" if kind == "around" else kind
            return (replace(found[0], bound=bound),), words.end()
    return (found[0],), found[1]


def _time(text: str, at: int, *, beside: bool) -> Found | None:
    """A time without a word before it that makes it one."""
    clock = time_at(text, at, marked=True)
    if clock is None:
        clock = time_at(text, at)
        if clock is None:
            return None
        if _NO_NUMBER.search(text[:at]):
            return None
        bare = beside or _BARE_BEFORE.search(text[:at]) or _DAY_FOLLOWS.match(text, clock[1])
        suffixed = _suffixed(text, clock[1], "at")[0] != "at"
        if not (bare or suffixed):
            return None
    kind, end = _suffixed(text, clock[1], "at")
    return (Times(kind, clock[0]),), end
