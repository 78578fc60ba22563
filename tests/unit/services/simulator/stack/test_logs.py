"""Metrics among the lines that the processes print."""

import pytest

from services.simulator.stack.logs import emf


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (
            '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"Quotes"}]}]},"Quotes":1}',
            {"Quotes": [1]},
        ),
        (
            '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"A"},{"Name":"B"}]}]},"A":[1,2],"B":3}',
            {"A": [1, 2], "B": [3]},
        ),
        ('{"message": "_aws"}', {}),
        ('"_aws"', {}),
        ("not json", {}),
    ],
)
def test_metrics_are_read_from_lines(line: str, values: dict[str, list[float]]) -> None:
    assert emf(line) == values
