"""What is mentioned in a wish, in order, and how each stands to the one before it."""

import re
from dataclasses import dataclass, field, replace

from shared.domain.calendar.spoken_dates.clock import Part, Times
from shared.domain.calendar.spoken_dates.days import day_at
from shared.domain.calendar.spoken_dates.names import COUNT, WEEKDAY
from shared.domain.calendar.spoken_dates.spans import Days, Now
from shared.domain.calendar.spoken_dates.values import Value, value_at


@dataclass(frozen=True, slots=True)
class Mention:
    """refused: "not Monday". joined: "or", "and", "," or "" between it and the one before.
    corrects: what was said before is taken back ("no wait, Friday")."""

    value: Value
    refused: bool = False
    joined: str = ""
    corrects: bool = False


@dataclass(slots=True)
class _Reader:
    """Where the reading of one text stands."""

    mentions: list[Mention] = field(default_factory=list)
    refusing: bool = False
    joined: str = ""
    correcting: bool = False
    past: bool = False
    clause: int = 0  # the first mention of this clause
    end: int = -1  # where the words of the last mention end
    weak: bool = False  # "any day" came last, so that "but" leaves something out


_UNIT = r"(?:second|minute|hour|day|week|month|year)s?"
_ONCE = re.compile(
    rf"(?:ever )?since (?:about |around |like |at )?|(?:for|in|over) (?:the )?(?:last"
    rf"|past) {COUNT} {_UNIT}"
    rf"|for (?:about |over |almost |like |the )?{COUNT} {_UNIT}\b|(?:the )?(?:last"
    rf"|past) {COUNT} {_UNIT}"
    rf"|{COUNT} {_UNIT} ago|a (?:while|long time) ago|(?:the )?other day|{COUNT} {_UNIT} old"
    rf"|(?:the )?day before yesterday|(?:on |late |early )?yesterday(?: morning| afternoon"
    rf"| evening| night)?"
    rf"|last (?:{WEEKDAY}|week|night|month|year|weekend|time|summer|winter|fall|spring)"
    r"(?: morning| afternoon| evening| night)?"
)
_SINCE = re.compile(r"(?:ever )?since ")
_HAPPENED = re.compile(
    r"(?:(?:was|were|been)(?! (?:hoping|thinking|wondering|looking|going|planning|gonna|told))"
    r"|broke|"
    r"died|quit|stopped|started|went|came|called|happened|noticed|failed|tripped|flooded|fixed|"
    r"replaced|bought|installed|began|smelled|leaked|burst|cracked|had (?:someone|somebody|you"
    r"|a))\b"
    r"(?! to\b)"
)
_BREAKS = re.compile(
    r"(?:and|but|so|can|could|need|want|would|please|hoping|looking|i'd|let|come|will|wondering|"
    r"is there|do you|are you|have you got)\b"
)
_REFUSES = re.compile(
    r"(?:(?:but |just |and |or )?(?:not|never)(?! sure| too| only| bad| a problem)"
    r"|except(?: for| on)?|"
    r"excluding|other than|besides|apart from|aside from|instead of|rather than|anything but|"
    r"any ?(?:time|day|thing)? (?:other than|but)|(?:i |we )?(?:can't|won't|don't|couldn't)"
    r"(?: really)? (?:do|make it|make|want|be (?:there|home|here)|work|have)?|"
    r"(?:i'm|i am|we're|i'll be) (?:busy|working|out of town|out|gone|away|booked|unavailable"
    r"|at work)(?! until| till)|"
    r"i work(?! until| till| through)|no(?= (?:morning|afternoon|evening|weekend|(?:mon|tues"
    r"|wednes|thurs|fri|satur|sun)days)))"
    r"(?= |$)"
)
_TAKEN_BACK = re.compile(
    r"(?:(?:is|are|was|would be|will be|'s)? ?(?:no good|not good|not great|not possible"
    r"|not an option|"
    r"out of the question|a bad day|bad for|taken|no go)|(?:doesn't|don't|won't|does not|will not|"
    r"wouldn't|isn't going to|can't)(?: really)? (?:work|suit|happen|do(?= [,.;]|$| but))"
    r"|isn't (?:good|great|possible)|"
    r"is (?:bad|out|full|a no)|(?:i|we) (?:can't|couldn't)(?= [,.;]| but| so|$)|"
    r"(?:i'm|we're|i'll be) (?:busy|working|gone|away)(?= [,.;]| but| so|$))\b"
)
_CORRECTS = re.compile(
    r"(?:no wait|wait no|wait|actually|oh no|i mean|i meant|i'm sorry|sorry|scratch that"
    r"|strike that|"
    r"or rather|correction|hold on|on 2th thought|make that|make it|let me change that|never ?mind|"
    r"no no|excuse me|better yet|no(?= not\b))(?: ,)?(?: no\b)?(?: ,)?(?: i mean| i meant"
    r"| actually| make"
    r" (?:it|that)| let(?:'s)? (?:do|say|make it))*(?= |$)(?! of)"
)
_NO = re.compile(r"no(?: ,)? (?:make it |on |at |the )?(?=\S)")
_OR = re.compile(
    r"(?:or|otherwise|alternatively|if not|failing that|then maybe)(?: maybe| else| even"
    r"| possibly)?\b"
)
_GLUE = re.compile(
    r"(?:on|in|at|for|the|this|any|during|a|of|like|maybe|perhaps|possibly|either|both|all|"
    r"preferably|ideally|even|really|guys|be|is|are|works?|fine)\b"
)
_THAT = re.compile(r"(?:any ?time )?(after|before) that\b")
_BESIDE = re.compile(r"(?: |,|and|or|at|say|maybe|like|around)*")
_MOVED = re.compile(
    r"(?:move|moved|moving|change|changed|switch|reschedule|rescheduled|push"
    r"|bump)(?: \w+){0,3}? from (?=\S)"
)
_WORD = re.compile(r"\S+")


def mentions(text: str, now: Now) -> list[Mention]:
    """Every day and time that plain `text` names as one for the visit."""
    reader, at = _Reader(), 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        at = _step(reader, text, at, now)
    return reader.mentions


def _step(reader: _Reader, text: str, at: int, now: Now) -> int:
    """Read what begins at `at`; where the next word begins."""
    if end := _past_at(text, at, now):
        return end
    if words := _TAKEN_BACK.match(text, at):
        _take_back(reader)
        return words.end()
    if (words := _THAT.match(text, at)) and reader.mentions:
        last = reader.mentions[-1]
        if isinstance(last.value, Times):
            reader.mentions[-1] = replace(last, value=replace(last.value, kind=words[1]))
            return words.end()
    if reader.weak and text.startswith("but ", at) and not text.startswith("but not ", at):
        reader.refusing = value_at(text, at + 4, now, beside=False) is not None or text.startswith(
            "but the ", at
        )
        return at + 4
    between = text[reader.end : at] if reader.end >= 0 else "no"
    beside = reader.correcting or _BESIDE.fullmatch(between) is not None
    found = value_at(text, at, now, beside=beside)
    if found is None:
        return _word(reader, text, at, now)
    if not reader.past:
        for value in found[0]:
            _add(reader, value)
    reader.end = found[1]
    return found[1]


def _past_at(text: str, at: int, now: Now) -> int | None:
    """The end of words about the past or how long something lasts, which are no wish."""
    if moved := _MOVED.match(text, at):  # "from Thursday to Friday": from a day that was booked
        booked = day_at(text, moved.end(), now)
        return None if booked is None else _past_time(text, booked[1], now)
    words = _ONCE.match(text, at)
    if words is None:
        return None
    # "The last week of June" is no time that has passed.
    named = value_at(text, at, now, beside=False)
    if named is not None and named[1] > words.end():
        return None
    return _end_of_since(text, words.end(), now) if _SINCE.match(text, at) else words.end()


def _past_time(text: str, at: int, now: Now) -> int:
    """The end of the time behind a day, where there is one."""
    found = value_at(text, at + 1, now, beside=True)
    timed = found is not None and isinstance(found[0][0], Part | Times)
    return found[1] if found is not None and timed else at


def _end_of_since(text: str, at: int, now: Now) -> int:
    """The end of the day and time that stand behind "since"."""
    while True:
        named = value_at(text, at, now, beside=True)
        once = _ONCE.match(text, at)
        end = named[1] if named is not None else once.end() if once is not None else at
        if end <= at:
            return at
        at = end + text.startswith(" ", end)


def _add(reader: _Reader, value: Value) -> None:
    last = reader.mentions[-1] if reader.mentions else None
    after_refused_day = (
        reader.refusing and last is not None and last.refused and isinstance(last.value, Days)
    )
    if after_refused_day and not isinstance(value, Days) and not reader.joined:
        return  # "not Monday morning": the day is refused as a whole
    if (
        reader.refusing
        and last is not None
        and last.refused
        and isinstance(last.value, Part | Times)
        and isinstance(value, Days)
    ):
        reader.refusing = False  # "not in the morning on Thursday"
    reader.mentions.append(Mention(value, reader.refusing, reader.joined, reader.correcting))
    reader.joined, reader.correcting = "", False
    reader.weak = isinstance(value, Days) and (value.weak or not value.single)


def _take_back(reader: _Reader) -> None:
    for at in range(reader.clause, len(reader.mentions)):
        reader.mentions[at] = replace(reader.mentions[at], refused=True)
    reader.clause, reader.refusing = len(reader.mentions), False


def _word(reader: _Reader, text: str, at: int, now: Now) -> int:
    """A word that names nothing, but may say how what follows is meant."""
    if words := _CORRECTS.match(text, at):
        _correct(reader)
        return words.end()
    if words := _REFUSES.match(text, at):
        reader.refusing, reader.past = True, False
        return words.end()
    if words := _NO.match(text, at):
        if value_at(text, words.end(), now, beside=True):
            _correct(reader)
        return at + 2
    if words := _OR.match(text, at):
        reader.joined = "or"
        return words.end()
    words = _WORD.match(text, at)
    if words is None:
        return len(text)
    _plain_word(reader, text, at, words[0])
    return words.end()


def _correct(reader: _Reader) -> None:
    reader.correcting, reader.refusing, reader.past = True, False, False
    reader.clause = len(reader.mentions)


def _plain_word(reader: _Reader, text: str, at: int, word: str) -> None:
    if word in ".,;?!":
        reader.refusing = reader.past = False
        reader.joined = reader.joined or ","
        reader.clause = len(reader.mentions)
        return
    if word == "and":
        reader.joined = "and"
    if _BREAKS.match(text, at):
        reader.past = False
        if word == "but":
            reader.joined = ","
        if word != "and":
            reader.refusing = False
            reader.clause = len(reader.mentions) if word in ("but", "so") else reader.clause
    elif _HAPPENED.match(text, at):
        reader.past = True
    elif not _GLUE.match(text, at):
        reader.refusing = False
