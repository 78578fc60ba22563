"""The one writer of metrics: CloudWatch Embedded Metric Format, one JSON line each, on stdout.

Every line carries two dimension sets, [stage] and [stage, business], because CloudWatch does not
add up across sets; a metric of no business carries [stage] only.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from shared.schema import BUSINESS, METRICS, NAMESPACE, STAGE


class EmfMetrics:
    """Implements `shared.actions.ports.Metrics`. `clock` gives the time of each value.

    Each metric of a business is paid for besides; without `by_business` only the stage's is kept.
    """

    def __init__(
        self,
        stage: str,
        clock: Callable[[], datetime],
        out: TextIO | None = None,
        *,
        by_business: bool = True,
    ) -> None:
        self._stage, self._clock, self._by_business = stage, clock, by_business
        self._out = out  # None: whatever stdout is when a line is written

    def count(self, metric: str, value: float = 1, *, business: str | None = None) -> None:
        """Write one value.

        Raises:
            KeyError: `metric` is not named in shared.schema.METRICS.
        """
        both = business and self._by_business
        dimensions = [[STAGE], [STAGE, BUSINESS]] if both else [[STAGE]]
        line: dict[str, object] = {
            "_aws": {
                "Timestamp": int(self._clock().timestamp() * 1000),
                "CloudWatchMetrics": [
                    {
                        "Namespace": NAMESPACE,
                        "Dimensions": dimensions,
                        "Metrics": [{"Name": metric, "Unit": METRICS[metric]}],
                    }
                ],
            },
            STAGE: self._stage,
            metric: value,
        }
        if business:
            line[BUSINESS] = business
        # One write for the line and its end, so that threads cannot interleave.
        out = self._out or sys.stdout
        out.write(json.dumps(line, separators=(",", ":")) + "\n")
        out.flush()
