"""Money that leaves a payment again: its refunds and its disputes, each by the processor's id.

What the processor tells comes more than once and in any order. So each refund and dispute keeps
the furthest state it was told to be in, and the sums are taken from those states: the same facts
make the same row, whichever came first.
"""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.domain.money import Cents


class Kept(BaseModel):
    """A frozen part of a payment's row."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class RefundStatus(StrEnum):
    """In the order a refund goes through them; one that failed never succeeds later."""

    PENDING = "pending"  # on its way, or waits for the payer: no longer ours to spend
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # or canceled: the money came back to us


class Refund(Kept):
    """One refund. `failed_at` is in seconds since the epoch, when the processor told of it."""

    refund_id: str
    amount: Cents
    status: RefundStatus
    why: str | None = None  # it failed
    failed_at: int | None = None

    @property
    def failed(self) -> bool:
        return self.status is RefundStatus.FAILED


class RefundTotal(Kept):
    """What of a charge had been refunded in all at a time, refunds failed by then left out.

    The processor tells it beside the refunds themselves, whose own events may be late.
    """

    at: int  # seconds since the epoch
    amount: Cents


class DisputeStatus(StrEnum):
    """In the order a dispute goes through them. Only an open or a lost one takes money."""

    INQUIRY = "inquiry"  # the bank asks; no money moved
    INQUIRY_CLOSED = "inquiry_closed"  # ... and no dispute came of it
    OPEN = "open"
    SETTLED = "settled"  # by a refund, which took the money
    WON = "won"
    LOST = "lost"


class Dispute(Kept):
    """One dispute, as it was last told. `at` is in seconds since the epoch."""

    dispute_id: str
    amount: Cents
    status: DisputeStatus
    why: str | None = None
    at: int = 0


def with_refund(known: Iterable[Refund], told: Refund) -> tuple[Refund, ...]:
    """`known` with what is now told of one refund, ordered by id."""
    by_id = {refund.refund_id: refund for refund in known}
    before = by_id.get(told.refund_id)
    by_id[told.refund_id] = told if before is None else _further(before, told)
    return tuple(by_id[refund_id] for refund_id in sorted(by_id))


def _further(before: Refund, told: Refund) -> Refund:
    order = list(RefundStatus)
    if order.index(told.status) != order.index(before.status):
        return max(before, told, key=lambda refund: order.index(refund.status))
    times = [at for at in (before.failed_at, told.failed_at) if at is not None]
    changes = {"why": before.why or told.why, "failed_at": min(times, default=None)}
    return before.model_copy(update=changes)


def with_total(known: Iterable[RefundTotal], told: RefundTotal) -> tuple[RefundTotal, ...]:
    """`known` and one more total, ordered; the same total of one moment is kept once."""
    unique = {(total.at, total.amount): total for total in (*known, told)}
    return tuple(unique[key] for key in sorted(unique))


def with_dispute(known: Iterable[Dispute], told: Dispute) -> tuple[Dispute, ...]:
    """`known` with what is now told of one dispute, ordered by id.

    A dispute that was decided is not opened again by an event that comes late. A decision may be
    reversed: of two, the later one holds.
    """
    by_id = {dispute.dispute_id: dispute for dispute in known}
    before = by_id.get(told.dispute_id, told)
    by_id[told.dispute_id] = max(before, told, key=_stage)
    return tuple(by_id[dispute_id] for dispute_id in sorted(by_id))


def _stage(dispute: Dispute) -> tuple[int, int, int]:
    place = list(DisputeStatus).index(dispute.status)
    decided = min(place, list(DisputeStatus).index(DisputeStatus.SETTLED))
    return (decided, dispute.at, place)


def given_back(refunds: Iterable[Refund], totals: Iterable[RefundTotal]) -> Cents:
    """What was refunded and did not come back, US cents.

    All that was ever sent back is at least the sum of the refunds heard of, and at least any total
    together with what had failed before that total was taken. What failed since then is ours again.
    """
    known = list(refunds)
    failed = [refund for refund in known if refund.failed]
    sent: list[int] = [sum(refund.amount for refund in known)]
    for total in totals:
        before = sum(r.amount for r in failed if r.failed_at is not None and r.failed_at < total.at)
        sent.append(total.amount + before)
    return Cents(max(0, max(sent) - sum(refund.amount for refund in failed)))


def lost(disputes: Iterable[Dispute]) -> Cents:
    """What the banks took for good, US cents."""
    return Cents(sum(d.amount for d in disputes if d.status is DisputeStatus.LOST))


def told(refunds: Iterable[Refund], disputes: Iterable[Dispute]) -> list[str]:
    """A line for each dispute and each refund that failed, for whoever reads the row."""
    ended = (DisputeStatus.SETTLED, DisputeStatus.WON, DisputeStatus.LOST)
    inquiries = (DisputeStatus.INQUIRY, DisputeStatus.INQUIRY_CLOSED)
    lines = [
        f"{'inquiry' if d.status in inquiries else 'dispute'} {d.dispute_id}: "
        f"{d.why or 'no reason given'}{f' ({d.status})' if d.status in ended else ''}"
        for d in disputes
    ]
    failures = [r for r in refunds if r.failed]
    return lines + [f"refund {r.refund_id} failed: {r.why or 'no reason given'}" for r in failures]
