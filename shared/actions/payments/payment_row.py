"""The row of a payment after one more fact, and whether the job's deposit flag must follow.

Events come at least once and in any order, so nothing here depends on which came first. The row
keeps what was told (that the money came, each refund, each dispute) and its status follows:

    not here yet     pending, or failed
    disputed         a dispute is open, whatever else is true: a human must answer the bank
    nothing left     refunded, or lost where a dispute took it
    otherwise        paid, or needs_refund where the job did not owe it

Money that comes, or comes back (a refund failed, a dispute was won), is looked at by what the job
owes then. Pure: no table, no clock.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.actions.payments.stripe_event import NOTHING, FactKind, PaymentFact
from shared.domain import money_back
from shared.domain.models import Job, JobStatus, Payment, PaymentStatus
from shared.domain.money import Cents, spoken
from shared.domain.money_back import DisputeStatus, RefundTotal

CURRENCY = "usd"
UNKNOWN = "unknown"  # job and business of money whose payment we have not heard of yet

CAME = (
    PaymentStatus.PAID,
    PaymentStatus.NEEDS_REFUND,
    PaymentStatus.REFUNDED,
    PaymentStatus.LOST,
)
ARRIVAL = (FactKind.RECEIVED, FactKind.REFUNDED)  # only money that came can be charged and refunded


@dataclass(frozen=True, slots=True)
class Decision:
    """The row as it must become, and the job whose flag must follow it."""

    row: Payment
    job: Job | None = None


def decide(
    fact: PaymentFact, before: Payment | None, job: Job | None, *, now: datetime, live: bool
) -> Decision | None:
    """What `fact` changes, given the payment's row and the job as they are; None for nothing."""
    start = _completed(before) if before else _new(fact, job, now)
    row = _told(fact, start, job)
    marked = job is not None and job.payment_id == row.payment_id
    flagged: Job | None = None
    if _here(row) and not (before and _here(start)):
        wrong = None if marked else not_owed(fact, row, job, live=live)
        row = row.model_copy(update={"not_owed": wrong})
        flagged = None if wrong or marked else job
    elif marked and row.received and not _here(row):
        flagged = job
    row = row.model_copy(
        update={"status": _status(fact, start if before else None, row), "reason": _reason(row)}
    )
    if before is not None and row == before:
        return None
    return Decision(row.model_copy(update={"event_id": fact.event_id}), flagged)


def not_owed(fact: PaymentFact, row: Payment, job: Job | None, *, live: bool) -> str | None:
    """Why this money must go back, or None when it is the deposit the job owes."""
    if job is None:
        return "no such job"
    if fact.livemode is not live:
        return "test money in a live stage" if live else "live money in a test stage"
    if row.amount != job.deposit or row.currency.lower() != CURRENCY:
        return f"{spoken(row.amount)} {row.currency} is not the deposit of {spoken(job.deposit)}"
    if job.status is not JobStatus.SCHEDULED:
        return f"the job is {job.status.value}"
    if job.deposit_paid:
        return f"already paid by {job.payment_id}"
    return None


def _here(row: Payment) -> bool:
    """The money came in and some of it is still here, or is again."""
    return row.received and row.refunded + row.lost < row.amount


def _new(fact: PaymentFact, job: Job | None, now: datetime) -> Payment:
    return Payment(
        payment_id=fact.payment_id,
        job_id=fact.job_id or UNKNOWN,
        business_id=job.business_id if job else fact.business_id or UNKNOWN,
        amount=fact.amount,
        currency=fact.currency,
        status=PaymentStatus.PENDING,
        event_id=fact.event_id,
        at=now,
    )


def _completed(before: Payment) -> Payment:
    """A row of before refunds and disputes were kept one by one, with what can be told of it."""
    added: dict[str, object] = {}
    if before.status in CAME and not before.received:
        added["received"] = True
    if before.refunded and not before.refund_totals and not before.refunds:
        added["refund_totals"] = (RefundTotal(at=0, amount=before.refunded),)
    if before.status is PaymentStatus.NEEDS_REFUND and before.not_owed is None:
        added["not_owed"] = before.reason
    return before.model_copy(update=added) if added else before


def _told(fact: PaymentFact, row: Payment, job: Job | None) -> Payment:
    """`row` with what `fact` adds to it, but for its status."""
    adds: dict[str, object] = {
        "session_id": row.session_id or fact.session_id,
        "payment_intent": row.payment_intent or fact.payment_intent,
        "charge": row.charge or fact.charge,
    }
    if row.job_id == UNKNOWN and fact.job_id:
        adds["job_id"] = fact.job_id
        adds["business_id"] = job.business_id if job else fact.business_id or UNKNOWN
    if not row.received and fact.kind not in (FactKind.REFUND, FactKind.DISPUTED):
        # Until now the amount was a dispute's, or none at all.
        adds |= {"amount": fact.amount, "currency": fact.currency}
    if fact.kind in ARRIVAL:
        adds["received"] = True
    if fact.refunded > NOTHING:
        told = RefundTotal(at=fact.at, amount=fact.refunded)
        adds["refund_totals"] = money_back.with_total(row.refund_totals, told)
    if fact.refund is not None:
        adds["refunds"] = money_back.with_refund(row.refunds, fact.refund)
    if fact.dispute is not None:
        adds["disputes"] = money_back.with_dispute(row.disputes, fact.dispute)
    return _summed(row.model_copy(update=adds))


def _summed(row: Payment) -> Payment:
    back = money_back.given_back(row.refunds, row.refund_totals)
    taken = money_back.lost(row.disputes)
    return row.model_copy(
        update={
            "refunded": Cents(min(back, row.amount)),
            "lost": Cents(min(taken, row.amount)),
        }
    )


def _status(fact: PaymentFact, before: Payment | None, row: Payment) -> PaymentStatus:
    undecided = any(dispute.status is DisputeStatus.OPEN for dispute in row.disputes)
    # A disputed row of before disputes were kept one by one stays one until its own is heard of.
    disputed_once = before is not None and before.status is PaymentStatus.DISPUTED
    if undecided or (disputed_once and not row.disputes):
        return PaymentStatus.DISPUTED
    if row.received and row.amount and row.refunded + row.lost >= row.amount:
        return PaymentStatus.LOST if row.lost else PaymentStatus.REFUNDED
    if row.received:
        return PaymentStatus.NEEDS_REFUND if row.not_owed else PaymentStatus.PAID
    failed = before is not None and before.status is PaymentStatus.FAILED
    failed = failed or fact.kind is FactKind.FAILED
    return PaymentStatus.FAILED if failed else PaymentStatus.PENDING


def _reason(row: Payment) -> str | None:
    lines = (row.not_owed, *money_back.told(row.refunds, row.disputes))
    return "; ".join(line for line in lines if line) or row.reason
