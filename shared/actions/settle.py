"""What a signed Stripe event does to the payment's row and to the job's deposit flag.

Events come at least once and in any order, so nothing here depends on which came first:

    received   no row, pending, failed -> paid (job marked) or needs_refund; else a repeat
    pending    no row -> pending
    failed     no row, pending -> failed
    refunded   in part: counts as received, and adds up; in full -> refunded (job unmarked)
    disputed   -> disputed, whatever it was: a human must answer the bank

Money that names a job always gets a row. Money the job does not owe is needs_refund, and the job
is left as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.actions.ports import JobChanged, Jobs, Metrics, Payments
from shared.actions.stripe_event import Fact, Said, StripeEvent, fact_of
from shared.domain.models import Job, JobStatus, Payment, PaymentStatus
from shared.domain.money import spoken

CURRENCY = "usd"
UNKNOWN = "unknown"  # job and business of a dispute whose payment we have not heard of yet
TRIES = 5

WAITING = (PaymentStatus.PENDING, PaymentStatus.FAILED)


class Settlement(StrEnum):
    """What became of an event."""

    PAID = "paid"  # this money paid the job's deposit
    NEEDS_REFUND = "needs_refund"
    RECORDED = "recorded"  # the payment's row changed otherwise
    REPEATED = "repeated"  # nothing new
    IGNORED = "ignored"  # of no payment of ours


@dataclass(frozen=True, slots=True)
class Decision:
    """The row as it must become, and the job whose flag must follow it."""

    row: Payment
    job: Job | None = None


def settle(
    event: StripeEvent,
    jobs: Jobs,
    payments: Payments,
    metrics: Metrics,
    *,
    now: datetime,
    live: bool,
) -> Settlement:
    """Apply one event whose signature was checked; the same event again changes nothing.

    `live` says whether this stage takes real money.

    Raises:
        JobChanged: others kept changing job or row; Stripe delivers the event again.
        pydantic.ValidationError: the event lacks what we need from it.
    """
    fact = fact_of(event)
    if fact is None:
        return Settlement.IGNORED
    tries = TRIES
    while True:
        try:
            return _apply(fact, jobs, payments, metrics, now=now, live=live)
        except JobChanged:
            tries -= 1
            if not tries:
                raise


def _apply(
    fact: Fact, jobs: Jobs, payments: Payments, metrics: Metrics, *, now: datetime, live: bool
) -> Settlement:
    before = payments.get(fact.payment_id)
    job_id = fact.job_id or (before.job_id if before else None)
    if job_id is None and fact.said is not Said.DISPUTED:
        return Settlement.IGNORED
    job = jobs.get(job_id) if job_id and job_id != UNKNOWN else None
    decision = decide(fact, before, job, now=now, live=live)
    if decision is None:
        return Settlement.REPEATED
    if not payments.settle(decision.row, decision.job, event_id=fact.event_id, before=before):
        return Settlement.REPEATED
    return _count(decision, before, job, metrics)


def decide(
    fact: Fact, before: Payment | None, job: Job | None, *, now: datetime, live: bool
) -> Decision | None:
    """What `fact` changes, given the payment's row and the job as they are; None for nothing."""
    row = _told(fact, before, job, now)
    match fact.said:
        case Said.PENDING | Said.FAILED:
            waiting = before is None or before.status is PaymentStatus.PENDING
            return Decision(row) if waiting and before != row else None
        case Said.DISPUTED:
            return None if row == before else Decision(row)
        case Said.REFUNDED if row.refunded >= row.amount:
            return _refunded(row, before, job)
        case _:
            return _received(fact, row, before, job, live)


def _told(fact: Fact, before: Payment | None, job: Job | None, now: datetime) -> Payment:
    """The row with what `fact` adds to it; its status as far as the fact alone decides it."""
    if before is None:
        return Payment(
            payment_id=fact.payment_id,
            job_id=fact.job_id or UNKNOWN,
            business_id=job.business_id if job else fact.business_id or UNKNOWN,
            amount=fact.amount,
            currency=fact.currency,
            status=STATUS[fact.said],
            refunded=fact.refunded,
            reason=fact.reason,
            session_id=fact.session_id,
            payment_intent=fact.payment_intent,
            charge=fact.charge,
            event_id=fact.event_id,
            at=now,
        )
    adds: dict[str, object] = {
        "refunded": max(before.refunded, fact.refunded),
        "session_id": before.session_id or fact.session_id,
        "payment_intent": before.payment_intent or fact.payment_intent,
        "charge": before.charge or fact.charge,
    }
    if before.job_id == UNKNOWN and fact.job_id:
        adds |= {"job_id": fact.job_id, "amount": fact.amount, "currency": fact.currency}
        adds["business_id"] = job.business_id if job else fact.business_id or UNKNOWN
    if fact.said is Said.DISPUTED:
        adds |= {"status": PaymentStatus.DISPUTED, "reason": _also(before.reason, fact.reason)}
    if fact.said is Said.FAILED and before.status is PaymentStatus.PENDING:
        adds["status"] = PaymentStatus.FAILED
    row = before.model_copy(update=adds)
    return row if row == before else row.model_copy(update={"event_id": fact.event_id})


STATUS = {
    Said.PENDING: PaymentStatus.PENDING,
    Said.FAILED: PaymentStatus.FAILED,
    Said.RECEIVED: PaymentStatus.PAID,
    Said.REFUNDED: PaymentStatus.REFUNDED,
    Said.DISPUTED: PaymentStatus.DISPUTED,
}


def _refunded(row: Payment, before: Payment | None, job: Job | None) -> Decision | None:
    """All of it went back: the job it paid is unpaid again. A dispute stays a dispute."""
    if before == row:
        return None
    if before is not None and before.status is not PaymentStatus.DISPUTED:
        row = row.model_copy(update={"status": PaymentStatus.REFUNDED})
    paid_by_it = job is not None and job.payment_id == row.payment_id
    return Decision(row, job if paid_by_it else None)


def _received(
    fact: Fact, row: Payment, before: Payment | None, job: Job | None, live: bool
) -> Decision | None:
    """Money is here. The first to say so decides whether the job owed it."""
    first = before is None or before.status in WAITING
    if before is not None and before.status is PaymentStatus.DISPUTED:
        # The dispute may have come before the payment itself, which its session then tells.
        first = fact.said is Said.RECEIVED and before.session_id is None and row.held
    if not first:
        return Decision(row) if row != before else None
    marked = job is not None and job.payment_id == row.payment_id
    wrong = None if marked else not_owed(fact, job, live=live)
    changes: dict[str, object] = {"reason": _also(row.reason, wrong), "event_id": fact.event_id}
    if row.status is not PaymentStatus.DISPUTED:
        changes["status"] = PaymentStatus.NEEDS_REFUND if wrong else PaymentStatus.PAID
    return Decision(row.model_copy(update=changes), None if wrong or marked else job)


def not_owed(fact: Fact, job: Job | None, *, live: bool) -> str | None:
    """Why this money must go back, or None when it is the deposit the job owes."""
    if job is None:
        return "no such job"
    if fact.livemode is not live:
        return "test money in a live stage" if live else "live money in a test stage"
    if fact.amount != job.deposit or fact.currency.lower() != CURRENCY:
        return f"{spoken(fact.amount)} {fact.currency} is not the deposit of {spoken(job.deposit)}"
    if job.status is not JobStatus.SCHEDULED:
        return f"the job is {job.status.value}"
    if job.deposit_paid:
        return f"already paid by {job.payment_id}"
    return None


def _also(reason: str | None, more: str | None) -> str | None:
    if not reason or not more:
        return reason or more
    return reason if more in reason else f"{reason}; {more}"


def _count(
    decision: Decision, before: Payment | None, job: Job | None, metrics: Metrics
) -> Settlement:
    row = decision.row
    turned = before is None or before.status is not row.status
    paid = decision.job is not None and row.held
    owed_back = turned and row.status is PaymentStatus.NEEDS_REFUND
    disputed = turned and row.status is PaymentStatus.DISPUTED
    if job is None or not job.synthetic:
        business = None if row.business_id == UNKNOWN else row.business_id
        for metric, value, happened in (
            ("DepositsPaid", 1, paid),
            ("DepositsPaidUsd", row.amount / 100, paid),
            ("PaymentsNeedRefund", 1, owed_back),
            ("PaymentsDisputed", 1, disputed),
        ):
            if happened:
                metrics.count(metric, value, business=business)
    if paid:
        return Settlement.PAID
    return Settlement.NEEDS_REFUND if owed_back else Settlement.RECORDED
