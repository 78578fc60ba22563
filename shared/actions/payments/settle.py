"""What a signed Stripe event does to the payment's row and to the job's deposit flag.

Money that names a job always gets a row. Money the job does not owe is needs_refund, and the job
is left as it is. What the row becomes is decided in `payment_row`; here it is written, in one
transaction with the job's flag and with what the office is to be told, and counted.
"""

import logging
from datetime import datetime
from enum import StrEnum

from shared.actions.payments import money_news, payment_row
from shared.actions.payments.payment_row import UNKNOWN, Decision
from shared.actions.payments.stripe_event import FactKind, PaymentFact, StripeEvent, fact_of
from shared.actions.ports import JobChanged, Jobs, Metrics, Payments
from shared.domain.models import Job, Payment, PaymentStatus

logger = logging.getLogger(__name__)

TRIES = 5
# Stripe copies no metadata to these: whose payment it is our own row says, now or later.
NAMELESS = (FactKind.DISPUTED, FactKind.REFUND)


class Settlement(StrEnum):
    """What became of an event."""

    PAID = "paid"  # this money paid the job's deposit
    NEEDS_REFUND = "needs_refund"
    RECORDED = "recorded"  # the payment's row changed otherwise
    REPEATED = "repeated"  # nothing new
    IGNORED = "ignored"  # of no payment of ours


def settle(
    event: StripeEvent,
    jobs: Jobs,
    payments: Payments,
    metrics: Metrics,
    *,
    now: datetime,
    live: bool,
    real_now: datetime | None = None,
) -> Settlement:
    """Apply one event whose signature was checked; the same event again changes nothing.

    `live` says whether this stage takes real money. `now` is business time; texts to the office
    are due at `real_now`, which is `now` where the two are one.

    Raises:
        JobChanged: others kept changing job or row; Stripe delivers the event again.
        pydantic.ValidationError: the event lacks what we need from it.
    """
    fact = fact_of(event)
    if fact is None:
        return Settlement.IGNORED
    if fact.kind is FactKind.NOTHING:
        # A promotion code, say. No money came, so there is none to keep or to give back.
        logger.warning("session with nothing to pay", extra={"event_id": fact.event_id})
        metrics.count("PaymentsOfNothing")
        return Settlement.IGNORED
    real_now = real_now or now
    tries = TRIES
    while True:
        try:
            return _apply(fact, jobs, payments, metrics, now=now, real_now=real_now, live=live)
        except JobChanged:
            tries -= 1
            if not tries:
                raise


def _apply(
    fact: PaymentFact,
    jobs: Jobs,
    payments: Payments,
    metrics: Metrics,
    *,
    now: datetime,
    real_now: datetime,
    live: bool,
) -> Settlement:
    before = payments.get(fact.payment_id)
    job_id = fact.job_id or (before.job_id if before else None)
    if job_id is None and fact.kind not in NAMELESS:
        return Settlement.IGNORED
    job = jobs.get(job_id) if job_id and job_id != UNKNOWN else None
    decision = payment_row.decide(fact, before, job, now=now, live=live)
    if decision is None:
        return Settlement.REPEATED
    news = money_news.of(decision.row, before)
    written = payments.settle(
        decision.row,
        decision.job,
        event_id=fact.event_id,
        before=before,
        follow_ups=money_news.texts(news, decision.row, job, real_now),
    )
    if not written:
        return Settlement.REPEATED
    _count(decision, before, job, metrics, news)
    return _settlement(decision, before)


def _settlement(decision: Decision, before: Payment | None) -> Settlement:
    if decision.job is not None and decision.row.held:
        return Settlement.PAID
    owed_back = _turned(decision.row, before, PaymentStatus.NEEDS_REFUND)
    return Settlement.NEEDS_REFUND if owed_back else Settlement.RECORDED


def _turned(row: Payment, before: Payment | None, status: PaymentStatus) -> bool:
    return row.status is status and (before is None or before.status is not status)


def _count(
    decision: Decision,
    before: Payment | None,
    job: Job | None,
    metrics: Metrics,
    news: money_news.News,
) -> None:
    if job is not None and job.synthetic:
        return
    row = decision.row
    business = None if row.business_id == UNKNOWN else row.business_id
    first = before is None or not before.received
    paid = decision.job is not None and row.held and first
    for metric, value in (
        ("DepositsPaid", int(paid)),
        ("DepositsPaidUsd", row.amount / 100 if paid else 0),
        ("PaymentsNeedRefund", int(_turned(row, before, PaymentStatus.NEEDS_REFUND))),
        ("PaymentsDisputed", int(_turned(row, before, PaymentStatus.DISPUTED))),
        ("PaymentsInquired", len(news.inquiries)),
        ("RefundsFailed", len(news.failed)),
    ):
        if value:
            metrics.count(metric, value, business=business)
