"""Natural sentences of our own, in a few plain situations.

A line has a situation, whether what the agent says is true in it, the caller's last words, and the
agent's. sentences.tsv may be tuned to; fresh.tsv was written when that was done, and was not.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from services.media_bridge.core.guards.claims.claim import Judged
from services.media_bridge.core.guards.claims.ledger import Ledger
from services.media_bridge.core.guards.claims.read import read
from services.media_bridge.core.guards.claims.reader import ClaimReader
from services.media_bridge.process import claim_weights
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.money import Cents, Figure, FigureRole

HERE = Path(__file__).parent
_NOW = datetime.fromisoformat("2026-05-12T15:40:00-04:00")  # a Tuesday
_LATE = datetime.fromisoformat("2025-08-28T19:12:00-04:00")  # a Thursday
_RATES = {False: (165, 550, 138, 300, 800), True: (248, 825, 206, 450, 1_200)}


@dataclass(frozen=True, slots=True)
class Said:
    situation: str
    is_true: bool
    caller: str
    agent: str
    is_held_out: bool


def own() -> Iterator[Said]:
    for name in ("sentences", "fresh"):
        with (HERE / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                is_true, held_out = row["true"] == "yes", name == "fresh"
                yield Said(row["case"], is_true, row["caller"], row["agent"], held_out)


def _figures(*, late: bool) -> Iterator[Figure]:
    for rate in (not late, late):
        visit, estimate, deposit, low, high = _RATES[rate]
        for role, dollars in (
            (FigureRole.VISIT, visit),
            (FigureRole.ESTIMATE, estimate),
            (FigureRole.DEPOSIT, deposit),
        ):
            yield Figure(role, Cents(dollars * 100), rate == late, "repair", rate)
        yield Figure(FigureRole.LOW, Cents(low * 100), service="repair", after_hours=rate)
        yield Figure(FigureRole.HIGH, Cents(high * 100), service="repair", after_hours=rate)


def _window(kind: ToolFactKind, start: str, *, late: bool = False, words: str = "") -> Fact:
    at = datetime.fromisoformat(f"{start}:00:00-04:00")
    return Fact(kind, at, at + timedelta(hours=2), late, words)


def _none(ledger: Ledger) -> None:
    ledger.now = _NOW


def _day(ledger: Ledger) -> None:
    ledger.now = _NOW
    ledger.returned(_figures(late=False))


def _open(ledger: Ledger) -> None:
    _day(ledger)
    starts = ("2026-05-13T10", "2026-05-13T14", "2026-05-14T08")
    ledger.returned((), [_window(ToolFactKind.OFFERED, start) for start in starts])


def _untexted(ledger: Ledger) -> None:
    _open(ledger)
    booked = _window(ToolFactKind.BOOKED, "2026-05-13T14", words="repair furnace rattles")
    ledger.returned(list(_figures(late=False))[-5:-2], [booked])


def _booked(ledger: Ledger) -> None:
    _untexted(ledger)
    ledger.returned((), [Fact(ToolFactKind.TEXTED)])


def _noted(ledger: Ledger) -> None:
    _booked(ledger)
    ledger.returned((), [Fact(ToolFactKind.NOTED, words="Gate code 4471, one dog")])


def _tonight(ledger: Ledger) -> None:
    ledger.now = _LATE
    first = _window(ToolFactKind.OFFERED, "2025-08-28T21", late=True)
    rest = [_window(ToolFactKind.OFFERED, f"2025-08-29T{hour}") for hour in ("08", "10")]
    ledger.returned(_figures(late=True), [first, *rest])


def _found(ledger: Ledger) -> None:
    ledger.now = _NOW
    deposit = Figure(FigureRole.DEPOSIT, Cents(13_800), True, "repair", False)
    found = _window(ToolFactKind.FOUND, "2026-05-15T10", words="repair")
    ledger.returned([deposit], [found, Fact(ToolFactKind.PAID)])


def _moved(ledger: Ledger) -> None:
    _found(ledger)
    off = _window(ToolFactKind.MOVED_OFF, "2026-05-15T10")
    ledger.returned(
        (), [off, _window(ToolFactKind.BOOKED, "2026-05-18T08"), Fact(ToolFactKind.TEXTED)]
    )


def _canceled(ledger: Ledger) -> None:
    _found(ledger)
    ledger.returned(
        (), [_window(ToolFactKind.CANCELED, "2026-05-15T10"), Fact(ToolFactKind.REFUND_ASKED)]
    )


def _of(kind: ToolFactKind) -> Callable[[Ledger], None]:
    def fill(ledger: Ledger) -> None:
        ledger.now = _NOW
        ledger.returned((), [Fact(kind)])

    return fill


_SITUATIONS: dict[str, Callable[[Ledger], None]] = {
    "none": _none, "day": _day, "open": _open, "booked": _booked, "untexted": _untexted,
    "noted": _noted, "tonight": _tonight, "found": _found, "moved": _moved,
    "canceled": _canceled, "transfer": _of(ToolFactKind.TRANSFER),
    "callback": _of(ToolFactKind.CALLBACK), "message": _of(ToolFactKind.MESSAGE_TAKEN),
}  # fmt: skip


@cache
def reader() -> ClaimReader:
    """What reads claims, as a bridge has it; loaded once."""
    return claim_weights.load()


def judged(said: str, ledger: Ledger, caller_last: str) -> tuple[Judged, ...]:
    """The claims in `said` that `ledger` does not bear out."""
    return read(said, reader().read(said, caller_last), ledger, caller_last)


def ledger_in(situation: str) -> Ledger:
    ledger = Ledger()
    _SITUATIONS[situation](ledger)
    return ledger
