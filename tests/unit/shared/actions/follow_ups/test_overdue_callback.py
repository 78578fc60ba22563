"""Who was to be called back by now: the office is told once, unless it has called."""

from datetime import datetime, timedelta

from shared.actions import callbacks
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.businesses import by_id
from shared.domain.call_time import CallTime
from tests.examples import NOW, OFFICE, a_call
from tests.fakes import FakeWorld
from tests.unit.shared.actions.test_callbacks import asked

LATE = NOW + timedelta(days=1)  # by day: the office is texted


def at(world: FakeWorld, when: datetime) -> dict[str, int]:
    return dict(
        run(FollowUpRun(world.ports, by_id, "https://x", CallTime(when, when)), lambda: True)
    )


def waiting() -> FakeWorld:
    world = FakeWorld()
    world.calls.open(a_call())
    asked(world)
    return world


def test_one_that_is_late_is_told_to_the_office_once() -> None:
    world = waiting()
    at(world, LATE)
    (body,) = world.texts.to(OFFICE)
    assert "OVERDUE" in body and "555-123-0000" in body
    assert world.metrics.total("CallbacksOverdue") == 1
    asked(world)
    at(world, LATE)
    assert len(world.texts.to(OFFICE)) == 1


def test_one_that_was_made_is_not() -> None:
    world = waiting()
    callbacks.done(world.ports, world.calls.rows["CA1"], now=NOW)
    at(world, LATE)
    assert world.texts.sent == []
