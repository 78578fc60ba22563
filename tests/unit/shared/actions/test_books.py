"""A visit is done: its bill, and what was paid of it before."""

import pytest

from shared.actions.books import DepositJustPaid, close_books
from shared.actions.ports import CheckoutSession, JobChanged
from shared.domain.call_time import CallTime
from shared.domain.errors import CheckoutFailed
from shared.domain.models import JobStatus, Payment, PaymentStatus
from shared.domain.money import Cents
from tests.examples import NOW, TONIGHT, a_customer, a_job
from tests.fakes import FakeWorld

AT = CallTime(now=TONIGHT, real=TONIGHT)
BILL = Cents(61_000)


def booked() -> FakeWorld:
    world = FakeWorld()
    world.jobs.book(a_job(), a_customer())
    return world


def paid(world: FakeWorld, **changes: object) -> FakeWorld:
    fields: dict[str, object] = {
        "payment_id": "pi_1",
        "job_id": "job1",
        "business_id": "coolcare_hvac",
        "amount": 20_600,
        "currency": "usd",
        "status": PaymentStatus.PAID,
        "received": True,
        "event_id": "evt_1",
        "at": NOW,
    }
    payment = Payment.model_validate(fields | changes)
    world.payments.settle(payment, world.jobs.rows["job1"], event_id="evt_1")
    return world


def test_the_bill_holds_the_visit_s_fee_and_the_deposit_is_credited() -> None:
    world = paid(booked())

    books = close_books(world.ports, world.jobs.rows["job1"], BILL, AT)

    assert (books.final, books.visit_credited, books.deposit_credited) == (61_000, 24_800, 20_600)
    assert (books.left_to_pay, books.to_give_back) == (40_400, 0)
    assert world.jobs.rows["job1"].status is JobStatus.COMPLETED
    assert world.jobs.rows["job1"].books == books


def test_of_a_deposit_given_back_in_part_only_the_rest_is_credited() -> None:
    world = paid(booked(), refunded=10_000)
    assert close_books(world.ports, world.jobs.rows["job1"], BILL, AT).deposit_credited == 10_600


def test_a_bill_below_the_deposit_says_what_to_give_back() -> None:
    world = paid(booked())
    books = close_books(world.ports, world.jobs.rows["job1"], Cents(10_000), AT)
    assert (books.visit_credited, books.left_to_pay, books.to_give_back) == (10_000, 0, 10_600)


def test_a_deposit_that_was_never_paid_is_due_no_more_and_its_session_ends() -> None:
    world = booked()
    session = world.checkout.create(
        a_job(), number=1, business_name="CoolCare HVAC", return_url="https://voice.example.com"
    )
    world.jobs.open_deposit("job1", number=1, session_id=session.session_id)

    books = close_books(world.ports, world.jobs.rows["job1"], BILL, AT)

    assert books.deposit_credited == 0
    assert world.checkout.get(session.session_id).status == "expired"


def test_who_pays_at_that_very_moment_is_heard_first() -> None:
    world = booked()
    world.jobs.open_deposit("job1", number=1, session_id="cs_1")
    world.checkout.sessions["cs_1"] = CheckoutSession("cs_1", None, "complete", Cents(20_600), True)
    with pytest.raises(DepositJustPaid):
        close_books(world.ports, world.jobs.rows["job1"], BILL, AT)
    assert world.jobs.rows["job1"].status is JobStatus.SCHEDULED


def test_without_stripe_nothing_is_closed_while_a_link_could_be_paid() -> None:
    world = booked()
    world.jobs.open_deposit("job1", number=1, session_id="cs_1")
    world.checkout.down = True
    with pytest.raises(CheckoutFailed):
        close_books(world.ports, world.jobs.rows["job1"], BILL, AT)
    assert world.jobs.rows["job1"].status is JobStatus.SCHEDULED


def test_a_job_that_changed_meanwhile_is_looked_at_again() -> None:
    world = booked()
    read = world.jobs.rows["job1"]
    world.jobs.close("job1", JobStatus.CANCELLED, at=NOW)
    with pytest.raises(JobChanged):
        close_books(world.ports, read, BILL, AT)
