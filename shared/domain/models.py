"""The nouns of the business. Money in US cents, every datetime aware, all frozen."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from shared.domain.money import Cents
from shared.domain.money_back import Dispute, Refund, RefundTotal

WINDOW = timedelta(hours=2)


class Value(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(Value):
    """The two hours in which a technician arrives. Start is inclusive, end exclusive."""

    start: AwareDatetime
    end: AwareDatetime

    @classmethod
    def at(cls, start: datetime) -> "Window":
        """The window from `start`, ending two real hours later, in the zone of `start`."""
        end = (start.astimezone(UTC) + WINDOW).astimezone(start.tzinfo)
        return cls(start=start, end=end)

    @model_validator(mode="after")
    def _two_whole_hours(self) -> Self:
        if self.end.astimezone(UTC) - self.start.astimezone(UTC) != WINDOW:
            raise ValueError("a window is two hours")
        if self.start.minute or self.start.second or self.start.microsecond:
            raise ValueError("a window starts on a full hour")
        return self

    @property
    def hours(self) -> tuple[datetime, datetime]:
        """The two hours it occupies, in UTC: what two overlapping windows always share."""
        first = self.start.astimezone(UTC)
        return (first, first + timedelta(hours=1))


class Quote(Value):
    """What one visit costs at one rate. Amounts in US cents."""

    service_type: str
    after_hours: bool
    service_call: Cents  # the flat visit fee, never multiplied
    low: Cents  # the range at regular hours
    high: Cents
    after_hours_low: Cents
    after_hours_high: Cents
    estimated_repair: Cents
    total_estimate: Cents
    emergency_fee: Cents  # the whole visit fee after hours, 0 in business hours
    deposit: Cents

    @property
    def visit_fee(self) -> Cents:
        """What the visit itself costs at this rate: 165 by day, 248 after hours."""
        return self.emergency_fee or self.service_call


class Slot(Value):
    """A window the business could still serve, with the rate that holds in it."""

    window: Window
    after_hours: bool
    immediate: bool = False  # the emergency window, off the business grid
    crews: tuple[str, ...] = ()  # free crews, in the order they are tried


class HazardCategory(StrEnum):
    GAS_LEAK = "gas_leak"
    FIRE_SMOKE = "fire_smoke"
    CARBON_MONOXIDE = "carbon_monoxide"
    ELECTRICAL_HAZARD = "electrical_hazard"
    FLOOD_ELECTRICAL = "flood_electrical"
    SEWAGE = "sewage"
    NO_HEAT_FREEZING = "no_heat_freezing"
    MAJOR_LEAK = "major_leak"


class Hazard(Value):
    """A danger heard in the caller's words."""

    category: HazardCategory
    guidance: str  # what is said to the caller, word for word
    call_911: bool  # tier 1: the guidance sends the caller to 911
    matched: str  # the words that raised it


class Priority(StrEnum):
    LIFE_SAFETY = "p0"
    SAME_DAY = "p1"
    URGENT = "p2"
    NORMAL = "p3"
    MAINTENANCE = "p4"


class Contact(Value):
    """One thing heard over the phone: as said, as understood, and whether it was confirmed."""

    raw: str
    normalised: str
    confirmed: bool = False


class Customer(Value):
    """Known by business and phone. The repository keeps the first `created_at`."""

    business_id: str
    phone: str  # E.164
    name: str
    email: str | None = None
    address: str | None = None
    synthetic: bool = False  # a smoke call's: counted nowhere
    created_at: AwareDatetime
    updated_at: AwareDatetime


class JobStatus(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    RELEASED = "released"  # the deposit was never paid and policy gave the window back


class Job(Value):
    """One booking."""

    job_id: str
    business_id: str
    call_sid: str
    customer_name: str
    phone: Contact
    address: Contact
    email: str | None = None
    service_type: str
    description: str
    notes: tuple[str, ...] = ()
    window: Window
    time_zone: str
    crew: str
    rate: Literal["regular", "after_hours"]
    after_hours: bool
    is_emergency: bool
    priority: Priority
    estimate: Cents
    visit_fee: Cents
    deposit: Cents
    deposit_paid: bool = False
    payment_id: str | None = None
    checkout_session_id: str | None = None
    checkout_number: int = 0  # n of the idempotency key job:<id>:deposit:<n>
    reminded_at: AwareDatetime | None = None  # of its unpaid deposit, once
    status: JobStatus = JobStatus.SCHEDULED
    version: int = 0  # how often it was moved or changed; rows from before there was one read as 0
    synthetic: bool = False  # a smoke call's: counted nowhere
    created_at: AwareDatetime


class Outcome(StrEnum):
    BOOKED = "booked"
    TRANSFERRED = "transferred"
    EMERGENCY_REFERRED = "emergency_referred"
    QUOTE_ONLY = "quote_only"
    MESSAGE_TAKEN = "message_taken"
    NOT_SERVED = "not_served"  # out of area, or a trade we do not do
    SPAM = "spam"
    WRONG_NUMBER = "wrong_number"
    EXISTING_JOB = "existing_job"
    ABANDONED = "abandoned"  # the caller hung up before anything came of it
    COMPLETED = "completed"  # a normal end without any of the above
    FAILED = "failed"


# What came of ringing a person; a row's result only ever moves to the right.
DIAL_RESULTS = ("pending", "nobody", "voicemail", "answered")


class Escalation(Value):
    """A caller who should reach a human."""

    reason: str
    summary: str = ""
    urgency: Literal["normal", "urgent"] = "normal"
    asked_at: AwareDatetime
    result: Literal["pending", "answered", "voicemail", "nobody"] = "pending"

    @property
    def replaces(self) -> tuple[str, ...]:
        """The results this one may take the place of: those before it, and a wish a wish."""
        return DIAL_RESULTS[: max(DIAL_RESULTS.index(self.result), 1)]


class Call(Value):
    """One row of `calls`."""

    call_sid: str
    business_id: str
    caller: str | None = None  # caller id as Twilio gave it; absent when withheld
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    business_hours: bool
    stage: str = "answered"  # an outcomes.CallStage
    disclosed_at: AwareDatetime | None = None
    disclosure: str | None = None  # the wording, heard whole
    # What was heard at the last attempt that failed, while nothing or before all was heard.
    disclosure_heard: str | None = None
    disclosure_heard_ms: int | None = None
    prompt_version: str | None = None
    quoted_at: AwareDatetime | None = None
    quote_total: Cents | None = None
    hazard: HazardCategory | None = None
    escalation: Escalation | None = None
    job_id: str | None = None
    message_taken: bool = False
    end_reason: str | None = None  # an outcomes.EndReason, or what the agent gave to end_call
    bookable: bool | None = None
    outcome: Outcome | None = None
    failure: str | None = None  # an outcomes.Failure: what broke, also when a human then answered
    stream_sid: str | None = None  # Twilio's, of the stream whose token opened the call
    refused_stream: str | None = None  # the newest stream that came with a token used before
    synthetic: bool = False


class Turn(Value):
    """One row of `agent_turns`: something said, heard or done in a call."""

    call_sid: str
    seq: int
    role: Literal["assistant", "user", "tool", "system"]
    text: str = ""
    at: AwareDatetime
    latency_ms: int | None = None  # caller stopped -> agent's first sound
    cut: bool = False  # the caller spoke over it
    heard: str | None = None  # of a cut turn: the words that were played, estimated from heard_ms
    heard_ms: int | None = None
    sent_ms: int | None = None
    item_id: str | None = None
    tool: str | None = None
    arguments: str | None = None  # JSON as the model gave it, card numbers masked
    result: str | None = None  # JSON as the model got it
    took_ms: int | None = None
    synthetic: bool = False


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


class FollowUpKind(StrEnum):
    CHECKOUT = "checkout"  # Stripe gave no session: make one and text the link
    TEXT = "text"  # Twilio took no message: send it again
    DEPOSIT = "deposit"  # it may still be unpaid then: remind, or give the window back


class FollowUp(Value):
    """Something to come back to: what failed, or a deposit that may stay unpaid."""

    follow_up_id: str  # the same failure twice is one follow-up
    kind: FollowUpKind
    business_id: str
    job_id: str | None = None
    to: str | None = None
    body: str | None = None
    error: str
    created_at: AwareDatetime
    due_at: AwareDatetime
    attempts: int = 0
