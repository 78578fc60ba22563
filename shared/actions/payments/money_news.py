"""What of a payment's change a person has to hear: a refund that failed, a bank that asks or took.

Everything is told once, by the processor's id of it, and only of money that came to us.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import businesses
from shared.actions.texts import deposit_texts, outbox
from shared.domain.models import FollowUp, Job, Payment
from shared.domain.money_back import Dispute, DisputeStatus, Refund


@dataclass(frozen=True, slots=True)
class News:
    """What the row holds now and did not before."""

    failed: tuple[Refund, ...] = ()
    inquiries: tuple[Dispute, ...] = ()
    lost: tuple[Dispute, ...] = ()


def of(row: Payment, before: Payment | None) -> News:
    """What is new in `row`. Nothing of a payment that is not known yet: it may be none of ours."""
    if not row.received:
        return News()
    known = before if before is not None and before.received else None
    failed = {refund.refund_id for refund in (known.refunds if known else ()) if refund.failed}
    return News(
        failed=tuple(r for r in row.refunds if r.failed and r.refund_id not in failed),
        inquiries=_now(DisputeStatus.INQUIRY, row, known),
        lost=_now(DisputeStatus.LOST, row, known),
    )


def _now(status: DisputeStatus, row: Payment, known: Payment | None) -> tuple[Dispute, ...]:
    """The disputes that stand so, and did not."""
    stood = {each.dispute_id for each in (known.disputes if known else ()) if each.status is status}
    return tuple(d for d in row.disputes if d.status is status and d.dispute_id not in stood)


def texts(news: News, row: Payment, job: Job | None, real_now: datetime) -> list[FollowUp]:
    """The office's texts, as follow-ups that are due now; none of a smoke call's money."""
    owner = businesses.by_id(row.business_id)
    if owner is None or (job is not None and job.synthetic):
        return []
    about = [deposit_texts.refund_failed(owner, row, job, refund) for refund in news.failed]
    about += [deposit_texts.dispute_lost(owner, row, job, dispute) for dispute in news.lost]
    about += [deposit_texts.bank_asks(owner, row, job, dispute) for dispute in news.inquiries]
    return [outbox.as_follow_up(owner, text, real_now, due_in=timedelta()) for text in about]
