"""The tables of what it costs add up, and count what is kept."""

import re
from pathlib import Path

import pytest

from infra.ops.deploy import KEPT
from tests.infra.conftest import CONTEXT, Deployment, deployment

PAGE = Path(__file__).parents[2] / "docs/operations.md"


def tables() -> dict[str, list[tuple[str, str, str]]]:
    """Heading -> rows of what, arithmetic and dollars."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    costs = PAGE.read_text("utf-8").split("## What it costs")[1].split("\n## ")[0]
    for part in costs.split("\n### ")[1:]:
        rows = re.findall(r"^\| (.+?) \| (.*?) ?\| (.+?) \|$", part, re.MULTILINE)
        found[part.partition("\n")[0]] = rows[1:]
    return found


def dollars(text: str) -> float:
    """The first figure; what is set in italics is told beside the sum."""
    figure = re.search(r"\d+(?:\.\d+)?", text)
    return 0.0 if text.startswith("*") and "**" not in text else float(figure[0]) if figure else 0.0


@pytest.mark.parametrize("name", tables())
def test_the_rows_of_a_table_add_up_to_what_it_says(name: str) -> None:
    *rows, (last, _, together) = tables()[name]
    assert last == "**together**" and len(rows) > 5
    off = 0.005 if dollars(together) < 1 else 0.5
    assert sum(dollars(cost) for _, _, cost in rows) == pytest.approx(dollars(together), abs=off)


def test_a_snapshot_is_paid_for_each_version_that_is_kept() -> None:
    (row,) = [row for row in next(iter(tables().values())) if "SnapStart" in row[0]]
    assert float(row[2]) == pytest.approx(KEPT * 0.0000015046 * 730 * 3600, abs=0.005)


def test_what_a_month_of_calls_costs_begins_with_the_idle_month() -> None:
    idle = round(dollars(next(iter(tables().values()))[-1][2]))
    said = re.search(r"300 calls a month cost about (\d+) \+ (\d+) \+ 300 × 0.40 = (\d+)",
                     PAGE.read_text("utf-8"))  # fmt: skip
    assert said is not None
    first, metrics, whole = map(int, said.groups())
    assert (first, whole) == (idle, idle + metrics + 120)


def alarmed(stage: Deployment) -> int:
    """Metrics that the alarms read, as AWS charges them: each for itself, in each alarm. The
    anomaly band and the two that roll back are told apart."""
    alarms = stage.templates["observability"].of("AWS::CloudWatch::Alarm").values()
    return sum(
        sum("MetricStat" in metric for metric in alarm["Metrics"]) if "Metrics" in alarm else 1
        for alarm in alarms
        if "ThresholdMetricId" not in alarm
    )


@pytest.mark.parametrize(("heading", "small"), [(0, False), (1, True)])
def test_the_alarms_are_counted_as_they_are(heading: int, small: bool, tmp_path: Path) -> None:
    stage = {**CONTEXT["stages"]["prod"], "name": "prod", "small": small, "region": "us-east-1"}
    rows = list(tables().values())[heading]
    said = next(row for row in rows if row[0].startswith("alarms"))
    metrics = re.match(r"(\d+) metrics", said[1])
    assert metrics is not None
    assert int(metrics[1]) == alarmed(deployment(tmp_path, stage))
    extras = (0.5, 0.3, 0.2) if not small else (0.5, 0.2)
    assert float(said[2]) == pytest.approx(int(metrics[1]) * 0.1 + sum(extras), abs=0.005)
