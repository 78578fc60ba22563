"""Webhooks, cancellations and clicks at the same moment, on MiniStack's real transactions."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.actions.appointments.cancel import cancel
from shared.actions.payments.deposit import open_deposit
from shared.actions.payments.settle import Settlement, settle
from shared.actions.payments.stripe_event import StripeEvent
from shared.actions.ports import JobChanged
from shared.adapters.dynamo.payments import DynamoPayments
from shared.businesses import by_id
from shared.domain.call_time import CallTime
from shared.domain.errors import CheckoutFailed, DepositNotDue
from shared.domain.models import Job, JobStatus, Payment, PaymentStatus, Window
from shared.schema import TTL
from shared.tools.appointments.another_time import context_of, put, there
from tests.at_once import at_once
from tests.contracts.conftest import Store, dynamo_store
from tests.examples import NOW, OFFICE, a_customer, a_job
from tests.fakes import FakeCheckout, FakeMetrics, FakeWorld
from tests.money import DEPOSIT, JOB_ID, a_charge, a_session, an_event

pytestmark = pytest.mark.stack

EARLY = NOW - timedelta(days=2)  # a deposit is still given back
REAL_NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


class Books:
    """The spec's job, booked in real tables."""

    def __init__(self, store: Store) -> None:
        self.jobs, self.payments = store.jobs, store.payments
        self.jobs.book(a_job(), a_customer())

    @property
    def job(self) -> Job:
        job = self.jobs.get(JOB_ID)
        assert job is not None
        return job

    def settling(self, event: StripeEvent) -> Callable[[], Settlement]:
        return lambda: settle(event, self.jobs, self.payments, FakeMetrics(), now=NOW, live=False)

    def paid(self, n: int, event_id: str) -> Callable[[], Settlement]:
        return self.settling(an_event("checkout.session.completed", a_session(n), event_id))


@pytest.fixture
def books(ministack_tables: tuple[Any, str]) -> Books:
    return Books(dynamo_store(*ministack_tables))


def test_the_same_webhook_eight_times_at_once_leaves_one_row(books: Books) -> None:
    got = sorted(map(str, at_once(*[books.paid(1, "evt_1")] * 8)))
    assert got == ["paid"] + ["repeated"] * 7
    assert len(books.payments.of_job(JOB_ID)) == 1
    assert books.job.payment_id == "pi_1"


def test_one_payment_by_eight_events_at_once_leaves_one_row(books: Books) -> None:
    got = sorted(map(str, at_once(*[books.paid(1, f"evt_{n}") for n in range(8)])))
    assert got == ["paid"] + ["repeated"] * 7
    assert len(books.payments.of_job(JOB_ID)) == 1


def test_sessions_of_one_job_paid_at_once_leave_a_row_each_and_all_but_one_flagged(
    books: Books,
) -> None:
    got = sorted(map(str, at_once(*[books.paid(n, f"evt_{n}") for n in range(8)])))
    assert got == ["needs_refund"] * 7 + ["paid"]
    rows = books.payments.of_job(JOB_ID)
    assert len(rows) == 8
    (paid,) = [row for row in rows if row.status is PaymentStatus.PAID]
    assert books.job.payment_id == paid.payment_id


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.RELEASED])
def test_a_payment_as_the_job_is_closed_is_either_paid_or_flagged(
    books: Books, status: JobStatus
) -> None:
    at_once(books.paid(1, "evt_1"), lambda: books.jobs.close(JOB_ID, status, at=NOW))
    (row,) = books.payments.of_job(JOB_ID)
    closed = books.job.status is status
    assert books.job.deposit_paid is not closed
    assert row.status is (PaymentStatus.NEEDS_REFUND if closed else PaymentStatus.PAID)


def test_a_payment_as_the_visit_is_called_off_is_asked_back_or_flagged(books: Books) -> None:
    world, business = FakeWorld(), by_id("coolcare_hvac")
    ports = replace(world.ports, jobs=books.jobs, payments=books.payments)
    assert business is not None

    def call_off() -> None:
        while books.job.status is JobStatus.SCHEDULED:
            with suppress(JobChanged):
                cancel(ports, business, books.job, CallTime(EARLY, EARLY))

    at_once(books.paid(1, "evt_1"), call_off)

    assert books.job.status is JobStatus.CANCELLED
    (row,) = books.payments.of_job(JOB_ID)
    if row.status is PaymentStatus.PAID:  # before it was called off: the office was asked
        assert books.job.deposit_paid
        assert "PLEASE REFUND" in world.texts.to(OFFICE)[0]
    else:
        assert row.status is PaymentStatus.NEEDS_REFUND
        assert not books.job.deposit_paid


def test_a_payment_after_cancellation_is_flagged(books: Books) -> None:
    books.jobs.close(JOB_ID, JobStatus.CANCELLED, at=NOW)
    assert books.paid(1, "evt_1")() is Settlement.NEEDS_REFUND
    (row,) = books.payments.of_job(JOB_ID)
    assert row.reason == "the job is cancelled"
    assert not books.job.deposit_paid


def test_a_payment_and_its_refund_at_once_end_refunded(books: Books) -> None:
    refund = an_event("charge.refunded", a_charge(), "evt_r")
    at_once(books.paid(1, "evt_1"), books.settling(refund))
    (row,) = books.payments.of_job(JOB_ID)
    assert row.status is PaymentStatus.REFUNDED
    assert (row.session_id, row.charge, row.refunded) == ("cs_test_1", "ch_1", DEPOSIT)
    assert (books.job.deposit_paid, books.job.payment_id) == (False, None)


def test_eight_clicks_on_the_pay_link_at_once_open_one_session(books: Books) -> None:
    checkout = FakeCheckout()

    def click() -> str:
        session = open_deposit(
            a_job(), "CoolCare HVAC", books.jobs, checkout, return_url="https://x.test"
        )
        return session.session_id

    assert set(at_once(*[click] * 8)) == {books.job.checkout_session_id}
    assert len(checkout.created) == 1


def test_a_click_as_the_deposit_is_paid_opens_no_second_session(books: Books) -> None:
    checkout = FakeCheckout()

    def click() -> str:
        try:
            session = open_deposit(
                books.job, "CoolCare HVAC", books.jobs, checkout, return_url="https://x.test"
            )
        except DepositNotDue as exc:
            return exc.reason
        return session.session_id

    first = click()
    got = sorted(map(str, at_once(books.paid(1, "evt_1"), click)))
    assert set(got) <= {"paid", first}
    assert set(checkout.sessions) == {first}


ROUNDS = range(4)
TO = Window.at(datetime(2025, 8, 29, 12, tzinfo=UTC))  # 08:00 on Friday, by day


class Desk:
    """The same job, its checkout, and who moves it or calls it off meanwhile."""

    def __init__(self, books: Books) -> None:
        self.books, self.world, shop = books, FakeWorld(), by_id("coolcare_hvac")
        assert shop is not None
        self.shop, self.at = shop, CallTime(EARLY, EARLY)
        self.ports = replace(self.world.ports, jobs=books.jobs, payments=books.payments)

    def move(self) -> str:
        while self.books.job.window.start != TO.start:
            job = self.books.job
            tools = context_of(self.ports, self.shop, job, "https://x.test")
            with suppress(JobChanged):  # paid at this very moment: decided anew, as everybody does
                put(tools, job, there(tools, job, TO, self.at), self.at)
        return "moved"

    def click(self) -> str:
        try:
            open_deposit(
                self.books.job,
                "CoolCare HVAC",
                self.books.jobs,
                self.world.checkout,
                return_url="https://x.test",
            )
        except (DepositNotDue, CheckoutFailed) as exc:
            return type(exc).__name__
        return "session"

    def held(self) -> dict[Any, str]:
        day = timedelta(days=2)
        return self.books.jobs.holders("coolcare_hvac", self.shop.crews, NOW - day, NOW + day)

    def payable(self) -> list[int]:
        """The amounts of the sessions that can still be paid."""
        found = self.world.checkout.sessions.values()
        return [session.amount for session in found if session.status == "open"]


@pytest.mark.parametrize("_", ROUNDS)
def test_a_payment_as_the_visit_is_moved_is_kept_or_flagged_and_it_is_in_one_window(
    books: Books, _: int
) -> None:
    desk = Desk(books)
    at_once(books.paid(1, "evt_1"), desk.move)
    job = books.job
    assert job.window.start == TO.start
    assert desk.held() == dict.fromkeys(job.holds, JOB_ID)
    (row,) = books.payments.of_job(JOB_ID)
    # What was paid is the job's, or the office is to give it back: never neither.
    paid = PaymentStatus.PAID if job.deposit_paid else PaymentStatus.NEEDS_REFUND
    assert row.status is paid


@pytest.mark.parametrize("_", ROUNDS)
def test_a_click_as_the_visit_is_moved_leaves_one_session_of_the_new_price_at_most(
    books: Books, _: int
) -> None:
    desk = Desk(books)
    assert desk.click() == "session"
    at_once(desk.click, desk.move)
    assert desk.click() == "session"  # whoever clicks then pays what the visit costs now
    assert desk.payable() == [books.job.deposit] == [13_800]


@pytest.mark.parametrize("_", ROUNDS)
def test_a_click_as_the_visit_is_called_off_leaves_nothing_to_pay(books: Books, _: int) -> None:
    desk = Desk(books)
    assert desk.click() == "session"

    def call_off() -> str:
        while books.job.status is JobStatus.SCHEDULED:
            with suppress(JobChanged):
                cancel(desk.ports, desk.shop, books.job, desk.at)
        return "off"

    at_once(desk.click, call_off)
    assert (books.job.status, desk.click()) == (JobStatus.CANCELLED, "DepositNotDue")
    assert desk.payable() == [] and desk.held() == {}


def a_payment() -> Payment:
    return Payment.model_validate(
        {
            "payment_id": "pi_1",
            "job_id": JOB_ID,
            "business_id": "coolcare_hvac",
            "amount": DEPOSIT,
            "currency": "usd",
            "status": PaymentStatus.PAID,
            "event_id": "evt_1",
            "at": NOW,
        }
    )


def test_an_event_is_remembered_for_a_month_of_real_time(ministack_tables: tuple[Any, str]) -> None:
    client, prefix = ministack_tables
    payments = DynamoPayments(client, prefix, clock=lambda: REAL_NOW)
    payments.settle(a_payment(), None, event_id="evt_1")

    items = client.scan(TableName=f"{prefix}payments")["Items"]

    (event,) = [item for item in items if item["sk"]["S"] == "EVENT"]
    assert int(event[TTL]["N"]) == int((REAL_NOW + timedelta(days=30)).timestamp())
    assert all(TTL not in item for item in items if item["sk"]["S"] == "META")


class Contended:
    """A DynamoDB client whose first transactions meet somebody else's."""

    def __init__(self, client: Any, conflicts: int) -> None:
        self._client, self._left = client, conflicts

    def transact_write_items(self, **asked: Any) -> Any:
        if self._left:
            self._left -= 1
            answer: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}],
            }
            raise ClientError(answer, "TransactWriteItems")
        return self._client.transact_write_items(**asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_a_conflict_is_waited_for_and_not_taken_for_a_repeat(
    ministack_tables: tuple[Any, str],
) -> None:
    client, prefix = ministack_tables
    paused: list[float] = []
    contended: Any = Contended(client, 2)
    payments = DynamoPayments(contended, prefix, pause=paused.append)
    assert payments.settle(a_payment(), None, event_id="evt_1") is True
    assert len(paused) == 2
