"""By when somebody is called back, what is promised of it, and what the row keeps."""

from datetime import UTC, datetime, timedelta

from shared.actions import callbacks
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.models import FollowUpKind
from tests.examples import NOW, SARAH, a_call
from tests.fakes import FakeWorld

MORNING = datetime(2025, 8, 29, 12, tzinfo=UTC)  # 08:00, the office opens
AT = CallTime(NOW, NOW)


def coolcare(**policy: int) -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business.model_copy(update={"policy": business.policy.model_copy(update=policy)})


def asked(world: FakeWorld, urgency: callbacks.Urgency = "normal", phone: str = SARAH) -> None:
    callbacks.ask(world.ports, coolcare(), "CA1", phone=phone, urgency=urgency, at=AT)


def test_hours_count_from_the_opening_and_minutes_from_now() -> None:
    policy = coolcare(call_back_within_hours=2, urgent_call_back_within_minutes=30)
    assert callbacks.due_at(policy, "normal", NOW) == MORNING + timedelta(hours=2)
    assert callbacks.due_at(policy, "normal", MORNING) == MORNING + timedelta(hours=2)
    assert callbacks.due_at(policy, "urgent", NOW) == NOW + timedelta(minutes=30)


def test_no_time_is_promised_that_the_policy_does_not_promise() -> None:
    assert callbacks.promise(coolcare(), "normal", NOW) == callbacks.NO_TIME
    assert callbacks.promise(coolcare(call_back_within_hours=2), "urgent", NOW) == callbacks.NO_TIME
    promised = callbacks.promise(coolcare(call_back_within_hours=2), "normal", NOW)
    assert promised == "The office will call you back by tomorrow, 10 AM."


def test_the_row_keeps_it_and_it_is_come_back_to() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    asked(world)
    kept = world.calls.rows["CA1"].callback
    assert kept and (kept.phone, kept.due_at) == (SARAH, MORNING + callbacks.WITHIN)
    (later,) = world.follow_ups.rows.values()
    assert (later.kind, later.due_at) == (FollowUpKind.CALLBACK, kept.due_at)


def test_asked_again_the_earlier_time_stays() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    asked(world, "urgent")
    asked(world, phone="+15551230009")
    kept = world.calls.rows["CA1"].callback
    assert kept and kept.due_at == NOW + callbacks.URGENT_WITHIN
    assert (kept.urgency, kept.phone) == ("urgent", "+15551230009")


def test_it_is_done_once() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    asked(world)
    assert callbacks.done(world.ports, world.calls.rows["CA1"], now=MORNING)
    assert not callbacks.done(world.ports, world.calls.rows["CA1"], now=MORNING)
    assert world.calls.rows["CA1"].called_back_at == MORNING


def test_a_table_that_is_down_ends_no_call() -> None:
    world = FakeWorld()
    world.calls.down = True
    asked(world)
    assert world.follow_ups.rows == {}
