"""One payable session for each job at a time, whoever asks and however often."""

from typing import Any

import pytest

from shared.actions.payments.deposit import open_deposit, pay_link
from shared.actions.ports import CheckoutSession
from shared.domain.errors import CheckoutFailed, DepositNotDue
from shared.domain.models import Job, JobStatus
from shared.domain.money import Cents
from tests.at_once import at_once
from tests.examples import NOW, a_customer, a_job
from tests.fakes import FakeCheckout, FakeJobs
from tests.money import DEPOSIT, JOB_ID


class Counter:
    """One job, and a Stripe that may fail."""

    def __init__(self, **changes: Any) -> None:
        self.jobs, self.checkout = FakeJobs(), FakeCheckout()
        job = a_job(**changes)
        self.jobs.book(job, a_customer())

    @property
    def job(self) -> Job:
        job = self.jobs.get(JOB_ID)
        assert job is not None
        return job

    def open(self, job: Job | None = None) -> CheckoutSession:
        return open_deposit(
            job or self.job, "CoolCare HVAC", self.jobs, self.checkout, return_url="https://x.test"
        )

    def becomes(self, session_id: str, status: str, *, paid: bool = False) -> None:
        self.checkout.sessions[session_id] = CheckoutSession(
            session_id, None, "expired" if status == "expired" else "complete", Cents(DEPOSIT), paid
        )


def test_the_first_call_opens_session_one() -> None:
    counter = Counter()
    session = counter.open()
    assert (session.status, session.amount) == ("open", DEPOSIT)
    assert counter.job.checkout_session_id == session.session_id
    assert counter.checkout.created == [f"job:{JOB_ID}:deposit:1"]


def test_while_it_is_open_everybody_gets_it() -> None:
    counter = Counter()
    first = counter.open()
    assert counter.open() == first
    assert len(counter.checkout.created) == 1


def test_two_clicks_with_the_same_old_job_get_one_session() -> None:
    counter = Counter()
    stale = counter.job
    assert counter.open(stale) == counter.open(stale)
    assert len(counter.checkout.created) == 1


@pytest.mark.parametrize("status", ["expired", "complete"])
def test_when_it_can_no_longer_be_paid_the_next_is_opened(status: str) -> None:
    counter = Counter()
    first = counter.open()
    counter.becomes(first.session_id, status)

    second = counter.open()

    assert second.session_id != first.session_id
    assert counter.job.checkout_number == 2
    assert counter.checkout.created[-1] == f"job:{JOB_ID}:deposit:2"


def test_a_session_paid_before_its_webhook_came_is_not_followed_by_another() -> None:
    counter = Counter()
    first = counter.open()
    counter.becomes(first.session_id, "complete", paid=True)

    with pytest.raises(DepositNotDue, match="paid"):
        counter.open()
    assert len(counter.checkout.created) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"deposit_paid": True, "payment_id": "pi_1"}, "paid"),
        ({"status": JobStatus.CANCELLED}, "cancelled"),
        ({"status": JobStatus.RELEASED}, "released"),
        ({"deposit": 0}, "none"),
    ],
)
def test_a_deposit_that_is_not_due_opens_nothing(changes: dict[str, Any], reason: str) -> None:
    counter = Counter(**changes)
    with pytest.raises(DepositNotDue) as refused:
        counter.open()
    assert refused.value.reason == reason
    assert not counter.checkout.created


def test_a_job_that_is_gone_opens_nothing_that_stays_open() -> None:
    counter = Counter()
    with pytest.raises(DepositNotDue, match="unknown"):
        counter.open(a_job("nowhere"))


def test_a_job_cancelled_while_stripe_answered_leaves_no_open_session() -> None:
    counter = Counter()
    before = counter.job
    counter.jobs.close(JOB_ID, JobStatus.CANCELLED, at=NOW)

    with pytest.raises(DepositNotDue, match="cancelled"):
        counter.open(before)
    assert [s.status for s in counter.checkout.sessions.values()] == ["expired"]


def test_stripe_down_is_told_and_a_retry_uses_the_same_number() -> None:
    counter = Counter()
    counter.checkout.down = True
    with pytest.raises(CheckoutFailed):
        counter.open()
    assert counter.job.checkout_number == 0

    counter.checkout.down = False
    counter.open()
    assert counter.job.checkout_number == 1


def test_a_session_made_before_a_crash_and_expired_since_is_followed_by_the_next() -> None:
    counter = Counter()
    lost = counter.checkout.create(
        counter.job, number=1, business_name="CoolCare HVAC", return_url="https://x.test"
    )
    counter.becomes(lost.session_id, "expired")

    session = counter.open()

    assert session.status == "open"
    assert counter.job.checkout_number == 2


def test_eight_clicks_at_once_get_one_session() -> None:
    counter = Counter()
    got = at_once(*[lambda: counter.open().session_id] * 8)
    assert len(set(got)) == 1


def test_the_link_is_our_own_and_short() -> None:
    assert pay_link("https://x.test", JOB_ID) == f"https://x.test/pay/{JOB_ID}"


def test_a_session_of_another_amount_is_ended_and_followed_by_one_of_the_right_amount() -> None:
    counter = Counter()
    old = counter.open()
    counter.jobs.change(JOB_ID, deposit=Cents(13_800))

    new = counter.open()

    assert counter.checkout.get(old.session_id).status == "expired"
    assert (new.amount, new.status) == (13_800, "open")
    assert counter.job.checkout_session_id == new.session_id


class PaidAtTheLast(FakeCheckout):
    """The customer pays in the moment in which the session is ended."""

    def expire(self, session_id: str) -> None:
        self.complete(session_id, paid=True)


def test_a_session_of_another_amount_that_is_paid_at_the_last_is_not_followed_by_another() -> None:
    counter = Counter()
    counter.checkout = PaidAtTheLast()
    counter.open()
    counter.jobs.change(JOB_ID, deposit=Cents(13_800))

    with pytest.raises(DepositNotDue, match="paid"):
        counter.open()
    assert len(counter.checkout.created) == 1


def test_a_session_made_for_the_old_window_while_the_job_was_moved_is_not_the_job_s() -> None:
    counter = Counter()
    stale = counter.job
    moved = stale.model_copy(update={"version": 1, "deposit": Cents(13_800), "checkout_number": 1})
    counter.jobs.move(stale, moved)

    session = counter.open(stale)

    assert session.amount == 13_800
    statuses = {s.amount: s.status for s in counter.checkout.sessions.values()}
    assert statuses == {20_600: "expired", 13_800: "open"}


def test_a_session_stripe_no_longer_knows_makes_way_for_the_next() -> None:
    counter = Counter(checkout_session_id="cs_of_another_account", checkout_number=1)
    assert counter.open().session_id == f"cs_test_{JOB_ID}_2"
