"""Refunds that fail and disputes that end: what the row, the job and the office hear of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.payments.deposit import open_deposit
from shared.actions.payments.settle import Settlement, settle
from shared.actions.payments.stripe_event import StripeEvent
from shared.domain.errors import DepositNotDue
from shared.domain.models import FollowUp, Job, JobStatus, Payment, PaymentStatus
from tests.examples import NOW, a_customer, a_job
from tests.fakes import FakeCheckout, FakeFollowUps, FakeJobs, FakeMetrics, FakePayments
from tests.money import DEPOSIT, JOB_ID, a_charge, a_dispute, a_refund, a_session, an_event

T0 = 1_795_000_000
FAILED_WAYS = ["charge.refund.updated", "refund.updated", "refund.failed"]


class Books:
    """The spec's job, its payments, and who is told."""

    def __init__(self, job: Job | None = None) -> None:
        self.follow_ups = FakeFollowUps()
        self.jobs = FakeJobs(follow_ups=self.follow_ups)
        self.jobs.book(job or a_job(), a_customer())
        self.payments = FakePayments(self.jobs)
        self.metrics = FakeMetrics()

    def settle(self, *events: StripeEvent) -> Settlement:
        for event in events:
            settled = settle(event, self.jobs, self.payments, self.metrics, now=NOW, live=False)
        return settled

    @property
    def job(self) -> Job:
        return self.jobs.rows[JOB_ID]

    def row(self, payment_id: str = "pi_1") -> Payment:
        return self.payments.rows[payment_id]

    def state(self) -> tuple[str, int, bool]:
        return (self.row().status.value, self.row().refunded, self.job.deposit_paid)

    def texts(self) -> list[FollowUp]:
        return list(self.follow_ups.rows.values())

    def pay_link(self) -> str:
        """What the pay link does: it opens a session, or says why not."""
        try:
            open_deposit(self.job, "CoolCare", self.jobs, FakeCheckout(), return_url="https://x")
        except DepositNotDue as exc:
            return exc.reason
        return "takes money"


def paid(n: int = 1, event_id: str = "evt_1") -> StripeEvent:
    return an_event("checkout.session.completed", a_session(n), event_id)


def refunded(amount: int = DEPOSIT, event_id: str = "evt_r", *, at: int = T0) -> StripeEvent:
    return an_event("charge.refunded", a_charge(refunded=amount), event_id, at=at)


def refund(
    status: str,
    refund_id: str = "re_1",
    amount: int = DEPOSIT,
    kind: str = "refund.updated",
    *,
    at: int = T0,
    event_id: str | None = None,
    **more: Any,
) -> StripeEvent:
    about = a_refund(refund=refund_id, amount=amount, status=status, **more)
    return an_event(kind, about, event_id or f"evt_{refund_id}_{status}_{kind}", at=at)


def dispute(
    status: str,
    kind: str = "charge.dispute.updated",
    dispute_id: str = "dp_1",
    *,
    at: int = T0,
    event_id: str | None = None,
    **more: Any,
) -> StripeEvent:
    about = a_dispute(id=dispute_id, status=status, **more)
    return an_event(kind, about, event_id or f"evt_{dispute_id}_{status}_{kind}", at=at)


# --- refunds that fail


@pytest.mark.parametrize("kind", FAILED_WAYS)
def test_a_refund_that_fails_pays_the_job_again(kind: str) -> None:
    books = Books()
    books.settle(paid(), refunded())
    assert books.state() == ("refunded", DEPOSIT, False)

    why = "expired_or_canceled_card"
    assert books.settle(refund("failed", kind=kind, failure_reason=why)) is Settlement.PAID

    assert books.state() == ("paid", 0, True)
    assert books.job.payment_id == "pi_1" and books.pay_link() == "paid"
    assert books.metrics.total("RefundsFailed") == 1
    assert books.metrics.total("DepositsPaid") == 1  # not once more
    (text,) = books.texts()
    assert text.to == "+19375550190" and text.due_at == NOW
    assert "$206" in str(text.body) and "expired or canceled card" in str(text.body)


def test_a_canceled_refund_is_money_that_stayed() -> None:
    books = Books()
    books.settle(paid(), refunded(), refund("canceled"))
    assert books.state() == ("paid", 0, True)


def test_one_failure_told_in_three_ways_is_one() -> None:
    books = Books()
    books.settle(paid(), refunded(), *[refund("failed", kind=kind) for kind in FAILED_WAYS])
    assert books.state() == ("paid", 0, True)
    assert books.metrics.total("RefundsFailed") == 1 and len(books.texts()) == 1


def test_a_failed_refund_of_a_job_that_is_off_must_go_back_another_way() -> None:
    books = Books()
    books.settle(paid(), refunded())
    books.jobs.close(JOB_ID, JobStatus.CANCELLED, at=NOW)

    assert books.settle(refund("failed")) is Settlement.NEEDS_REFUND

    assert books.state() == ("needs_refund", 0, False)
    assert str(books.row().reason).startswith("the job is cancelled; refund re_1 failed")
    assert books.metrics.total("PaymentsNeedRefund") == 1


def test_a_failed_refund_of_a_job_that_was_paid_again_leaves_the_other_payment() -> None:
    books = Books()
    books.settle(paid(), refunded(), paid(2, "evt_2"), refund("failed"))
    assert books.row().status is PaymentStatus.NEEDS_REFUND
    assert (books.job.deposit_paid, books.job.payment_id) == (True, "pi_2")


def test_a_failed_refund_of_a_second_payment_must_still_go_back() -> None:
    books = Books()
    books.settle(paid(), paid(2, "evt_2"))
    books.settle(an_event("charge.refunded", a_charge(2), "evt_r2"))
    assert books.row("pi_2").status is PaymentStatus.REFUNDED
    books.settle(an_event("refund.failed", a_refund(2, status="failed"), "evt_f2"))
    assert books.row("pi_2").status is PaymentStatus.NEEDS_REFUND
    assert books.job.payment_id == "pi_1"
    assert books.metrics.total("PaymentsNeedRefund") == 2


def test_one_failed_refund_among_others_leaves_the_others_sum() -> None:
    books = Books()
    books.settle(paid(), refunded(5_000, "evt_r1"), refunded(15_000, "evt_r2"))
    books.settle(refund("failed", "re_1", 5_000))
    assert books.state() == ("paid", 10_000, True)
    books.settle(refund("succeeded", "re_2", 10_000))
    assert books.state() == ("paid", 10_000, True)
    books.settle(refund("succeeded", "re_3", 10_600))
    assert books.state() == ("refunded", DEPOSIT, False)


def test_a_pending_refund_is_on_its_way_until_it_fails() -> None:
    books = Books()
    books.settle(paid(), refund("pending", kind="refund.created"))
    assert books.state() == ("refunded", DEPOSIT, False)
    books.settle(refund("failed"))
    assert books.state() == ("paid", 0, True)
    # What comes late does not undo it.
    assert books.settle(refund("pending", event_id="evt_late")) is Settlement.REPEATED
    assert books.settle(refund("succeeded")) is Settlement.REPEATED
    assert books.state() == ("paid", 0, True)


def test_the_second_try_of_a_failed_refund_refunds() -> None:
    books = Books()
    books.settle(paid(), refunded(), refund("failed", at=T0 + 60))
    books.settle(refunded(DEPOSIT, "evt_r2", at=T0 + 120))
    assert books.state() == ("refunded", DEPOSIT, False)
    books.settle(refund("succeeded", "re_2"))
    assert books.state() == ("refunded", DEPOSIT, False)


def test_a_failed_refund_that_is_told_first_waits_for_its_payment() -> None:
    books = Books()
    books.settle(refund("failed"))
    assert not books.row().held and books.row().amount == 0
    assert books.metrics.total("RefundsFailed") == 0  # it may be none of ours
    books.settle(refunded())
    assert books.state() == ("paid", 0, True)
    books.settle(paid())
    assert books.state() == ("paid", 0, True)
    assert books.metrics.total("RefundsFailed") == 1


def test_a_smoke_call_s_refund_that_fails_tells_nobody() -> None:
    books = Books(a_job(synthetic=True))
    books.settle(paid(), refunded(), refund("failed"))
    assert not books.texts() and not books.metrics.counted


# --- disputes that end


def test_a_dispute_that_is_won_is_paid_again() -> None:
    books = Books()
    books.settle(paid(), dispute("needs_response", "charge.dispute.created"))
    books.settle(dispute("needs_response", "charge.dispute.funds_withdrawn"))
    assert books.state() == ("disputed", 0, True)
    books.settle(dispute("won", "charge.dispute.closed"))
    books.settle(dispute("won", "charge.dispute.funds_reinstated"))
    assert books.state() == ("paid", 0, True)
    assert books.row().reason == "dispute dp_1: fraudulent (won)"


def test_a_dispute_that_is_lost_leaves_the_deposit_unpaid_and_the_job_as_it_is() -> None:
    books = Books()
    books.settle(paid(), dispute("under_review"), dispute("lost", "charge.dispute.closed"))
    assert books.state() == ("lost", 0, False)
    assert (books.row().lost, books.row().held) == (DEPOSIT, False)
    assert books.job == a_job()
    (text,) = books.texts()
    assert "was lost" in str(text.body)


def test_a_dispute_lost_and_then_won_after_all_is_held_again() -> None:
    books = Books()
    books.settle(paid(), dispute("lost", at=T0 + 1), dispute("won", at=T0 + 2))
    assert books.state() == ("paid", 0, True)
    books.settle(dispute("lost", at=T0 + 1, event_id="evt_again"))
    assert books.state() == ("paid", 0, True)


@pytest.mark.parametrize("status", ["warning_needs_response", "warning_under_review"])
def test_an_inquiry_is_no_dispute_and_the_row_stays_paid(status: str) -> None:
    books = Books()
    books.settle(paid(), dispute(status, "charge.dispute.created"))
    assert books.state() == ("paid", 0, True)
    assert books.row().reason == "inquiry dp_1: fraudulent"
    assert books.metrics.total("PaymentsDisputed") == 0
    assert books.metrics.total("PaymentsInquired") == 1
    books.settle(dispute("warning_closed", "charge.dispute.closed"))
    assert books.state() == ("paid", 0, True)


def test_an_inquiry_that_becomes_a_dispute_is_one() -> None:
    books = Books()
    books.settle(paid(), dispute("warning_needs_response"), dispute("needs_response"))
    assert books.state() == ("disputed", 0, True)
    assert books.metrics.total("PaymentsDisputed") == 1


def test_a_dispute_of_part_that_is_lost_takes_that_part() -> None:
    books = Books()
    books.settle(paid(), dispute("lost", amount=6_000))
    assert books.state() == ("paid", 0, True) and books.row().lost == 6_000
    books.settle(refunded(14_600))
    assert books.state() == ("lost", 14_600, False)


def test_a_lost_dispute_that_is_told_before_its_payment_pays_nothing() -> None:
    books = Books()
    books.settle(dispute("lost", "charge.dispute.closed"), paid())
    assert books.state() == ("lost", 0, False)


def test_a_dispute_of_money_that_was_pending_is_paid_when_it_is_won() -> None:
    books = Books()
    unpaid = a_session(payment_status="unpaid")
    books.settle(an_event("checkout.session.completed", unpaid), dispute("needs_response"))
    came = an_event("checkout.session.async_payment_succeeded", a_session(), "evt_2")
    books.settle(came, dispute("won"))
    assert books.state() == ("paid", 0, True)


def test_a_word_of_stripe_s_we_do_not_know_is_looked_at_by_a_person() -> None:
    books = Books()
    books.settle(paid(), dispute("some_new_status"))
    assert books.state() == ("disputed", 0, True)


# --- nothing to pay


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_total": 0, "payment_status": "no_payment_required", "payment_intent": None},
        {"amount_total": 0},
        {"amount_total": None},
    ],
)
def test_a_session_with_nothing_to_pay_leaves_no_row_and_pages_nobody(
    changes: dict[str, Any],
) -> None:
    books = Books()
    event = an_event("checkout.session.completed", a_session(**changes))
    assert books.settle(event) is Settlement.IGNORED
    assert not books.payments.rows and not books.job.deposit_paid
    assert books.metrics.counted == [("PaymentsOfNothing", 1, None)]


# --- any order

Told = Callable[[str], StripeEvent]
STORY: list[Told] = [
    lambda event_id: paid(event_id=event_id),
    lambda event_id: refund("pending", "re_1", 5_000, "refund.created", event_id=event_id),
    lambda event_id: refunded(5_000, event_id, at=T0 + 1),
    lambda event_id: refund("failed", "re_1", 5_000, at=T0 + 10, event_id=event_id),
    lambda event_id: refund("succeeded", "re_2", DEPOSIT, "refund.created", event_id=event_id),
    lambda event_id: refunded(DEPOSIT, event_id, at=T0 + 20),
    lambda event_id: refund("failed", "re_2", DEPOSIT, at=T0 + 30, event_id=event_id),
    lambda event_id: dispute("warning_needs_response", event_id=event_id),
    lambda event_id: dispute("needs_response", at=T0 + 5, event_id=event_id),
    lambda event_id: dispute("won", "charge.dispute.closed", at=T0 + 40, event_id=event_id),
    lambda event_id: dispute("lost", dispute_id="dp_2", at=T0 + 50, event_id=event_id),
]


def told(books: Books) -> tuple[object, ...]:
    """What the tables say, but for which event came last."""
    row = books.row().model_dump(exclude={"event_id", "at"})
    return (row, books.job.deposit_paid, books.job.payment_id)


@given(data=st.data())
def test_any_order_and_repetition_of_refunds_and_disputes_ends_the_same(
    data: st.DataObject,
) -> None:
    parts = sorted(data.draw(st.sets(st.integers(0, len(STORY) - 1), min_size=1)) | {0})
    inorder, shuffled = Books(), Books()
    for part in parts:
        inorder.settle(STORY[part](f"evt_{part}"))

    again = data.draw(st.lists(st.sampled_from(parts), max_size=4))
    for part in data.draw(st.permutations(parts + again)):
        shuffled.settle(STORY[part](f"evt_{part}" + data.draw(st.sampled_from(["", "_2"]))))

    assert told(shuffled) == told(inorder)


def test_refunds_that_are_told_before_the_payment_do_not_make_it_nobody_s() -> None:
    inorder, shuffled = Books(), Books()
    for part in range(8):
        inorder.settle(STORY[part](f"evt_{part}"))
    for part in (7, 1, 3, 4, 6, 5, 2, 0):
        shuffled.settle(STORY[part](f"evt_{part}"))

    assert told(shuffled) == told(inorder)


def test_a_row_of_before_refunds_were_kept_one_by_one_is_read_as_it_was() -> None:
    books = Books()
    old = {
        "payment_id": "pi_1", "job_id": JOB_ID, "business_id": "coolcare_hvac", "amount": DEPOSIT,
        "currency": "usd", "status": "refunded", "refunded": DEPOSIT, "event_id": "evt_0",
        "at": NOW - timedelta(days=1),
    }  # fmt: skip
    books.payments.rows["pi_1"] = Payment.model_validate(old)
    books.settle(refund("failed"))
    assert books.state() == ("paid", 0, True)
