"""What the tools of one call have returned: every figure in its role, every window, every deed."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.domain.facts import Fact, ToolFactKind
from shared.domain.money import Cents, Figure, FigureRole, spoken
from shared.schema import ToolName

_SAID_AS = {
    FigureRole.VISIT: "the visit is",
    FigureRole.ESTIMATE: "the estimate is about",
    FigureRole.DEPOSIT: "the deposit is",
}
_STANDS = (ToolFactKind.BOOKED, ToolFactKind.FOUND)
_WORD = re.compile(r"[a-z0-9]{2,}")


class Ledger:
    """The typed facts of one call, in the order in which they came."""

    def __init__(self) -> None:
        # The clock of the business; None until the call was set up: no day can be judged then.
        self.now: datetime | None = None
        # Every amount that was returned, the later behind the earlier.
        self.figures: list[Figure] = []
        # Of these the ones that no later answer replaced: one answer may hold two of a role.
        self.current: list[Figure] = []
        # Amounts in cents that the business's own words name.
        self.told: frozenset[int] = frozenset()
        self.facts: list[Fact] = []
        # Windows that stand, and those that were offered last and may still be had.
        self.standing: list[Fact] = []
        self.offered: list[Fact] = []
        # Tools that have not answered.
        self.running: frozenset[str] = frozenset()

    def returned(self, figures: Iterable[Figure], facts: Sequence[Fact] = ()) -> None:
        """A tool's answer."""
        new = [figure for figure in figures if figure.cents > 0]
        self.figures += new
        roles = {_key(figure) for figure in new}
        self.current = [old for old in self.current if _key(old) not in roles] + new
        if any(fact.kind is ToolFactKind.TAKEN for fact in facts):
            self.offered = []
        for fact in facts:
            self._take(fact)

    def _take(self, fact: Fact) -> None:
        self.facts.append(fact)
        if fact.kind is ToolFactKind.OFFERED and fact.start is not None:
            self.offered.append(fact)
        elif fact.kind in _STANDS:
            self.standing = [each for each in self.standing if each.start != fact.start] + [fact]
        elif fact.kind in (ToolFactKind.MOVED_OFF, ToolFactKind.CANCELED):
            self.standing = [each for each in self.standing if each.start != fact.start]

    def has(self, *kinds: ToolFactKind) -> bool:
        return any(fact.kind in kinds for fact in self.facts)

    def count(self, kind: ToolFactKind) -> int:
        return sum(fact.kind is kind for fact in self.facts)

    def runs(self, *tools: ToolName) -> bool:
        return any(tool in self.running for tool in tools)

    def words(self, *kinds: ToolFactKind) -> frozenset[str]:
        """Every word of the facts of these kinds."""
        return frozenset(
            word
            for fact in self.facts
            if fact.kind in kinds
            for word in _WORD.findall(fact.words.lower())
        )

    @property
    def services(self) -> frozenset[str]:
        return frozenset(figure.service for figure in self.figures if figure.service)

    @property
    def settled(self) -> list[Figure]:
        """The amounts of the answer that settled something last."""
        for at in range(len(self.figures) - 1, -1, -1):
            if self.figures[at].settled:
                last = self.figures[at]
                same = [f for f in self.figures[: at + 1] if f.settled and _alike(f, last)]
                return list({figure.role: figure for figure in same}.values())
        return []

    @property
    def prices(self) -> str:
        """What the model is to say of money."""
        named = (
            f"{_SAID_AS[figure.role]} {spoken(Cents(figure.cents))}"
            for figure in self.settled
            if figure.role in _SAID_AS
        )
        text = ", ".join(named)
        if text:
            return text
        if self.figures:
            return "say only figures the tools returned"
        return "no price was looked up yet, so name none before get_pricing_quote has answered"

    @property
    def times(self) -> str:
        """What the model is to say of when."""
        if self.standing:
            return f"the visit is booked for {_when(self.standing[-1])}"
        if self.offered:
            return f"the times you have are {', '.join(_when(fact) for fact in self.offered[:3])}"
        return "no time was looked up yet, so name none before check_availability has answered"


def _key(figure: Figure) -> tuple[str, FigureRole, bool | None]:
    return figure.service, figure.role, figure.after_hours


def _alike(one: Figure, other: Figure) -> bool:
    return one.service == other.service and one.after_hours == other.after_hours


def _when(fact: Fact) -> str:
    if fact.start is None or fact.end is None:
        return "no time"
    return f"{fact.start:%A, %B} {fact.start.day}, {_clock(fact.start)} to {_clock(fact.end)}"


def _clock(at: datetime) -> str:
    return f"{at:%I:%M %p}".lstrip("0").replace(":00", "")
