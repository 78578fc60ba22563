"""A visit is called off: its hours are free, all are told, and money is only asked for."""

from datetime import timedelta

import pytest

from shared.actions.appointments.cancel import cancel
from shared.actions.ports import CheckoutSession, JobChanged
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.errors import CheckoutFailed
from shared.domain.models import Job, JobStatus, Window
from tests.examples import NOW, OFFICE, ON_CALL, SARAH, TONIGHT, a_customer, a_job
from tests.fakes import FakeWorld

AT = CallTime(now=NOW, real=NOW)
SUNDAY = TONIGHT + timedelta(days=3)
FAR = a_job(window=Window(start=SUNDAY, end=SUNDAY + timedelta(hours=2)))


def coolcare() -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business


def booked(job: Job) -> FakeWorld:
    world = FakeWorld()
    world.jobs.book(job, a_customer())
    return world


def test_the_hours_are_free_and_the_caller_and_the_office_hear_of_it() -> None:
    world = booked(FAR)

    done = cancel(world.ports, coolcare(), FAR, AT)

    assert world.jobs.rows["job1"].status is JobStatus.CANCELLED
    assert world.jobs.locks == {}
    assert (done.asks_refund, done.texted) == (False, "sent")
    assert world.texts.to(SARAH) == [
        "CoolCare HVAC: your visit on Sun, Aug 31, 9 to 11 PM is canceled."
    ]
    (office,) = world.texts.to(OFFICE)
    assert "CANCELED, Sun, Aug 31, 9 to 11 PM is off: job job1, Sarah Miller" in office
    assert world.texts.to(ON_CALL) == []  # the office opens before
    assert world.follow_ups.rows == {}


def test_who_is_on_call_hears_of_a_visit_tonight() -> None:
    world = booked(a_job())

    cancel(world.ports, coolcare(), a_job(), AT)

    assert len(world.texts.to(ON_CALL)) == 1


def test_who_is_on_call_hears_that_an_emergency_is_off_that_was_moved_to_the_day() -> None:
    moved = FAR.model_copy(update={"is_emergency": True, "version": 1})
    world = booked(moved)

    cancel(world.ports, coolcare(), moved, AT)

    assert len(world.texts.to(ON_CALL)) == 1


def test_a_deposit_is_asked_back_of_the_office_in_time_and_never_refunded_here() -> None:
    paid = FAR.model_copy(update={"deposit_paid": True})
    world = booked(paid)

    assert cancel(world.ports, coolcare(), paid, AT).asks_refund
    assert world.texts.to(SARAH)[0].endswith(
        "Our office has been asked to refund your deposit of $206."
    )
    assert "PLEASE REFUND the deposit of $206 in Stripe" in world.texts.to(OFFICE)[0]


def test_too_late_the_deposit_stays() -> None:
    paid = a_job(deposit_paid=True)
    world = booked(paid)

    assert not cancel(world.ports, coolcare(), paid, AT).asks_refund
    assert world.texts.to(SARAH)[0].endswith("Your deposit of $206 was no longer refundable.")
    assert "is not refundable" in world.texts.to(OFFICE)[0]


def with_session(world: FakeWorld, status: str) -> Job:
    job = world.jobs.rows["job1"]
    session = world.checkout.create(
        job, number=1, business_name="CoolCare HVAC", return_url="https://x.example"
    )
    world.jobs.open_deposit("job1", number=1, session_id=session.session_id)
    if status == "complete":
        world.checkout.sessions[session.session_id] = CheckoutSession(
            session_id=session.session_id, status="complete", url=None, paid=True,
            amount=session.amount,
        )  # fmt: skip
    return world.jobs.rows["job1"]


def test_an_open_session_can_no_longer_be_paid() -> None:
    world = booked(FAR)
    job = with_session(world, "open")

    cancel(world.ports, coolcare(), job, AT)

    assert world.checkout.get(job.checkout_session_id or "").status == "expired"


def test_who_pays_at_that_very_moment_is_asked_a_refund_for() -> None:
    world = booked(FAR)
    job = with_session(world, "complete")

    assert cancel(world.ports, coolcare(), job, AT).asks_refund


def test_a_stripe_that_is_silent_keeps_no_visit() -> None:
    world = booked(FAR)
    job = with_session(world, "open")
    world.checkout.down = True

    cancel(world.ports, coolcare(), job, AT)

    assert world.jobs.rows["job1"].status is JobStatus.CANCELLED
    with pytest.raises(CheckoutFailed):
        world.checkout.get(job.checkout_session_id or "")


def test_what_was_changed_meanwhile_is_decided_anew() -> None:
    world = booked(FAR)
    world.jobs.change("job1", deposit_paid=True)

    with pytest.raises(JobChanged):
        cancel(world.ports, coolcare(), FAR, AT)
    with pytest.raises(JobChanged):
        cancel(world.ports, coolcare(), FAR.model_copy(update={"status": JobStatus.RELEASED}), AT)
    assert world.jobs.rows["job1"].status is JobStatus.SCHEDULED
    assert world.texts.to(SARAH) == []


def test_a_text_that_fails_is_kept() -> None:
    world = booked(FAR)
    world.texts.fail_all = 30_001

    assert cancel(world.ports, coolcare(), FAR, AT).texted == "failed"
    assert len(world.follow_ups.rows) == 2


def test_of_a_smoke_call_s_visit_nobody_hears() -> None:
    job = FAR.model_copy(update={"synthetic": True})
    world = booked(job)

    cancel(world.ports, coolcare(), job, AT)

    assert world.jobs.rows["job1"].status is JobStatus.CANCELLED
    assert world.texts.to(OFFICE) == []
