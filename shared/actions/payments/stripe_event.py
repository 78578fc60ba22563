"""What Stripe's webhooks say, reduced to what they mean for one payment.

Events are read tolerantly (the account's API version decides their shape, not our library) and
only as far as we act on them.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.domain import money_back
from shared.domain.money import Cents
from shared.domain.money_back import DisputeStatus, RefundStatus

API_VERSION = "2026-10-28.endive"
NOTHING = Cents(0)


class FactKind(Enum):
    """What an event says of its payment."""

    RECEIVED = auto()
    PENDING = auto()  # the customer is done, the money comes days later
    FAILED = auto()  # ... or never
    REFUNDED = auto()  # some of it or all: what was refunded in all by then
    REFUND = auto()  # how one refund stands
    DISPUTED = auto()  # how one dispute, or a bank's inquiry, stands
    NOTHING = auto()  # the customer is done, and there was nothing to pay


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """One thing Stripe says of one payment. `job_id` is None where the object names none.

    `amount` is the payment's; of a refund it is 0, since Stripe tells only the refund's own.
    `at` is when Stripe made the event, in seconds since the epoch.
    """

    kind: FactKind
    event_id: str
    payment_id: str
    job_id: str | None
    business_id: str | None
    amount: Cents
    currency: str
    livemode: bool
    at: int = 0
    refunded: Cents = NOTHING
    refund: money_back.Refund | None = None
    dispute: money_back.Dispute | None = None
    session_id: str | None = None
    payment_intent: str | None = None
    charge: str | None = None


def _id(value: object) -> object:
    """The id of an object that Stripe may give whole."""
    return value.get("id") if isinstance(value, dict) else value


Id = Annotated[str, Field(min_length=1, max_length=255)]
Ref = Annotated[Id | None, BeforeValidator(_id)]
Amount = Annotated[int, Field(ge=0, le=10**12)]


class Received(BaseModel):
    """Part of what Stripe sent; fields it has beyond these are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Metadata(Received):
    job_id: Id | None = None
    business_id: Id | None = None


class SessionObject(Received):
    id: Id
    amount_total: Amount | None = None
    currency: str | None = None
    payment_status: str
    payment_intent: Ref = None
    client_reference_id: str | None = None
    metadata: Metadata | None = None


class Charge(Received):
    id: Id
    amount: Amount
    amount_refunded: Amount = 0
    currency: str
    payment_intent: Ref = None
    metadata: Metadata | None = None


class RefundObject(Received):
    id: Id
    amount: Amount
    currency: str
    status: str | None = None
    failure_reason: str | None = None
    charge: Ref = None
    payment_intent: Ref = None
    metadata: Metadata | None = None


class DisputeObject(Received):
    id: Id
    amount: Amount
    currency: str
    status: str | None = None
    charge: Ref = None
    payment_intent: Ref = None
    reason: str | None = None
    metadata: Metadata | None = None


class Data(Received):
    about: dict[str, object] = Field(alias="object")


class StripeEvent(Received):
    """One signed webhook. Its object is read by `fact_of`, once the type is known."""

    id: Id
    type: str
    created: int = 0
    livemode: bool = False
    api_version: str | None = None
    data: Data


def fact_of(event: StripeEvent) -> PaymentFact | None:
    """What the event says of a payment; None when it says nothing we keep.

    Raises:
        pydantic.ValidationError: an event we act on lacks what we need from it.
    """
    match event.type:
        case "checkout.session.completed":
            session = SessionObject.model_validate(event.data.about)
            unpaid = session.payment_status == "unpaid"
            return _of_session(event, session, FactKind.PENDING if unpaid else FactKind.RECEIVED)
        case "checkout.session.async_payment_succeeded":
            return _of_session(
                event, SessionObject.model_validate(event.data.about), FactKind.RECEIVED
            )
        case "checkout.session.async_payment_failed":
            return _of_session(
                event, SessionObject.model_validate(event.data.about), FactKind.FAILED
            )
        case "charge.refunded":
            return _of_charge(event, Charge.model_validate(event.data.about))
        # One refund that fails is told by all of the last three, in any order.
        case "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated":
            return _of_refund(event, RefundObject.model_validate(event.data.about))
        case (
            "charge.dispute.created"
            | "charge.dispute.updated"
            | "charge.dispute.closed"
            | "charge.dispute.funds_withdrawn"
            | "charge.dispute.funds_reinstated"
        ):
            return _of_dispute(event, DisputeObject.model_validate(event.data.about))
    # checkout.session.expired too: no money moved, and the pay link asks Stripe itself.
    return None


def _of_session(event: StripeEvent, session: SessionObject, kind: FactKind) -> PaymentFact:
    metadata = session.metadata or Metadata()
    return PaymentFact(
        kind if session.amount_total else FactKind.NOTHING,
        event.id,
        payment_id=session.payment_intent or session.id,
        job_id=metadata.job_id or session.client_reference_id or None,
        business_id=metadata.business_id,
        amount=Cents(session.amount_total or 0),
        currency=session.currency or "",
        livemode=event.livemode,
        at=event.created,
        session_id=session.id,
        payment_intent=session.payment_intent,
    )


def _of_charge(event: StripeEvent, charge: Charge) -> PaymentFact:
    metadata = charge.metadata or Metadata()
    return PaymentFact(
        FactKind.REFUNDED,
        event.id,
        payment_id=charge.payment_intent or charge.id,
        job_id=metadata.job_id,
        business_id=metadata.business_id,
        amount=Cents(charge.amount),
        currency=charge.currency,
        livemode=event.livemode,
        at=event.created,
        refunded=Cents(charge.amount_refunded),
        payment_intent=charge.payment_intent,
        charge=charge.id,
    )


def _of_refund(event: StripeEvent, refund: RefundObject) -> PaymentFact:
    metadata = refund.metadata or Metadata()  # usually empty: the charge's is not copied
    status = "failed" if event.type == "refund.failed" else refund.status
    failed = status in ("failed", "canceled")  # either way the money is ours again
    stands = RefundStatus.SUCCEEDED if status == "succeeded" else RefundStatus.PENDING
    return PaymentFact(
        FactKind.REFUND,
        event.id,
        payment_id=refund.payment_intent or refund.charge or refund.id,
        job_id=metadata.job_id,
        business_id=metadata.business_id,
        amount=NOTHING,
        currency=refund.currency,
        livemode=event.livemode,
        at=event.created,
        refund=money_back.Refund(
            refund_id=refund.id,
            amount=Cents(refund.amount),
            status=RefundStatus.FAILED if failed else stands,
            why=refund.failure_reason or ("canceled" if status == "canceled" else None),
            failed_at=event.created if failed else None,
        ),
        payment_intent=refund.payment_intent,
        charge=refund.charge,
    )


# Stripe's words for how a dispute stands; any other is open, so that a person looks at it.
DISPUTES = {
    "warning_needs_response": DisputeStatus.INQUIRY,
    "warning_under_review": DisputeStatus.INQUIRY,
    "warning_closed": DisputeStatus.INQUIRY_CLOSED,
    # The refund is told as one, so that the dispute itself takes nothing.
    "prevented": DisputeStatus.SETTLED,
    "charge_refunded": DisputeStatus.SETTLED,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}


def _of_dispute(event: StripeEvent, dispute: DisputeObject) -> PaymentFact:
    metadata = dispute.metadata or Metadata()  # usually empty: the charge's is not copied
    return PaymentFact(
        FactKind.DISPUTED,
        event.id,
        payment_id=dispute.payment_intent or dispute.charge or dispute.id,
        job_id=metadata.job_id,
        business_id=metadata.business_id,
        amount=Cents(dispute.amount),
        currency=dispute.currency,
        livemode=event.livemode,
        at=event.created,
        dispute=money_back.Dispute(
            dispute_id=dispute.id,
            amount=Cents(dispute.amount),
            status=DISPUTES.get(dispute.status or "", DisputeStatus.OPEN),
            why=dispute.reason,
            at=event.created,
        ),
        payment_intent=dispute.payment_intent,
        charge=dispute.charge,
    )
