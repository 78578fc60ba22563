"""What every `Payments` must do: the row, the job's flag and the event, all or none."""

from datetime import timedelta
from typing import Any

import pytest

from shared.actions.ports import JobChanged
from shared.domain.models import JobStatus, Payment, PaymentStatus
from shared.domain.money import Cents
from shared.domain.money_back import Dispute, DisputeStatus, Refund, RefundStatus, RefundTotal
from tests.contracts.conftest import Store
from tests.examples import NOW, a_customer, a_follow_up, a_job


def a_payment(payment_id: str = "pi_1", **changes: Any) -> Payment:
    fields: dict[str, Any] = {
        "payment_id": payment_id,
        "job_id": "job1",
        "business_id": "coolcare_hvac",
        "amount": 20_600,
        "currency": "usd",
        "status": PaymentStatus.PAID,
        "session_id": "cs_1",
        "event_id": "evt_1",
        "at": NOW,
    }
    return Payment.model_validate(fields | changes)


def test_a_payment_marks_its_job_paid(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())

    assert store.payments.settle(a_payment(), a_job(), event_id="evt_1") is True
    assert store.payments.get("pi_1") == a_payment()
    assert store.payments.of_job("job1") == [a_payment()]
    assert store.jobs.get("job1") == a_job(deposit_paid=True, payment_id="pi_1")
    assert store.payments.settle(a_payment("pi_2"), None, event_id="evt_1") is False


def test_the_same_event_twice_is_one_payment(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.payments.settle(a_payment(), a_job(), event_id="evt_1")

    assert store.payments.settle(a_payment("pi_2"), None, event_id="evt_1") is False
    assert store.payments.get("pi_2") is None


def test_a_job_is_paid_by_one_payment_only(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.payments.settle(a_payment(), a_job(), event_id="evt_1")

    with pytest.raises(JobChanged):
        store.payments.settle(a_payment("pi_2"), a_job(), event_id="evt_2")

    assert store.payments.get("pi_2") is None
    assert store.payments.settle(a_payment("pi_2"), None, event_id="evt_2") is True


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.RELEASED])
def test_a_closed_job_is_not_marked_paid(store: Store, status: JobStatus) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.close("job1", status, at=NOW)

    with pytest.raises(JobChanged):
        store.payments.settle(a_payment(), a_job(), event_id="evt_1")

    assert store.payments.get("pi_1") is None
    assert store.jobs.get("job1") == a_job(status=status)


def test_a_row_is_replaced_only_by_whom_has_read_it(store: Store) -> None:
    pending = a_payment(status=PaymentStatus.PENDING)
    failed = a_payment(status=PaymentStatus.FAILED, event_id="evt_2")
    store.payments.settle(pending, None, event_id="evt_1")

    with pytest.raises(JobChanged):
        store.payments.settle(failed, None, event_id="evt_2")
    assert store.payments.settle(failed, None, event_id="evt_2", before=pending) is True
    assert store.payments.get("pi_1") == failed


def test_money_given_back_leaves_the_job_unpaid(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.payments.settle(a_payment(), a_job(), event_id="evt_1")
    refunded = a_payment(status=PaymentStatus.REFUNDED, refunded=20_600, event_id="evt_2")

    store.payments.settle(refunded, a_job(), event_id="evt_2", before=a_payment())

    assert store.jobs.get("job1") == a_job()


def test_a_paid_job_is_neither_cancelled_nor_given_another_session(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.payments.settle(a_payment(), a_job(), event_id="evt_1")

    assert store.jobs.close("job1", JobStatus.CANCELLED, at=NOW) is False
    assert store.jobs.open_deposit("job1", number=1, session_id="cs_1") is False


def test_the_payments_of_a_job_are_listed_oldest_first(store: Store) -> None:
    first = a_payment("pi_2", at=NOW - timedelta(hours=1), status=PaymentStatus.NEEDS_REFUND)
    store.payments.settle(a_payment("pi_1"), None, event_id="evt_1")
    store.payments.settle(first, None, event_id="evt_2")

    assert store.payments.of_job("job1") == [first, a_payment("pi_1")]
    assert store.payments.of_job("job2") == []


def test_money_given_back_unmarks_the_job_it_paid_and_no_other(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.payments.settle(a_payment(), a_job(), event_id="evt_1")
    other = a_payment("pi_2", status=PaymentStatus.REFUNDED, refunded=20_600, event_id="evt_2")

    with pytest.raises(JobChanged):
        store.payments.settle(other, a_job(), event_id="evt_2")

    assert store.jobs.get("job1") == a_job(deposit_paid=True, payment_id="pi_1")


def test_a_job_that_is_gone_is_not_made_by_its_payment(store: Store) -> None:
    with pytest.raises(JobChanged):
        store.payments.settle(a_payment(), a_job(), event_id="evt_1")

    assert store.jobs.get("job1") is None
    assert store.payments.get("pi_1") is None
    assert store.payments.settle(a_payment(), None, event_id="evt_1") is True


def test_what_the_office_is_to_be_told_is_left_with_the_row_or_not_at_all(store: Store) -> None:
    follow_up = a_follow_up("text:job1:refund_failed:re_1")
    store.payments.settle(a_payment(), None, event_id="evt_1", follow_ups=[follow_up])
    assert store.follow_ups.due(follow_up.due_at) == [follow_up]

    other = a_follow_up("text:job1:lost:dp_1")
    assert (
        store.payments.settle(a_payment("pi_2"), None, event_id="evt_1", follow_ups=[other])
        is False
    )
    assert not store.follow_ups.waiting(other.follow_up_id)


def test_every_field_of_a_row_survives(store: Store) -> None:
    full = a_payment(
        received=True,
        refunded=1,
        lost=2,
        refunds=(
            Refund(refund_id="re_1", amount=Cents(5), status=RefundStatus.FAILED, failed_at=7),
        ),
        refund_totals=(RefundTotal(at=6, amount=Cents(1)),),
        disputes=(Dispute(dispute_id="dp_1", amount=Cents(2), status=DisputeStatus.LOST, at=8),),
        not_owed="already paid by pi_0",
        reason="already paid by pi_0; dispute dp_1: fraudulent",
        payment_intent="pi_1",
        charge="ch_1",
    )
    store.payments.settle(full, None, event_id="evt_1")

    assert store.payments.get("pi_1") == full
