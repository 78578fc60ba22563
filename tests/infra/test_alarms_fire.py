"""For each drill of docs/operations.md, a real call: exactly the documented alarms go off."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.schema import METRICS
from tests.infra import drills
from tests.infra.alarm_engine import MINUTE_MS, Values, Watch, calculate, read, statistic
from tests.infra.conftest import Deployment
from tests.infra.emitted import emitted

START = datetime(2025, 8, 28, 23, 12, 1, tzinfo=UTC)
WATCHED = timedelta(minutes=20)
DOCUMENTED = drills.documented()


@pytest.fixture(scope="module")
def drilled(dev: Deployment) -> dict[str, drills.Drill]:
    return drills.run(dev.stacks.stage.name)


@pytest.fixture(scope="module")
def watch(dev: Deployment) -> Watch:
    return Watch(dev.templates["observability"].body["Resources"])


def judged(watch: Watch, drill: drills.Drill, stage: str) -> set[str]:
    """What goes off within twenty minutes of the drill's first line."""
    lines = drills.moved(drill.lines, START)
    ended = datetime.fromtimestamp(drills.at_ms(lines[-1]) / 1000, UTC)
    # At six times life's speed a drill may lie between two beats of the bridge.
    beating = drills.beats(stage, START, START + WATCHED) if drill.bridge_lives else []
    everything = [*drills.night_before(stage, START), *lines, *beating]
    last = max(ended, START) + WATCHED
    off = watch.gone_off(everything, _ms(START) + 1, _ms(last))
    return {name.removeprefix(f"callwright-{stage}-") for name in off}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@pytest.mark.stack
def test_every_drill_is_documented(drilled: dict[str, drills.Drill]) -> None:
    assert list(drilled) == list(DOCUMENTED)


@pytest.mark.stack
@pytest.mark.parametrize("fault", DOCUMENTED)
def test_exactly_the_documented_alarms_go_off(
    fault: str, drilled: dict[str, drills.Drill], watch: Watch, dev: Deployment
) -> None:
    assert judged(watch, drilled[fault], dev.stacks.stage.name) == DOCUMENTED[fault]


@pytest.mark.stack
def test_a_bridge_really_writes_the_beat_that_the_drills_go_on_with(
    drilled: dict[str, drills.Drill],
) -> None:
    written = [line for drill in drilled.values() for line in drill.lines]
    for metric in drills.BEAT:
        assert any(f'"{metric}"' in line and '"business"' not in line for line in written), metric


@pytest.mark.stack
def test_processes_write_what_their_code_says_they_write(drilled: dict[str, drills.Drill]) -> None:
    written = emitted()
    for drill in drilled.values():
        for line in drill.lines:
            (block,) = json.loads(line)["_aws"]["CloudWatchMetrics"]
            for metric in block["Metrics"]:
                assert set(map(frozenset, block["Dimensions"])) <= written[metric["Name"]]
                assert metric["Unit"] == METRICS[metric["Name"]]


def paged(watch: Watch, lines: list[str], hours: int) -> list[str]:
    """What pages, once for each time that it goes off."""
    went_off, before = list[str](), set[str]()
    for minutes in range(hours * 60):
        now = _ms(START) + minutes * MINUTE_MS + 1
        off = watch.gone_off(lines, now, now + MINUTE_MS - 1) & watch.pages
        went_off += sorted(off - before)
        before = off
    return went_off


def test_a_stage_that_takes_no_calls_for_hours_pages_once(watch: Watch, dev: Deployment) -> None:
    stage = dev.stacks.stage.name
    refused = drills.said(stage, START + timedelta(minutes=3), ["CallsNotAdmitted"], 1)
    lines = [*drills.night_before(stage, START), *refused]
    lines += drills.beats(stage, START, START + timedelta(hours=3))
    assert paged(watch, lines, 3) == [f"callwright-{stage}-CallersAffected"]


def test_the_sessions_that_a_breaker_loses_and_whom_it_turns_away_are_one_page(
    watch: Watch, dev: Deployment
) -> None:
    stage = dev.stacks.stage.name
    lines = drills.night_before(stage, START)
    lines += drills.said(stage, START + timedelta(minutes=6), ["CallsNotAdmitted"], 1)
    for minute in range(120):  # five calls are lost, then one probe a minute
        at = START + timedelta(minutes=minute)
        lines += drills.said(stage, at, ["ModelSessionFailed", "StreamStarted"], 3)
    lines += drills.beats(stage, START, START + timedelta(hours=2))
    assert paged(watch, lines, 2) == [f"callwright-{stage}-CallersAffected"]


# -- the engine itself -------------------------------------------------------------------------


def an_alarm(**changes: object) -> dict[str, object]:
    return {
        "AlarmName": "a",
        "Namespace": "Callwright",
        "MetricName": "SmsSent",
        "Dimensions": [{"Name": "stage", "Value": "dev"}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        **changes,
    }


def texts(*minutes: int) -> Values:
    """One text sent in each of these minutes after START's."""
    lines = [
        line
        for minute in minutes
        for line in drills.said("dev", START + timedelta(minutes=minute), ["SmsSent"], 1)
    ]
    return Values(lines)


def minute(n: int) -> int:
    return _ms(START.replace(second=0) + timedelta(minutes=n))


def test_missing_counts_are_not_breaches() -> None:
    alarm = read(an_alarm())
    assert not alarm.goes_off(texts(0), minute(1))
    assert alarm.goes_off(texts(0, 2), minute(3))


def test_a_heartbeat_goes_off_once_too_few_real_points_are_left_to_judge_by() -> None:
    heartbeat = read(
        an_alarm(
            ComparisonOperator="LessThanThreshold",
            DatapointsToAlarm=3,
            TreatMissingData="breaching",
        )
    )
    beats = texts(0, 1, 2)
    assert [n for n in range(3, 10) if heartbeat.goes_off(beats, minute(n))] == [8, 9]


def test_values_of_another_dimension_set_are_another_metric() -> None:
    elsewhere = read(an_alarm(Dimensions=[{"Name": "stage", "Value": "prod"}]))
    assert not elsewhere.goes_off(texts(0, 1, 2), minute(3))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a + 2 * b", 7.0),
        ("a / z", None),
        ("gone + 1", None),
        ("FILL(gone, 0) + a", 1.0),
        ("IF(a >= 1 AND b > 0.05 * a, 1, 0)", 1.0),
        ("IF(a > 1 OR b > 3, 1, 0)", 0.0),
        ("IF(gone > 1, 1, 0)", None),
    ],
)
def test_metric_math(expression: str, value: float | None) -> None:
    assert calculate(expression, {"a": 1, "b": 3, "z": 0, "gone": None}) == value


@pytest.mark.parametrize(
    ("stat", "value"),
    [
        ("Sum", 10.0),
        ("Average", 2.5),
        ("Maximum", 4),
        ("Minimum", 1),
        ("SampleCount", 4.0),
        ("p50", 2.5),
    ],
)
def test_statistics(stat: str, value: float) -> None:
    assert statistic(stat, [1, 2, 3, 4]) == value
    assert statistic(stat, []) is None
