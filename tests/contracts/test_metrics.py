"""What every `Metrics` must do."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shared.actions.ports import Metrics
from shared.metrics import EmfMetrics
from tests.examples import NOW
from tests.fakes import FakeMetrics

Counted = tuple[str, float, str | None]


@dataclass(frozen=True, slots=True)
class Meter:
    metrics: Metrics
    counted: Callable[[], list[Counted]]


@pytest.fixture(params=["fake", "emf"])
def meter(request: pytest.FixtureRequest) -> Meter:
    if request.param == "fake":
        fake = FakeMetrics()
        return Meter(fake, lambda: fake.counted)
    out = io.StringIO()

    def counted() -> list[Counted]:
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
        names = [line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] for line in lines]
        return [
            (name, line[name], line.get("business"))
            for name, line in zip(names, lines, strict=True)
        ]

    return Meter(EmfMetrics("local", lambda: NOW, out), counted)


def test_what_is_counted_is_written_in_order(meter: Meter) -> None:
    meter.metrics.count("Quotes", business="coolcare_hvac")
    meter.metrics.count("ActiveCalls", 0)
    meter.metrics.count("TurnLatencyMs", 612.5, business="coolcare_hvac")

    assert meter.counted() == [
        ("Quotes", 1, "coolcare_hvac"),
        ("ActiveCalls", 0, None),
        ("TurnLatencyMs", 612.5, "coolcare_hvac"),
    ]


def test_a_metric_nobody_named_is_a_bug(meter: Meter) -> None:
    with pytest.raises(KeyError):
        meter.metrics.count("Quotez")

    assert meter.counted() == []


def test_without_businesses_only_the_stages_metrics_are_paid_for() -> None:
    out = io.StringIO()
    EmfMetrics("local", lambda: NOW, out, by_business=False).count("Quotes", business="a")
    (block,) = json.loads(out.getvalue())["_aws"]["CloudWatchMetrics"]
    assert block["Dimensions"] == [["stage"]]
