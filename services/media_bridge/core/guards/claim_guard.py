"""Holds what the agent says in its own words against what this call's tools returned.

A model may make up a price, a day or a deed; this finds it in its words. What is contradicted is
cut and corrected, what is unsure is said and flagged: a wrong cut is worse than an unsure word.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from services.media_bridge.core.guards.claims.claim import ClaimVerdict, Judged, Odds
from services.media_bridge.core.guards.claims.ledger import Ledger
from services.media_bridge.core.guards.claims.read import read
from services.media_bridge.core.guards.claims.sentences import sentences
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.money import Figure

MOST_CORRECTIONS = 3


class ClaimGuard:
    """The ledger of one call, and which words of the agent go beyond it."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        # The clock of the business when it was told, and the call's time then.
        self._clock: tuple[datetime, int] | None = None
        self.caller = ""  # their last words
        self._checked: set[str] = set()  # items of the agent's that were looked at
        self.cut: set[str] = set()  # responses that were stopped for what they said
        self.corrections = 0  # how often the agent was corrected in this call

    def begin(self, texts: Iterable[str], now: datetime | None, at_ms: int) -> None:
        """What the business says of itself, figures in which are as good as a tool's, and its
        clock at `at_ms`; without one no day is judged."""
        lines = (line for text in texts for line in text.splitlines())
        self._ledger.told = frozenset(
            number.cents
            for line in lines
            for sentence in sentences(line)
            for number in sentence.numbers
            if number.is_money
        )
        self._clock = None if now is None else (now, at_ms)

    def returned(self, figures: Sequence[Figure], facts: Sequence[Fact] = ()) -> None:
        """What a tool's answer holds."""
        self._ledger.returned(figures, facts)

    def done(self, kind: ToolFactKind) -> None:
        """Code does this itself: it tells on-call of a danger, or hands the call over."""
        self._ledger.returned((), (Fact(kind),))

    def caller_said(self, text: str) -> None:
        """What may be denied, asked back or agreed to, until they speak again."""
        self.caller = text

    def judge(
        self,
        item_id: str,
        text: str,
        odds: Sequence[Odds],
        at_ms: int,
        *,
        heard: str | None = None,
        running: frozenset[str] = frozenset(),
    ) -> tuple[list[Judged], list[Judged]]:
        """The claims of an item that are contradicted, and those that are unsure; each item is
        judged once. `odds` are what the sentences of `text` may claim, `heard` is as much of it as
        was heard, None for all; `running` are the tools that have not answered."""
        if item_id in self._checked or not (text if heard is None else heard):
            return [], []
        self._checked.add(item_id)
        if self._clock is not None:
            began, since = self._clock
            self._ledger.now = began + timedelta(milliseconds=at_ms - since)
        self._ledger.running = running
        found = read(text, odds, self._ledger, self.caller, heard)
        return (
            [each for each in found if each.verdict is ClaimVerdict.CONTRADICTED],
            [each for each in found if each.verdict is ClaimVerdict.UNSURE],
        )
