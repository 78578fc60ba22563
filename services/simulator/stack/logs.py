"""What the processes of the stack print: every line, and the metrics among them."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Values = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Logs:
    """What the processes printed: metrics by name, and every line."""

    metrics: Values = field(default_factory=lambda: defaultdict(list))
    lines: list[str] = field(default_factory=list)
    also: Callable[[str], None] = lambda _: None  # is told each line, too

    def counts(self) -> dict[str, int]:
        """How many values of each metric there are by now."""
        return {name: len(values) for name, values in self.metrics.items()}

    def since(self, counts: Mapping[str, int]) -> Values:
        """The metrics that came since there were so many."""
        new = {name: values[counts.get(name, 0) :] for name, values in self.metrics.items()}
        return {name: values for name, values in new.items() if values}

    def take(self, line: str) -> None:
        self.lines.append(line)
        self.also(line)
        if '"_aws"' in line:
            for name, values in emf(line).items():
                self.metrics[name] += values


def emf(line: str) -> Values:
    """Return the values of one line of Embedded Metric Format; nothing for any other line."""
    try:
        record = json.loads(line)
        blocks = record["_aws"]["CloudWatchMetrics"]
        names = [metric["Name"] for block in blocks for metric in block["Metrics"]]
    except (ValueError, KeyError, TypeError):
        return {}
    found: Values = {}
    for name in names:
        value = record.get(name)
        found[name] = [float(each) for each in (value if isinstance(value, list) else [value])]
    return found
