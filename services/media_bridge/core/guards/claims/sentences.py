"""An agent's words as claims are read from them: sentences of plain words, numbers taken out.

Contractions are written out ("can't" is "can not"), every number is a mark (" #0 "), stops are
words of their own. So one pattern serves a claim however its numbers are said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.media_bridge.core.guards.claims.numbers import SaidNumber, number_at
from services.media_bridge.core.guards.claims.spanish import in_english

LONGEST = 2_000  # characters of one item: what is longer is cut
_SIGNS = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": " ", "”": " ", '"': " ", "…": " , "})
_Change = tuple[tuple[str, ...], re.Pattern[str], str]
# Each with what a text has to hold for it: looking for that is fifty times as cheap as the pattern.
_SPELT: tuple[_Change, ...] = tuple(
    (needs, re.compile(pattern), by)
    for needs, pattern, by in (
        (("a.", "p."), r"\b([ap])\.\s?m\b\.?", r" \1m "),
        (("am", "pm"), r"(?<=\d)\s?([ap])m\b", r" \1m "),
        (("a m", "p m"), r"\b([ap]) m\b", r"\1m"),
        (("-", "–", "—"), r"(?<=[\dm])\s?[–—-]\s?(?=\$?\d)", " to "),
        (("-", "–", "—", ".."), r"\s[–—-]+\s|[–—]|\.{2,}", " , "),
        (("clock",), r"\bo'clock\b|\bo clock\b", "oclock"),
        (("can",), r"\bcan't\b|\bcannot\b", "can not"),
        (("won't",), r"\bwon't\b", "will not"),
        (("shan't",), r"\bshan't\b", "shall not"),
        (("let's",), r"\blet's\b", "let us"),
        (("n't",), r"n't\b", " not"),
        (("gonna",), r"\bgonna\b", "going to"),
        (("'ve",), r"'ve\b", " have"),
        (("'re",), r"'re\b", " are"),
        (("'ll",), r"'ll\b", " will"),
        (("i'm",), r"\bi'm\b", "i am"),
        (("'d",), r"'d\b", " would"),
        (
            ("'s",),
            r"\b(it|that|there|here|he|she|what|who|where|when|how|everything|this)'s\b",
            r"\1 is",
        ),
        (("'s",), r"'s\b", " 's"),
        (("do ",), r"\b(i|we) do (have|see|show)\b", r"\1 \2"),
        (("-",), r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)", " "),
        (
            ("hundred", "thousand"),
            r"\b(hundred|thousand)[.,] and (\w+)[.,]? dollars\b",
            r"\1 and \2 dollars",
        ),
        (
            ("mon.", "tue.", "tues.", "wed.", "thu.", "thur.", "thurs.", "fri."),
            r"\b(mon|tue|tues|wed|thu|thur|thurs|fri)\b\.?(?=[,\s])",
            r"\1",
        ),
        (
            ("t.", "r.", "s.", "e.", "d.", "n.", "b.", "g.", "v.", "c."),
            r"\b(st|mr|mrs|ms|dr|ave|rd|jan|feb|aug|sept?|oct|nov|dec)\.",
            r"\1 ",
        ),
        (("k",), r"\b(\d+)\s?k\b", r"\1 k"),
    )
)
_TOKEN = re.compile(
    r"\$?[0-9]{1,2}/[0-9]{1,2}(?![0-9])|\$?[0-9][0-9,]*(?:\.[0-9]+)?(?:st|nd|rd|th)\b|"
    r"[0-9]{1,2}:[0-9]{2}|"
    r"\$?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|'?[^\W\d_]+|[.,;:?!%]"
)
_SHORT = {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday",
    "thur": "thursday", "thurs": "thursday", "fri": "friday", "jan": "january", "feb": "february",
    "aug": "august", "sep": "september", "sept": "september", "oct": "october", "nov": "november",
    "dec": "december", "cancelled": "canceled", "tonite": "tonight", "til": "till",
}  # fmt: skip
_FILLERS = frozenset(("um", "uh", "er", "erm", "hmm", "uhm", "like"))
_UNITS = frozenset(("dollars", "dollar", "bucks", "buck", "usd"))
_ENDS = frozenset(".?!")
_FRAGMENT = 3  # words: "Friday. November. Seventh." is one sentence


@dataclass(frozen=True, slots=True)
class PlainSentence:
    """Plain words with " #0 " where the number 0 stands; a blank at both ends."""

    text: str
    numbers: tuple[SaidNumber, ...]
    is_question: bool

    def number(self, mark: str) -> SaidNumber:
        return self.numbers[int(mark[1:])]


def sentences(said: str) -> list[PlainSentence]:
    """The sentences of `said`, in order."""
    found = [part for sentence in _split(_tokens(said)) for part in _without_tag(sentence)]
    joined: list[PlainSentence] = []
    for sentence in found:
        if joined and _is_fragment(joined[-1]) and _is_fragment(sentence):
            joined[-1] = _together(joined[-1], sentence)
        else:
            joined.append(sentence)
    return joined


def _tokens(said: str) -> list[str]:
    text = said[:LONGEST].lower().translate(_SIGNS)
    for needs, pattern, by in _SPELT:
        if any(part in text for part in needs):
            text = pattern.sub(by, text)
    tokens = (_SHORT.get(token, token) for token in _TOKEN.findall(text))
    return in_english([token for token in tokens if token not in _FILLERS])


def _split(tokens: list[str]) -> Iterator[PlainSentence]:
    words: list[str] = []
    numbers: list[SaidNumber] = []
    at = 0
    while at < len(tokens):
        word = tokens[at]
        if word in _ENDS:
            if words:
                yield _sentence(words, numbers, is_question=word == "?")
            words, numbers, at = [], [], at + 1
            continue
        found = None if "/" in word else number_at(tokens, at)
        if found is None or _counts(tokens, at):
            words.append(word)
            at += 1
            continue
        number, taken = found
        number, more = _with_unit(number, tokens, at + taken)
        words.append(f"#{len(numbers)}")
        numbers.append(number)
        at += taken + more
    if words:
        yield _sentence(words, numbers, is_question=False)


# "The last one", "this one".
_ONE_OF = frozenset(
    ("last", "first", "later", "latest", "next", "that", "this", "which", "early", "earlier",
     "another", "only", "other", "no", "new", "regular", "right", "good", "any", "every")
)  # fmt: skip
_ONE = SaidNumber(100, 1)
_DATED = re.compile(r"\w+day|tonight|january|february|march|april|may|june|july|august|\w+ber")


def _counts(tokens: list[str], at: int) -> bool:
    """ "The first I have", "one second": no day of a month, unless a day or a month is beside."""
    if tokens[at] == "one":
        # "The last one", but "that one sixty-five".
        return at > 0 and tokens[at - 1] in _ONE_OF and number_at(tokens, at) == (_ONE, 1)
    if tokens[at] not in ("first", "second", "third"):
        return False
    around = [*tokens[max(0, at - 3) : at], *tokens[at + 1 : at + 2]]
    return "of" not in around and not any(_DATED.fullmatch(word) for word in around)


def _with_unit(number: SaidNumber, tokens: list[str], at: int) -> tuple[SaidNumber, int]:
    """The number with what the word behind it makes of it, and whether that was taken."""
    unit = tokens[at] if at < len(tokens) else ""
    if unit in _UNITS:
        return replace(number, is_money=True, hour=None), 1
    if unit in ("percent", "%"):
        return replace(number, is_percent=True, hour=None), 1
    if number.hour is None:
        return number, 0
    if unit in ("am", "pm"):
        return replace(number, half=unit, is_clock=True), 1
    if unit == "oclock":
        half = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1] in ("am", "pm") else ""
        return replace(number, half=half, is_clock=True), 1 + bool(half)
    return number, 0


def _sentence(words: list[str], numbers: list[SaidNumber], *, is_question: bool) -> PlainSentence:
    return PlainSentence(f" {' '.join(words)} ", tuple(numbers), is_question)


# What turns a statement into a question, behind it: "it is $99, shall we?"
_TAG = re.compile(
    r" , (?=(?:and |so |or )?(?:shall|should|does that|sounds? good|want me|would you|would "
    r"that|can i|"
    r"do you want|is that (?:okay|ok|alright|all right|fine)|okay|ok|which|what would|how does) )"
)


def _without_tag(sentence: PlainSentence) -> Iterator[PlainSentence]:
    tag = _TAG.search(sentence.text) if sentence.is_question else None
    if tag is None:
        yield sentence
        return
    yield PlainSentence(f"{sentence.text[: tag.start()]} ", sentence.numbers, False)
    yield PlainSentence(f" {sentence.text[tag.end() :]}", sentence.numbers, True)


def _is_fragment(sentence: PlainSentence) -> bool:
    return len(sentence.text.split()) <= _FRAGMENT and not sentence.is_question


def _together(one: PlainSentence, other: PlainSentence) -> PlainSentence:
    shift = len(one.numbers)
    text = re.sub(r"#(\d+)", lambda m: f"#{int(m[1]) + shift}", other.text)
    return PlainSentence(
        f"{one.text}, {text.lstrip()}", one.numbers + other.numbers, other.is_question
    )
