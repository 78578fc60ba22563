"""A recording is looked after from the first report on, and one that may not stay says why."""

from datetime import UTC, datetime

import pytest

from shared.actions import recordings
from shared.businesses import by_id
from shared.domain.errors import PortError
from shared.domain.models import Call, RecordingDrop
from tests.fakes import FakeWorld

NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
CALL, RECORDING = "CA1", "RE" + "1" * 32


def world_with_a_call() -> FakeWorld:
    world = FakeWorld()
    world.calls.open(
        Call(call_sid=CALL, business_id="coolcare_hvac", started_at=NOW, business_hours=False)
    )
    return world


def reported(world: FakeWorld) -> None:
    business = by_id("coolcare_hvac")
    assert business is not None
    recordings.reported(world.ports, business, CALL, RECORDING, real_now=NOW)


def test_every_report_leaves_one_follow_up() -> None:
    world = FakeWorld()
    reported(world)
    reported(world)
    (left,) = world.follow_ups.rows.values()
    assert (left.call_sid, left.recording_sid) == (CALL, RECORDING)


def test_a_report_before_the_bridge_makes_no_row() -> None:
    world = FakeWorld()
    reported(world)
    assert world.calls.get(CALL) is None


def test_an_objection_stops_it_and_a_card_only_marks_it() -> None:
    world = world_with_a_call()
    recordings.drop(world.ports, CALL, RecordingDrop.CARD)
    assert world.recordings.stopped == []
    recordings.drop(world.ports, CALL, RecordingDrop.OBJECTION)
    assert world.recordings.stopped == [CALL]
    row = world.calls.get(CALL)
    assert row is not None and row.recording_dropped is RecordingDrop.OBJECTION


def test_a_recording_that_is_not_stopped_is_marked_all_the_same() -> None:
    world = world_with_a_call()
    world.recordings.down = True
    with pytest.raises(PortError):
        recordings.drop(world.ports, CALL, RecordingDrop.OBJECTION)
    row = world.calls.get(CALL)
    assert row is not None and row.recording_dropped is RecordingDrop.OBJECTION
