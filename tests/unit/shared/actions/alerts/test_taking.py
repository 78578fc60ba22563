"""Who says that they have an emergency, and what that ends."""

from datetime import timedelta

from shared.actions.alerts import taking
from shared.actions.alerts.raising import alert_id, hazard_alert
from tests.examples import NOW, ON_CALL, SARAH, a_call
from tests.fakes import FakeWorld
from tests.unit.shared.actions.alerts.test_raising import SECOND, raised, two_on_call

SOON = NOW + timedelta(minutes=1)


def take(world: FakeWorld, phone: str) -> bool:
    call = taking.newest_open(world.ports, two_on_call(), phone, SOON)
    return call is not None and taking.take(world.ports, two_on_call(), call, phone, real_now=SOON)


def test_the_row_says_who_took_it_and_when() -> None:
    world = raised()
    assert take(world, ON_CALL)
    row = world.calls.rows["CA1"]
    assert (row.acknowledged_at, row.acknowledged_by) == (SOON, ON_CALL)
    assert alert_id("CA1") not in world.follow_ups.rows
    assert world.metrics.total("EmergencyAcknowledged") == 1


def test_only_the_phone_that_was_asked_counts() -> None:
    world = raised()
    assert not take(world, SECOND) and not take(world, SARAH)
    assert world.calls.rows["CA1"].acknowledged_at is None


def test_it_counts_for_the_newest_open_one() -> None:
    world = raised()
    world.calls.open(a_call("CA2"))
    hazard_alert(world.ports, two_on_call(), "CA2", SARAH, "sewage", real_now=SOON)
    assert take(world, ON_CALL)
    assert world.calls.rows["CA2"].acknowledged_by == ON_CALL
    assert world.calls.rows["CA1"].acknowledged_by is None
    assert take(world, ON_CALL)
    assert world.calls.rows["CA1"].acknowledged_by == ON_CALL
    assert not take(world, ON_CALL)


def test_the_others_who_were_asked_are_told() -> None:
    world = raised()
    world.calls.note("CA1", alert_asked=(ON_CALL, SECOND))
    assert take(world, SECOND)
    assert "has taken a gas leak" in world.texts.to(ON_CALL)[-1]
    assert not take(world, ON_CALL)


def test_whoever_was_put_through_has_it() -> None:
    world = raised()
    call = world.calls.rows["CA1"]
    taking.taken_with_the_call(world.ports, two_on_call(), call, SECOND, real_now=SOON)
    assert world.calls.rows["CA1"].acknowledged_by == SECOND
