"""Every order, repetition and misfit of Stripe's events, and what the tables hold afterwards."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.payments.settle import Settlement, settle
from shared.actions.payments.stripe_event import StripeEvent
from shared.actions.ports import JobChanged
from shared.domain.models import FollowUp, Job, JobStatus, Payment, PaymentStatus, Window
from tests.examples import NOW, TONIGHT, a_customer, a_job
from tests.fakes import FakeJobs, FakeMetrics, FakePayments
from tests.money import DEPOSIT, JOB_ID, a_charge, a_dispute, a_session, an_event

COMPLETED = "checkout.session.completed"


class Books:
    """One job, its payments, and the metrics."""

    def __init__(self, job: Job | None = None) -> None:
        job = job or a_job()
        self.jobs = FakeJobs()
        self.jobs.book(job, a_customer())
        self.payments = FakePayments(self.jobs)
        self.metrics = FakeMetrics()

    def settle(self, event: StripeEvent, *, live: bool = False) -> Settlement:
        return settle(event, self.jobs, self.payments, self.metrics, now=NOW, live=live)

    @property
    def job(self) -> Job:
        job = self.jobs.get(JOB_ID)
        assert job is not None
        return job

    def row(self, payment_id: str = "pi_1") -> Payment:
        row = self.payments.get(payment_id)
        assert row is not None
        return row


def completed(n: int = 1, event_id: str = "evt_1", **changes: Any) -> StripeEvent:
    return an_event(COMPLETED, a_session(n, **changes), event_id)


def refunded(amount: int = DEPOSIT, event_id: str = "evt_r", n: int = 1) -> StripeEvent:
    return an_event("charge.refunded", a_charge(n, refunded=amount), event_id)


def disputed(event_id: str = "evt_d", n: int = 1) -> StripeEvent:
    return an_event("charge.dispute.created", a_dispute(n), event_id)


def test_a_paid_session_pays_the_job() -> None:
    books = Books()

    assert books.settle(completed()) is Settlement.PAID

    assert (books.job.deposit_paid, books.job.payment_id) == (True, "pi_1")
    row = books.row()
    assert row.status is PaymentStatus.PAID
    assert (row.amount, row.currency, row.job_id) == (DEPOSIT, "usd", JOB_ID)
    assert (row.session_id, row.payment_intent, row.at) == ("cs_test_1", "pi_1", NOW)
    assert row.business_id == "coolcare_hvac"
    assert books.metrics.total("DepositsPaid") == 1
    assert books.metrics.total("DepositsPaidUsd") == DEPOSIT / 100
    assert books.metrics.total("PaymentsNeedRefund") == 0


@pytest.mark.parametrize("second", ["evt_1", "evt_2"], ids=["same event", "another event"])
def test_the_same_payment_again_changes_nothing(second: str) -> None:
    books = Books()
    books.settle(completed())
    before = (dict(books.payments.rows), books.job)

    assert books.settle(completed(event_id=second)) is Settlement.REPEATED

    assert (books.payments.rows, books.job) == before
    assert books.metrics.total("DepositsPaid") == 1


def test_two_sessions_of_one_job_both_paid_leave_two_rows_and_one_flagged() -> None:
    books = Books()
    books.settle(completed(1, "evt_1"))

    assert books.settle(completed(2, "evt_2")) is Settlement.NEEDS_REFUND

    assert books.job.payment_id == "pi_1"
    assert books.row("pi_1").status is PaymentStatus.PAID
    assert books.row("pi_2").status is PaymentStatus.NEEDS_REFUND
    assert books.row("pi_2").reason == "already paid by pi_1"
    assert books.metrics.total("PaymentsNeedRefund") == 1


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.RELEASED])
def test_money_for_a_job_that_is_off_is_kept_and_flagged(status: JobStatus) -> None:
    books = Books()
    books.jobs.close(JOB_ID, status, at=NOW)

    assert books.settle(completed()) is Settlement.NEEDS_REFUND

    assert not books.job.deposit_paid
    assert books.row().reason == f"the job is {status.value}"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount_total": 10000}, "$100 usd is not the deposit of $206"),
        ({"amount_total": 20601}, "$206.01 usd is not the deposit of $206"),
        ({"currency": "cad"}, "$206 cad is not the deposit of $206"),
        ({"livemode": True}, "live money in a test stage"),
    ],
)
def test_money_the_job_does_not_owe_is_flagged(changes: dict[str, Any], reason: str) -> None:
    books = Books()

    assert books.settle(completed(**changes)) is Settlement.NEEDS_REFUND

    assert not books.job.deposit_paid
    assert str(books.row().reason).startswith(reason)


def test_test_money_pays_nothing_in_a_live_stage() -> None:
    books = Books()
    assert books.settle(completed(), live=True) is Settlement.NEEDS_REFUND
    assert books.row().reason == "test money in a live stage"


def test_live_money_pays_in_a_live_stage() -> None:
    assert Books().settle(completed(livemode=True), live=True) is Settlement.PAID


def test_money_for_a_job_we_do_not_know_is_still_recorded() -> None:
    books = Books()

    assert books.settle(completed(job_id="no-such-job")) is Settlement.NEEDS_REFUND

    assert (books.row().job_id, books.row().reason) == ("no-such-job", "no such job")
    assert [p.payment_id for p in books.payments.of_job("no-such-job")] == ["pi_1"]


def test_money_that_comes_later_is_pending_until_it_is_there() -> None:
    books = Books()

    assert books.settle(completed(payment_status="unpaid")) is Settlement.RECORDED
    assert books.row().status is PaymentStatus.PENDING
    assert not books.job.deposit_paid

    came = an_event("checkout.session.async_payment_succeeded", a_session(), "evt_2")
    assert books.settle(came) is Settlement.PAID
    assert books.row().status is PaymentStatus.PAID
    assert books.settle(completed(event_id="evt_3", payment_status="unpaid")) is Settlement.REPEATED


def test_money_that_never_comes_fails_and_pays_nothing() -> None:
    books = Books()
    failed = an_event(
        "checkout.session.async_payment_failed", a_session(payment_status="unpaid"), "evt_2"
    )
    books.settle(failed)
    books.settle(completed(payment_status="unpaid"))

    assert books.row().status is PaymentStatus.FAILED
    assert not books.job.deposit_paid


def test_a_full_refund_makes_the_job_unpaid_again() -> None:
    books = Books()
    books.settle(completed())

    assert books.settle(refunded()) is Settlement.RECORDED

    assert books.row().status is PaymentStatus.REFUNDED
    assert (books.row().refunded, books.row().charge) == (DEPOSIT, "ch_1")
    assert (books.job.deposit_paid, books.job.payment_id) == (False, None)
    assert books.settle(completed(2, "evt_2")) is Settlement.PAID


def test_refunds_in_part_add_up_and_leave_the_job_paid_until_all_is_back() -> None:
    books = Books()
    books.settle(completed())

    books.settle(refunded(10000, "evt_r2"))
    books.settle(refunded(5000, "evt_r1"))  # sent before, delivered after
    assert (books.row().status, books.row().refunded) == (PaymentStatus.PAID, 10000)
    assert books.job.deposit_paid

    books.settle(refunded(DEPOSIT, "evt_r3"))
    assert books.row().status is PaymentStatus.REFUNDED
    assert not books.job.deposit_paid


def test_the_refund_of_a_flagged_payment_leaves_the_job_paid_by_the_other() -> None:
    books = Books()
    books.settle(completed(1, "evt_1"))
    books.settle(completed(2, "evt_2"))

    books.settle(refunded(n=2))

    assert books.row("pi_2").status is PaymentStatus.REFUNDED
    assert books.row("pi_2").reason == "already paid by pi_1"
    assert (books.job.deposit_paid, books.job.payment_id) == (True, "pi_1")


def test_a_dispute_is_told_and_leaves_the_job_as_it_is() -> None:
    books = Books()
    books.settle(completed())

    assert books.settle(disputed()) is Settlement.RECORDED
    assert books.settle(disputed("evt_d2")) is Settlement.REPEATED

    assert books.row().status is PaymentStatus.DISPUTED
    assert books.row().reason == "dispute dp_1: fraudulent"
    assert books.job.deposit_paid
    assert books.metrics.total("PaymentsDisputed") == 1


def test_a_dispute_of_a_payment_we_have_not_heard_of_is_kept_and_completed_later() -> None:
    books = Books()
    books.settle(disputed())
    assert books.row().job_id == "unknown"

    assert books.settle(completed()) is Settlement.PAID
    assert (books.row().job_id, books.row().session_id) == (JOB_ID, "cs_test_1")
    assert books.row().status is PaymentStatus.DISPUTED
    assert books.job.payment_id == "pi_1"


def test_a_synthetic_job_is_counted_nowhere() -> None:
    books = Books(a_job(synthetic=True))
    books.settle(completed())
    books.settle(completed(2, "evt_2"))
    assert books.metrics.total("DepositsPaid") == books.metrics.total("PaymentsNeedRefund") == 0


STORY: list[Callable[[str], StripeEvent]] = [
    lambda event_id: completed(event_id=event_id),
    lambda event_id: refunded(5000, event_id),
    lambda event_id: refunded(10000, event_id),
    lambda event_id: refunded(DEPOSIT, event_id),
    lambda event_id: disputed(event_id),
    lambda event_id: an_event("checkout.session.expired", a_session(), event_id),
]


def told(books: Books) -> tuple[object, ...]:
    """What the tables say, but for which event came last."""
    row = books.row().model_dump(exclude={"event_id", "at"})
    return (row, books.job.deposit_paid, books.job.payment_id)


@given(data=st.data())
def test_any_order_and_repetition_ends_as_one_of_each_in_order(data: st.DataObject) -> None:
    parts = sorted(data.draw(st.sets(st.integers(0, len(STORY) - 1), min_size=1)) | {0})
    inorder, shuffled = Books(), Books()
    for part in parts:
        inorder.settle(STORY[part](f"evt_{part}"))

    again = data.draw(st.lists(st.sampled_from(parts), max_size=4))
    for part in data.draw(st.permutations(parts + again)):
        # The same object as the same event, or as another one.
        shuffled.settle(STORY[part](f"evt_{part}" + data.draw(st.sampled_from(["", "_2"]))))

    assert told(shuffled) == told(inorder)
    assert len(shuffled.payments.rows) == 1


class Meddled(FakePayments):
    """Payments whose first writes find that the job has just changed."""

    def __init__(self, jobs: FakeJobs, meddle: Callable[[], None], times: int) -> None:
        super().__init__(jobs)
        self._meddle, self._times = meddle, times

    def settle(
        self,
        payment: Payment,
        job: Job | None,
        *,
        event_id: str,
        before: Payment | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        if self._times:
            self._times -= 1
            self._meddle()
            raise JobChanged(payment.job_id)
        return super().settle(payment, job, event_id=event_id, before=before, follow_ups=follow_ups)


def test_a_job_cancelled_between_reading_and_writing_is_decided_anew() -> None:
    books = Books()
    books.payments = Meddled(
        books.jobs, lambda: void(books.jobs.close(JOB_ID, JobStatus.CANCELLED, at=NOW)), 1
    )
    assert books.settle(completed()) is Settlement.NEEDS_REFUND
    assert books.row().reason == "the job is cancelled"


def test_a_row_that_never_holds_still_is_given_back_to_stripe() -> None:
    books = Books()
    books.payments = Meddled(books.jobs, lambda: None, 100)
    with pytest.raises(JobChanged):
        books.settle(completed())
    assert not books.payments.rows


def void(_: object) -> None:
    """Drops a value, for a lambda."""


def test_a_job_in_another_window_is_not_touched() -> None:
    books = Books()
    other = a_job("other", window=Window.at(TONIGHT + timedelta(days=1)))
    books.jobs.book(other, a_customer())
    books.settle(completed())
    assert books.jobs.get("other") == other
