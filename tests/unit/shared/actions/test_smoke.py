"""A smoke call proves everything and leaves nothing held, texted or counted."""

import pytest

from shared.actions import smoke
from shared.businesses import by_id
from shared.domain.errors import CheckoutFailed
from shared.domain.models import JobStatus
from shared.tools.dispatch import ToolDispatcher
from tests.examples import NOW, SARAH, a_call
from tests.fakes import FakeWorld

BOOKING: dict[str, object] = {
    "customer_name": "Sarah Miller",
    "phone": SARAH,
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling.",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
}


def booked() -> FakeWorld:
    """A smoke call that has quoted, booked, left a message and asked for a person."""
    world, business = FakeWorld(), by_id("coolcare_hvac")
    assert business is not None
    world.calls.open(a_call(synthetic=True))
    context = ToolDispatcher(
        business, "CA1", SARAH, smoke.quiet(world.ports), "https://v.example", True
    )
    quote = {"service_type": "repair", "description": "rattling", "is_after_hours": True}
    message = {"name": "Sarah", "phone": SARAH, "message": "Call me."}
    escalation = {"reason": "asked", "summary": "", "urgency": "normal"}
    for name, arguments in (
        ("get_pricing_quote", quote),
        ("book_appointment", BOOKING),
        ("take_message", message),
        ("escalate_to_human", escalation),
    ):
        reply = context.use(name, arguments, now=NOW, real_now=NOW).output
        assert "error" not in reply
    return world


def test_it_books_for_real_and_its_rows_say_what_they_are() -> None:
    world = booked()

    (job,) = world.jobs.rows.values()
    (customer,) = world.customers.rows.values()
    assert (job.synthetic, customer.synthetic) == (True, True)
    assert world.checkout.get(str(job.checkout_session_id)).status == "open"
    assert len(world.jobs.locks) == 2


def test_nobody_is_texted_nothing_is_counted_and_only_the_clean_up_is_left() -> None:
    world = booked()

    (job_id,) = world.jobs.rows
    assert world.texts.sent == []
    assert world.metrics.counted == []
    assert set(world.follow_ups.rows) == {f"deposit:{job_id}"}


def test_when_it_ends_no_hour_is_held_and_no_session_can_be_paid() -> None:
    world = booked()

    for _ in range(2):
        smoke.tidy(world.ports, "CA1", now=NOW)

    (job,) = world.jobs.rows.values()
    assert (job.status, world.jobs.locks) == (JobStatus.RELEASED, {})
    assert world.checkout.get(str(job.checkout_session_id)).status == "expired"
    assert world.follow_ups.rows == {}


def test_without_stripe_the_clean_up_is_left_to_the_schedule() -> None:
    world = booked()
    world.checkout.down = True

    with pytest.raises(CheckoutFailed):
        smoke.tidy(world.ports, "CA1", now=NOW)

    assert len(world.follow_ups.rows) == 1


def test_a_real_call_is_never_tidied_away() -> None:
    world, business = FakeWorld(), by_id("coolcare_hvac")
    assert business is not None
    world.calls.open(a_call())
    context = ToolDispatcher(business, "CA1", SARAH, world.ports, "https://v.example")
    context.use("book_appointment", BOOKING, now=NOW, real_now=NOW)

    smoke.tidy(world.ports, "CA1", now=NOW)

    (job,) = world.jobs.rows.values()
    assert job.status is JobStatus.SCHEDULED


def test_a_metric_of_another_name_is_a_bug_in_a_smoke_call_too() -> None:
    with pytest.raises(KeyError):
        smoke.Uncounted().count("NoSuchMetric")


def test_its_follow_ups_are_nobody_s() -> None:
    kept = smoke.Forgotten()
    assert kept.due(NOW) == []
    assert kept.waiting("text:x") is False
