"""A recording stays while it may, and is deleted then; one that may not stay goes at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.actions import recordings
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.businesses import by_id
from shared.domain.business import Recording
from shared.domain.call_time import CallTime
from shared.domain.models import Call, RecordingDrop, RecordingState
from tests.fakes import FakeWorld

NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
OVER = NOW + timedelta(minutes=3)
LATER = NOW + timedelta(minutes=12)
DAYS = timedelta(days=1)
CALL, RECORDING = "CA1", "RE" + "1" * 32
_COOLCARE = by_id("coolcare_hvac")
assert _COOLCARE is not None
COOLCARE = _COOLCARE


class Desk:
    """One recorded call, and the schedule's runs over it."""

    def __init__(self, *, keep_days: int | None = 30, **fields: Any) -> None:
        self.world = FakeWorld()
        self.world.recordings.there.add(RECORDING)
        recording = Recording(keep_days=keep_days) if keep_days else None
        self.business = COOLCARE.model_copy(update={"recording": recording})
        facts: dict[str, Any] = {"disclosed_at": NOW, "ended_at": OVER} | fields
        call = Call(
            call_sid=CALL,
            business_id="coolcare_hvac",
            started_at=NOW,
            business_hours=False,
            **facts,
        )
        self.world.calls.open(call)
        recordings.reported(self.world.ports, self.business, CALL, RECORDING, real_now=NOW)

    def at(self, now: datetime) -> dict[str, int]:
        work = FollowUpRun(
            self.world.ports, lambda _: self.business, "https://x", CallTime(now, now)
        )
        return dict(run(work, lambda: True))

    @property
    def row(self) -> Call:
        row = self.world.calls.get(CALL)
        assert row is not None
        return row

    @property
    def is_there(self) -> bool:
        return RECORDING in self.world.recordings.there


def test_one_that_may_stay_is_kept_and_deleted_after_its_days() -> None:
    desk = Desk()
    assert desk.at(LATER) == {"held": 1}
    assert (desk.row.recording, desk.row.recording_sid) == (RecordingState.KEPT, RECORDING)
    assert desk.row.recording_until == NOW + 30 * DAYS
    assert desk.at(NOW + 29 * DAYS) == {}
    assert desk.is_there
    assert desk.at(NOW + 30 * DAYS + timedelta(minutes=1)) == {"done": 1}
    assert not desk.is_there
    assert desk.row.recording is RecordingState.DELETED


@pytest.mark.parametrize(
    "fields",
    [
        {"disclosed_at": None},
        {"recording_dropped": RecordingDrop.CARD},
        {"recording_dropped": RecordingDrop.OBJECTION},
    ],
)
def test_one_that_may_not_stay_is_deleted_once_the_call_is_over(fields: dict[str, Any]) -> None:
    desk = Desk(**fields)
    assert desk.at(LATER) == {"done": 1}
    assert not desk.is_there


def test_nothing_is_judged_while_the_call_goes_on() -> None:
    desk = Desk(ended_at=None, disclosed_at=None)
    assert desk.at(NOW + timedelta(minutes=20)) == {"held": 1}
    assert desk.is_there
    assert desk.at(NOW + timedelta(hours=5)) == {"done": 1}
    assert not desk.is_there


def test_what_the_bridge_writes_late_still_counts() -> None:
    desk = Desk()
    assert desk.at(OVER + timedelta(minutes=4)) == {"held": 1}
    desk.world.calls.note(CALL, recording_dropped=RecordingDrop.CARD)
    desk.at(OVER + timedelta(minutes=10))
    assert not desk.is_there


def test_a_recording_of_a_call_without_a_row_is_nobody_s_to_keep() -> None:
    desk = Desk()
    desk.world.calls.rows.clear()
    assert desk.at(LATER) == {"done": 1}
    assert not desk.is_there


def test_a_business_that_records_no_more_keeps_none() -> None:
    desk = Desk(keep_days=None)
    desk.at(LATER)
    assert not desk.is_there


def test_a_delete_that_fails_is_tried_for_ever_and_told_from_the_third_time_on() -> None:
    desk = Desk(recording_dropped=RecordingDrop.CARD)
    desk.world.recordings.down = True
    at = LATER
    for _ in range(12):
        assert desk.at(at) == {"again": 1}
        at += timedelta(hours=7)
    assert desk.world.metrics.total("RecordingsNotDeleted") == 10
    desk.world.recordings.down = False
    assert desk.at(at) == {"done": 1}
    assert not desk.is_there
