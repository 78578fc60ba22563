"""The amounts an agent says, each with what it calls them."""

import re
from collections.abc import Iterator

from services.media_bridge.core.guards.claims import money_words as words
from services.media_bridge.core.guards.claims.claim import AmountClaim, Hedge
from services.media_bridge.core.guards.claims.frames import REPORTED, denied
from services.media_bridge.core.guards.claims.numbers import SaidNumber
from services.media_bridge.core.guards.claims.sentences import PlainSentence
from shared.domain.money import FigureRole

_SMALLEST = 20_00  # what is less and not called dollars is an hour or a count
_MARK = re.compile(r"#\d+")
_PARTS = re.compile(r" (?:[,;:]|and|but|plus|or|so|of which|while|then) ")
_RANGE = re.compile(r"(?:(?<= between )(#\d+) and|(#\d+) (?:up |all the way (?:up )?)?to|(#\d+) "
                    r"through) "
                    r"(?:about |around |maybe |as much as )?(#\d+)")  # fmt: skip
_ENDS = re.compile(
    r"(?:from |between )?(#\d+) (?:on|at|for) (?:the|a) (?:low|[a-z ]{3,30}?)(?: end| side)?,? "
    r"?(?:and |to |up to |all the way (?:up )?to )"
    r"(#\d+) (?:on|at|for) (?:the|a) (?:high|[a-z ]{3,20})"
)
_AGREED = re.compile(
    r" (?:works|is fine|deal|sure|yes|yeah|yep|absolutely|of course|no problem|sounds good|make it|"
    r"makes it|it is|do it|we can do|i can do|can do that|you got it|match|certainly|you bet|"
    r"agreed)(?= )"
)
_TAKEN_OFF = re.compile(r" (?:off|discount|less|cheaper|break|credit|coupon|rebate|savings?)(?= )")
_FLAT = frozenset((FigureRole.VISIT, FigureRole.DEPOSIT))
_HAGGLES = re.compile(
    r" (?:do it for|do|make it|for|even|only have|go|deal|say|how about|take|accept)(?: "
    r"\w+){0,2} #\d+ | #\d+ (?:even|flat|total) "
)


def is_about_money(caller_last: PlainSentence) -> bool:
    haggled = _HAGGLES.search(caller_last.text)
    if haggled and caller_last.number(re.findall(r"#\d+", haggled[0])[0]).whole > 20:
        return True
    return words.MONEY.search(caller_last.text) is not None or any(
        pattern.search(caller_last.text) for _, pattern in words.ROLES
    )


def speaks_of(sentence: PlainSentence, times: frozenset[str], caller_asks: bool) -> bool:
    """Whether any amount is named, claimed or not."""
    marks = _MARK.findall(sentence.text)
    return any(
        sentence.number(mark).is_percent or _is_money(sentence, mark, set(times), caller_asks)
        for mark in marks
    )


def callers_amounts(sentence: PlainSentence) -> frozenset[int]:
    return frozenset(number.cents for number in sentence.numbers)


def amounts(
    sentence: PlainSentence,
    *,
    times: frozenset[str] = frozenset(),
    before: str = "",
    caller_asks: bool = False,
    callers: frozenset[int] = frozenset(),
) -> Iterator[AmountClaim]:
    """The claims of amounts in a sentence. `times` are marks that were read as times; `before` is
    the sentence before it; `caller_asks`: their last words were about money; `callers` are the
    amounts in these, which are no claim of ours but where they are agreed to."""
    if sentence.is_question:
        return
    text, done = sentence.text, set(times)
    money = [mark for mark in _MARK.findall(text) if _is_money(sentence, mark, done, caller_asks)]
    for low, high, start, end in _ranges(text, set(money), done):
        done |= {low, high}
        if denied(text, start, end) or _is_told(text, start):
            continue
        one, other = sentence.number(low), sentence.number(high)
        cents = one.cents
        if one.whole < 100 <= other.whole and other.cents % 10_000 == 0 and one.whole < 20:
            cents *= 100  # "three to eight hundred"
        near = _near(text, start, end, times)
        yield AmountClaim(
            cents,
            _roles(text, start, end, before, times),
            near,
            _part(text, start, end),
            Hedge.FLAT,
            other.cents,
            is_plain=True,
        )
    for mark in money:
        if mark in done:
            continue
        start = text.index(f"{mark} ")
        claim = _single(sentence, mark, start, before, callers, times)
        if claim is not None:
            yield claim


def _single(
    sentence: PlainSentence,
    mark: str,
    start: int,
    before: str,
    callers: frozenset[int],
    times: frozenset[str],
) -> AmountClaim | None:
    text, number = sentence.text, sentence.number(mark)
    end = start + len(mark)
    if re.match(r" (?:, )+#\d+ ", text[end:]) and mark[1:] != str(len(sentence.numbers) - 1):
        return None  # begun anew: "one thirty, one thirty-eight"
    if denied(text, start, end) or _TAKEN_OFF.match(text[end:]):
        return None
    roles = _roles(text, start, end, before, times)
    own = _part(text, start, end)
    if _is_told(text, start) or REPORTED.search(own):
        return None
    is_agreed = False
    if number.cents in callers:
        is_agreed = _AGREED.search(text) is not None
        calls = re.search(r" (?:is|be|'s|are|at|just|only) (?:about |only |just )?$", text[:start])
        if not is_agreed and not (
            roles and (calls or (roles & _FLAT and _is_plain(text, start, end)))
        ):
            return None
    near = _near(text, start, end, times)
    return AmountClaim(
        number.cents,
        roles,
        near,
        own,
        _hedge(text, start, end),
        is_plain=number.cents not in callers and _is_plain(text, start, end),
        is_agreed=is_agreed,
        is_dollars=number.is_money,
    )


def _is_money(sentence: PlainSentence, mark: str, done: set[str], caller_asks: bool) -> bool:
    number, text = sentence.number(mark), sentence.text
    if mark in done or number.is_percent or number.is_ordinal or number.cents == 0:
        return False
    if number.is_money:
        return True
    start = text.index(f"{mark} ")
    after, before = text[start + len(mark) + 1 :], text[:start]
    if number.cents < _SMALLEST or number.is_clock or words.NOT_MONEY_AFTER.match(after):
        # "Three to eight hundred": the hundred is the other's.
        return (
            number.cents >= 100
            and re.match(r"to #", after) is not None
            and _is_hundreds(sentence, mark)
        )
    if words.NOT_MONEY_BEFORE.search(before) and not _names_price(before):
        return False
    own = _part(text, start, start + len(mark))
    called = any(pattern.search(own) for _, pattern in words.ROLES) or words.MONEY.search(own)
    if _CLOCK.search(before) and re.match(r"(?:to|past|after|of|till) #", after):
        return False  # "it's twenty-five to eleven"
    if number.is_code and (number.whole > 999 or not called):
        return False
    if called or (number.whole >= 100 and (_PRICED.search(before) or _is_bare(number, after))):
        return True
    if number.whole < 100 and number.hour is not None:
        return False
    speaks = words.MONEY.search(text) or any(pattern.search(text) for _, pattern in words.ROLES)
    return bool(caller_asks or (speaks and number.whole >= 20))


def _is_bare(number: SaidNumber, after: str) -> bool:
    """A number that is no time and counts nothing: "I can do one fifty for you"."""
    is_time = number.hour is not None and number.minute in (0, 15, 30, 45)
    return not is_time and not number.is_code and _BARE.match(after) is not None


_CLOCK = re.compile(r" (?:it is|at|now|almost|about|nearly) $")
_BARE = re.compile(r"(?:for (?:you|that|this|it|everything)|even|flat|total|all in) ")
_PRICED = re.compile(
    r" (?:would be|will be|runs?|starts? at|you are looking at|comes? to|goes for|more than|"
    r"exceed|above|go over)(?: (?:about|around|roughly|maybe|like))? $"
)


def _is_hundreds(sentence: PlainSentence, mark: str) -> bool:
    other = sentence.numbers[int(mark[1:]) + 1]
    return not other.is_clock and other.whole >= 100 and other.hour is None


def _names_price(before: str) -> bool:
    return (
        re.search(
            r" (?:visit|deposit|fee|estimate|price|cost|total|repair|charge) (?:is|to|of|at) $",
            before,
        )
        is not None
    )


def _ranges(text: str, money: set[str], done: set[str]) -> Iterator[tuple[str, str, int, int]]:
    for found in (*_RANGE.finditer(text), *_ENDS.finditer(text)):
        low, high = (mark for mark in found.groups() if mark)
        # "Three to eight hundred": the low end alone would be an hour.
        is_low = (
            low in money
            or text.startswith(f"{low} to {high}", found.start())
            or " between " in found[0]
        )
        if high in money and is_low and not {low, high} & done:
            yield low, high, found.start(), found.end()


def _part(text: str, start: int, end: int) -> str:
    """The words around an amount, up to a stop or the next clause."""
    begins = max(
        (m.end() - 1 for m in _PARTS.finditer(text, 0, start + 1) if m.end() <= start + 1),
        default=0,
    )
    stop = _PARTS.search(text, end)
    return text[begins : stop.start() + 1 if stop else len(text)]


def _near(text: str, start: int, end: int, times: frozenset[str]) -> str:
    """The words that tell of which service and rate it is: its own clause, and what leads to it."""
    begins = max((m.end() for m in _MARK.finditer(text, 0, start) if m[0] not in times), default=0)
    later = next((m.start() for m in _MARK.finditer(text, end) if m[0] not in times), len(text))
    return f"{text[begins:start]} {text[end:later]} "


def _roles(
    text: str, start: int, end: int, before: str, times: frozenset[str]
) -> frozenset[FigureRole]:
    own = _part(text, start, end)
    found = _called(own)
    if found:
        return found
    # "Two oh six, that's the deposit": a clause without an amount of its own tells.
    rest = text[end:]
    follows = re.match(
        r" , (?:(?:that|this|which|it) (?:is|'s|was) |for |as |to )([^#]*?)(?: [,;:] | but |$)",
        rest,
    )
    if follows and (found := _called(f" {follows[1]} ")):
        return found
    begins = max((m.end() for m in _MARK.finditer(text, 0, start) if m[0] not in times), default=0)
    if found := _called(text[begins:start] + " "):
        return found
    return _called(before) if before and not _MARK.search(before) and begins == 0 else frozenset()


def _called(text: str) -> frozenset[FigureRole]:
    text = words.OF_ANOTHER.sub(" ", text)
    found = frozenset(role for role, pattern in words.ROLES if pattern.search(text))
    if FigureRole.DEPOSIT in found and " deposit " in text.replace("deposits", "deposit"):
        # "The deposit for the visit", "the deposit on the repair".
        return frozenset({FigureRole.DEPOSIT})
    if FigureRole.VISIT in found and re.search(
        r" (?:service (?:call|fee|charge)|visit|fee) ", text
    ):
        return found - {FigureRole.ESTIMATE}
    return found


_TO = re.compile(rf"{words.LINKS} $")
_BETWEEN = re.compile(words.LINKS)


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether nothing but small words stands between an amount and a word for what it is."""
    before, after = text[:start], text[end:]
    for _, pattern in words.ROLES:
        if any(_TO.fullmatch(before, called.end()) for called in pattern.finditer(before)):
            return True
        called = pattern.search(after)
        if called and _BETWEEN.fullmatch(after, 0, called.start()):
            return True
    return False


def _hedge(text: str, start: int, end: int) -> Hedge:
    before, after = text[:start], text[end:]
    if words.UNDER.search(before):
        return Hedge.UNDER
    if words.OVER.search(before):
        return Hedge.OVER
    if words.ABOUT.search(before) or words.ABOUT_AFTER.match(after):
        return Hedge.ABOUT
    return Hedge.FLAT


def _is_told(text: str, start: int) -> bool:
    """Somebody else said it, or it is only supposed ("if it comes to 500")."""
    part = text[max(0, text.rfind(" . ", 0, start)) : start] + " "
    begins = max((m.end() - 1 for m in _PARTS.finditer(part)), default=0)
    return (
        REPORTED.search(part[begins:]) is not None
        or re.search(r" (?:if|even if) ", part[begins:]) is not None
    )
