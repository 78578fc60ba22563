"""Money that came in for a job. Amounts in US cents, times aware."""

from enum import StrEnum

from pydantic import AwareDatetime

from shared.domain.models.value import Value
from shared.domain.money import Cents
from shared.domain.money_back import Dispute, Refund, RefundTotal


class PaymentStatus(StrEnum):
    PENDING = "pending"  # completed, but the method pays later
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    DISPUTED = "disputed"  # not decided yet; an inquiry, where no money moved, is none
    LOST = "lost"  # a dispute took it for good
    NEEDS_REFUND = "needs_refund"  # received, but not owed: a human must act


class Payment(Value):
    """One row of `payments`. `payment_id` is the processor's payment intent, else its session."""

    payment_id: str
    job_id: str
    business_id: str
    amount: Cents
    currency: str
    status: PaymentStatus
    received: bool = False  # the money came in, whatever became of it
    refunded: Cents = Cents(0)  # of `amount`, in all, without refunds that failed
    lost: Cents = Cents(0)  # of `amount`, to disputes
    refunds: tuple[Refund, ...] = ()
    refund_totals: tuple[RefundTotal, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    not_owed: str | None = None  # why it must go back
    reason: str | None = None  # the same, with what disputes and failed refunds say
    session_id: str | None = None
    payment_intent: str | None = None
    charge: str | None = None
    event_id: str  # of the event that changed the row last
    at: AwareDatetime

    @property
    def held(self) -> bool:
        """The money came in and some of it is still here."""
        received = self.status not in (PaymentStatus.PENDING, PaymentStatus.FAILED)
        return received and self.refunded + self.lost < self.amount
