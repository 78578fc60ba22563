"""The days an agent names, by the calendar of the business: "tomorrow", "Friday, August 28th"."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.media_bridge.core.guards.claims.sentences import PlainSentence

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = tuple(calendar.month_name[n].lower() for n in range(1, 13))
_WEEKDAY = f"(?:{'|'.join(_WEEKDAYS)})"
_MONTH = f"(?:{'|'.join(month for month in _MONTHS if month)})"
_AHEAD = 60  # days in which a weekday that is named may lie
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayMention:
    """The days that words may mean; empty where they contradict themselves."""

    days: frozenset[date]
    start: int
    end: int
    part: str = ""  # morning, afternoon, evening
    how: str = ""  # the kind of words it was named by

    @property
    def is_impossible(self) -> bool:
        return not self.days


def days_in(sentence: PlainSentence, today: date) -> list[DayMention]:
    """The days a sentence names, in order; a weekday and its date together are one mention."""
    found: list[DayMention] = []
    for words in _MENTION.finditer(sentence.text):
        mention = _read(words, sentence, today)
        if mention is None:
            continue
        gap = sentence.text[found[-1].end : mention.start] if found else "x"
        if found and _BESIDE.fullmatch(gap.strip()) and _is_one(found[-1], mention, sentence):
            last = found.pop()
            mention = DayMention(
                last.days & mention.days,
                last.start,
                mention.end,
                last.part or mention.part,
                "both",
            )
        found.append(mention)
    return found


def _is_one(one: DayMention, other: DayMention, sentence: PlainSentence) -> bool:
    """ "Tomorrow, Wednesday the 13th" is one day; "Monday, Tuesday or Friday" are several."""
    listed = _MORE.match(sentence.text[other.end :]) is not None
    return one.how not in (other.how, "both") and not listed


_BESIDE = re.compile(
    r"(?:,|'s|is)? ?(?:the|that is|which is|that would be|so|this|and that is)?(?: the)?"
)
_MORE = re.compile(r" ,? ?(?:or|and) ")
_MENTION = re.compile(
    rf" (?P<after>(?:the )?day after tomorrow)(?= )"
    rf"| (?P<relative>today|tonight|tomorrow|overnight)(?= )"
    rf"| (?P<part>(?:later )?this (?:very )?(?:morning|afternoon|evening))(?= )"
    rf"| (?P<later>(?P<count>#\d+|a|an|one|two|a few) (?P<unit>days?|weeks?) from (?P<from>now|"
    rf"today|tomorrow|{_WEEKDAY}))(?= )"
    rf"| (?:in (?P<ahead>#\d+) days)(?= )"
    rf"| (?:(?P<next>next|this|this coming|the following) )?(?P<weekday>{_WEEKDAY})(?:(?P<week> "
    rf"(?:week|after next)))?(?! 's (?:rate|price))"
    rf"(?:(?: ,)?(?: the)? (?P<wd_month>{_MONTH})(?: the)? (?P<wd_day>#\d+)|(?: ,)? the "
    rf"(?P<wd_nth>#\d+)(?: of (?P<wd_of>{_MONTH}))?|(?: ,)? (?P<wd_slash>\d+/\d+))?(?= )"
    rf"| (?P<month>{_MONTH})(?: the)? (?P<day>#\d+)(?= )"
    rf"| the (?P<nth>#\d+)(?: of (?P<of>{_MONTH}))?(?= )"
    rf"| (?P<slash>\d{{1,2}}/\d{{1,2}})(?= )"
)  # fmt: skip


def _read(words: re.Match[str], sentence: PlainSentence, today: date) -> DayMention | None:
    for name, reader in _READERS:
        if words[name]:
            days = reader(words, sentence, today)
            if days is None:
                return None
            part = _part_of(words[name])
            return DayMention(frozenset(days), words.start(), words.end(), part, name)
    return None


def _part_of(words: str) -> str:
    if words in ("tonight", "overnight"):
        return "evening"
    return next((part for part in ("morning", "afternoon", "evening") if part in words), "")


def _relative(words: re.Match[str], _: PlainSentence, today: date) -> set[date]:
    return {today + _DAY if words["relative"] == "tomorrow" else today}


def _later(words: re.Match[str], sentence: PlainSentence, today: date) -> set[date] | None:
    mark = words["count"]
    count = sentence.number(mark).whole if mark[0] == "#" else {"two": 2, "a few": 3}.get(mark, 1)
    step = timedelta(days=count * (7 if words["unit"].startswith("week") else 1))
    if count > 60:
        return None
    since = words["from"]
    if since in _WEEKDAYS:
        return {day + step for day in _coming(since, today)[:1]}
    return {today + step + (_DAY if since == "tomorrow" else timedelta())}


def _weekday(words: re.Match[str], sentence: PlainSentence, today: date) -> set[date] | None:
    days = set(_coming(words["weekday"], today))
    if mark := words["wd_day"]:
        # Far ahead, too, and just gone: only the calendar tells whether there is such a day.
        named = _of_month(_MONTHS.index(words["wd_month"]) + 1, _day_of(sentence, mark), today)
        return {day for day in named if day.weekday() == _WEEKDAYS.index(words["weekday"])}
    if mark := words["wd_nth"]:
        if not sentence.number(mark).is_ordinal:
            return None
        month = words["wd_of"]
        return days & _of_month(
            _MONTHS.index(month) + 1 if month else 0, _day_of(sentence, mark), today
        )
    if slash := words["wd_slash"]:
        return days & _slash(slash, today)
    ordered = sorted(days)
    if words["week"] or words["next"] in ("next", "the following"):
        return set(ordered[:2]) - {today}
    return set(ordered[:1]) if ordered[0] != today else set(ordered[:2])


def _coming(weekday: str, today: date) -> list[date]:
    first = today + timedelta(days=(_WEEKDAYS.index(weekday) - today.weekday()) % 7)
    return [first + timedelta(days=7 * n) for n in range(_AHEAD // 7)]


def _dated(words: re.Match[str], sentence: PlainSentence, today: date) -> set[date] | None:
    return _of_month(_MONTHS.index(words["month"]) + 1, _day_of(sentence, words["day"]), today)


def _nth(words: re.Match[str], sentence: PlainSentence, today: date) -> set[date] | None:
    if not sentence.number(words["nth"]).is_ordinal:
        return None
    day = _day_of(sentence, words["nth"])
    month = words["of"]
    if (
        not month
        and day < 4
        and not re.match(r" (?:at|from|between) ", sentence.text[words.end() :])
    ):
        return None  # "the first thing", "the second one"
    return _of_month(_MONTHS.index(month) + 1 if month else 0, day, today)


def _slash(words: str, today: date) -> set[date]:
    month, _, day = words.partition("/")
    return _of_month(int(month), int(day), today) if 1 <= int(month) <= 12 else set()


def _day_of(sentence: PlainSentence, mark: str) -> int:
    return sentence.number(mark).whole


def _of_month(month: int, day: int, today: date) -> set[date]:
    """That day of a month, or of any month to come where none was named."""
    found = set()
    for ahead in range(-1, 13):
        year, at = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        if (month and at + 1 != month) or not 1 <= day <= calendar.monthrange(year, at + 1)[1]:
            continue
        found.add(date(year, at + 1, day))
    return {each for each in found if month or -1 <= (each - today).days <= 62}


_Reader = Callable[[re.Match[str], PlainSentence, date], "set[date] | None"]
_READERS: tuple[tuple[str, _Reader], ...] = (
    ("after", lambda _w, _s, today: {today + 2 * _DAY}),
    ("relative", _relative),
    ("part", lambda _w, _s, today: {today}),
    ("later", _later),
    ("ahead", lambda w, s, today: {today + s.number(w["ahead"]).whole % 400 * _DAY}),
    ("weekday", _weekday),
    ("month", _dated),
    ("nth", _nth),
    ("slash", lambda w, _s, today: _slash(w["slash"], today)),
)


def marks_of(sentence: PlainSentence, mentions: list[DayMention]) -> Iterator[str]:
    """The numbers that are part of a day."""
    for mention in mentions:
        yield from re.findall(r"#\d+", sentence.text[mention.start : mention.end])
