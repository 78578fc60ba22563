"""What one alarm is: metrics, arithmetic, limit, how missing data counts, and who is told.

Ratios are written as products (`cut > 0.05 * ended`), so that nothing is ever divided by zero,
and counts are filled with zeros, so that one half of a ratio may be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# page: somebody is woken. callers: a ticket, and the one page of CallersAffected.
Route = Literal["page", "callers", "ticket"]
Comparison = Literal[">=", ">", "<"]
# A count that is not written is a zero; a heartbeat that is not written is an outage.
Missing = Literal["is fine", "is bad"]

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class OwnMetric:
    """A metric of shared.schema.METRICS, of the whole stage."""

    name: str
    stat: str = "Sum"


@dataclass(frozen=True, slots=True)
class AwsMetric:
    """A metric AWS writes itself; `of` names the resource among what the stack watches."""

    namespace: str
    name: str
    of: str
    stat: str = "Sum"
    operation: str | None = None  # of a table


@dataclass(frozen=True, slots=True)
class Rule:
    """`metrics` by the name the expression uses; a single one needs no expression."""

    name: str
    route: Route
    means: str
    first: str  # what to look at first
    metrics: Mapping[str, OwnMetric | AwsMetric]
    expression: str = ""
    comparison: Comparison = ">="
    threshold: float = 1
    period_s: int = 5 * MINUTE
    periods: int = 1
    breaching: int | None = None  # so many of the periods; all of them when None
    missing: Missing = "is fine"
    section: str = ""  # of docs/operations.md, where several rules share one

    @property
    def heading(self) -> str:
        """The section of docs/operations.md that tells what to do."""
        return self.section or self.name

    @property
    def anchor(self) -> str:
        return f"docs/operations.md#{self.heading.lower()}"

    @property
    def is_percentile(self) -> bool:
        """Of few samples a percentile is their maximum, and says nothing."""
        return any(metric.stat.startswith("p") for metric in self.metrics.values())


def filled(expression: str, *names: str) -> str:
    """`expression` with each of `names` counted as 0 where it was not written."""
    return expression.format(**{name: f"FILL({name}, 0)" for name in names})
