"""What grading gives: shares with their 95 % intervals, and what went wrong; as a table or JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt

_Z = 1.959964  # of the normal distribution, for 95 %


@dataclass(frozen=True, slots=True)
class Row:
    """So many of so many. `interval` is Wilson's, which is also right near 0 and 1."""

    name: str
    hits: int
    of: int

    @property
    def share(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        share, spread = self.hits / self.of, _Z * _Z / self.of
        middle = (share + spread / 2) / (1 + spread)
        half = _Z / (1 + spread) * sqrt(share * (1 - share) / self.of + spread / (4 * self.of))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(slots=True)
class Report:
    title: str
    rows: list[Row]
    failures: list[str] = field(default_factory=list)

    def lines(self, *, verbose: bool) -> Iterator[str]:
        yield self.title
        width = max((len(row.name) for row in self.rows), default=0)
        for row in self.rows:
            low, high = row.interval
            share = "    -" if row.share is None else f"{row.share:.3f}"
            yield (
                f"  {row.name:{width}}  {share}  ({row.hits} of {row.of}; "
                f"95 %: {low:.3f} to {high:.3f})"
            )
        if verbose:
            yield from (f"  - {failure}" for failure in self.failures)


def as_json(reports: Sequence[Report]) -> str:
    return json.dumps(
        [
            {
                "title": report.title,
                "rows": [
                    {
                        "name": row.name,
                        "hits": row.hits,
                        "of": row.of,
                        "share": row.share,
                        "interval_95": row.interval,
                    }
                    for row in report.rows
                ],
                "failures": report.failures,
            }
            for report in reports
        ],
        indent=1,
        ensure_ascii=False,
    )
