"""Exchanges of the agent and a caller, and what each half of them says."""

import csv
from dataclasses import dataclass
from pathlib import Path

TOLD = Path(__file__).parent / "told.tsv"


@dataclass(frozen=True, slots=True)
class Exchange:
    agent: str
    caller: str
    expected: str  # a hazard's name, or "none"
    asks: str  # of ASKS
    says: str  # of SAYS


def told() -> list[Exchange]:
    """Every exchange that trains, in the file's order."""
    with TOLD.open(encoding="utf-8", newline="") as lines:
        return [
            Exchange(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
