"""The dollar figures a call may hear: those its tools returned, each called what it is.

A model may make up a price; this finds it in its words. Only what is said to be dollars counts
("$206", "206 dollars", "two hundred six bucks"), so that phone numbers, addresses, times and gate
codes are never meant. What cannot be read for certain passes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.domain.money import Cents, Figure, FigureRole, spoken
from shared.domain.spoken import digits

MOST_CORRECTIONS = 3

_SAID_AS = {
    FigureRole.VISIT: "the visit is",
    FigureRole.ESTIMATE: "the estimate is about",
    FigureRole.DEPOSIT: "the deposit is",
}

_LONGEST = 9  # digits: whatever is longer is no price
_MOST_GROUPS = 6
_NUMBER = r"(\d[\d,]{0,11}(?:\.\d{1,2})?)"
_SIGNED = re.compile(rf"\$\s?{_NUMBER}")
_UNIT = r"[\s-]*(?:u\.?s\.?\s+)?(?:dollars?|bucks?)\b"
_NUMERAL = re.compile(rf"(?<![\d$.,:]){_NUMBER}{_UNIT}", re.IGNORECASE)
_DOLLARS = re.compile(_UNIT, re.IGNORECASE)
_A_HUNDRED = re.compile(r"\ba (?=hundred\b|thousand\b)", re.IGNORECASE)
_CUT_OFF = re.compile(r"(?:hundred|thousand)\W+(?:and\W+)?$", re.IGNORECASE)

_SENTENCE = re.compile(r"[.!?](?=\s|$)")
_CLAUSE = re.compile(r"[.!?;](?=\s|$)|,(?!\d)|\b(?:and|but|plus)\b", re.IGNORECASE)
_CALLED_VISIT = re.compile(
    r"\b(?:service (?:call|fee|charge|visit)|visit|trip (?:fee|charge)|dispatch|diagnostic|"
    r"call[- ]?out|emergency fee)\b",
    re.IGNORECASE,
)
_CALLED_DEPOSIT = re.compile(
    r"\b(?:deposit|hold\w*|reserv\w*|secur\w*|up ?front|down payment|link)\b", re.IGNORECASE
)
_DENIAL = re.compile(r"\b(?:not|never|cannot|unable)\b|n['’]t\b", re.IGNORECASE)
_REGRET = re.compile(
    r"\b(?:wrong|misspoke|mistaken?|incorrect|sorry|apologi[sz]e|correct(?:ion|ed)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SpokenFigure:
    """A figure somebody said. `cents` are its possible readings: "two forty" is 240, or 40."""

    cents: frozenset[int]
    words: str
    start: int
    end: int


def figures_in(text: str) -> list[SpokenFigure]:
    """The dollar figures of `text`, in order."""
    found = [*_numerals(text), *_in_words(text)]
    return sorted(found, key=lambda figure: figure.start)


def _numerals(text: str) -> Iterator[SpokenFigure]:
    for pattern in (_SIGNED, _NUMERAL):
        for match in pattern.finditer(text):
            cents = frozenset({_cents(match.group(1))})
            yield SpokenFigure(cents, match.group().rstrip(","), match.start(), match.end())


def _cents(numeral: str) -> int:
    whole, _, rest = numeral.replace(",", "").partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def _in_words(text: str) -> Iterator[SpokenFigure]:
    for whole in digits.runs(text):
        run = whole[-_MOST_GROUPS:]
        start, unit = run[0].start, _DOLLARS.match(text, run[-1].end)
        if unit is None or text[run[-1].start : run[-1].end].isdigit():
            continue
        cents = _readings(run)
        if cents and not _CUT_OFF.search(text[:start]):
            yield SpokenFigure(cents, text[start : unit.end()], start, unit.end())


def _readings(run: list[digits.Digits]) -> frozenset[int]:
    """Groups may be one number ("two forty-eight") or the last of several ("300 and 800")."""
    readings = (digits.joined(run[at:]) for at in range(len(run)))
    return frozenset(int(reading) * 100 for reading in readings if len(reading) <= _LONGEST)


class PriceGuard:
    """What the tools of one call returned, and which words of the agent go beyond it."""

    def __init__(self) -> None:
        # All in cents. What may be said: amounts of tools, and of the business's own facts.
        self._backed: set[int] = set()
        self._deposits: set[int] = set()  # of these, what a tool returned as a deposit
        self._others: set[int] = set()  # ... and what one returned as a visit or an estimate
        # The last quote, or the booking, that a tool settled on: "the visit is" -> its amount.
        self._newest: dict[str, int] = {}
        self._callers: set[int] = set()  # numbers in the caller's last words
        self._wrong: set[int] = set()  # what was corrected already
        self._checked: set[str] = set()  # items of the agent's that were looked at
        self.corrections = 0  # how often the agent was corrected in this call

    # -- what may be said ---------------------------------------------------------------------

    def told(self, text: str) -> None:
        """Facts of the business: figures in them are as good as a tool's."""
        for figure in figures_in(text):
            self._backed |= figure.cents

    def returned(self, figures: Sequence[Figure]) -> None:
        """The amounts of a tool's answer."""
        for figure in figures:
            self._backed.add(figure.cents)
            if figure.role is FigureRole.DEPOSIT:
                self._deposits.add(figure.cents)
            elif figure.role is not FigureRole.RANGE:
                self._others.add(figure.cents)
        settled = {figure.role: figure.cents for figure in figures if figure.settled}
        if settled:
            named = ((words, settled.get(role)) for role, words in _SAID_AS.items())
            self._newest = {words: cents for words, cents in named if cents}

    def caller_said(self, text: str) -> None:
        """The caller's own numbers may be denied, and only that, until they speak again."""
        runs = digits.runs(text)
        self._callers = {cents for run in runs for cents in _readings(run[-_MOST_GROUPS:])}
        for figure in figures_in(text):
            self._callers |= figure.cents

    # -- what was said ------------------------------------------------------------------------

    def wrong(self, item_id: str, text: str) -> list[str]:
        """The figures of an item no tool returned, or not as what they were said to be."""
        if item_id in self._checked or not text:
            return []
        self._checked.add(item_id)
        text = _A_HUNDRED.sub("one ", text)
        said = figures_in(text)
        starts = [0, *(figure.end for figure in said)]
        wrong = [
            figure
            for figure, before in zip(said, starts, strict=False)
            if not self._may_be_said(figure, text, before)
        ]
        self._wrong.update(cents for figure in wrong for cents in figure.cents)
        return list(dict.fromkeys(figure.words for figure in wrong))

    def _may_be_said(self, figure: SpokenFigure, text: str, before: int) -> bool:
        backed = figure.cents & self._backed
        is_deposit = backed <= self._deposits - self._others
        if backed and not (is_deposit and _calls_it_visit(figure, text, before)):
            return True
        if figure.cents & (self._callers | self._wrong) and _DENIAL.search(_around(figure, text)):
            return True
        return bool(figure.cents & self._wrong) and _REGRET.search(text) is not None

    @property
    def right(self) -> str:
        """What the model is to say instead."""
        if self._newest:
            named = (f"{words} {spoken(Cents(cents))}" for words, cents in self._newest.items())
            return ", ".join(named)
        if self._backed:
            return "say only figures the tools returned"
        return "no price was looked up yet, so name none before get_pricing_quote has answered"


def _around(figure: SpokenFigure, text: str) -> str:
    """The sentence it stands in."""
    begins = max((m.end() for m in _SENTENCE.finditer(text, 0, figure.start)), default=0)
    ends = _SENTENCE.search(text, figure.end)
    return text[begins : ends.start() if ends else len(text)]


def _calls_it_visit(figure: SpokenFigure, text: str, before: int) -> bool:
    """Whether the words since the figure before it, up to the end of the clause, say so."""
    begins = max((m.end() for m in _SENTENCE.finditer(text, before, figure.start)), default=before)
    ends = _CLAUSE.search(text, figure.end)
    words = text[begins : ends.start() if ends else len(text)]
    return _CALLED_VISIT.search(words) is not None and _CALLED_DEPOSIT.search(words) is None
