"""What is told to other systems when something has happened: versioned JSON, one model for each.

A consumer knows an event by its `id`, which stays the same however often it is delivered, and puts
the events of one job in order by the job's `version`. Money in US cents, times aware.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from shared.domain.models.call import Outcome
from shared.domain.models.hazard import HazardCategory
from shared.domain.models.job import JobStatus, Priority
from shared.domain.models.value import Value
from shared.domain.models.visit import Covered, Window
from shared.domain.money import Cents


class EventType(StrEnum):
    CALL_COMPLETED = "call.completed"
    BOOKING_CREATED = "booking.created"
    BOOKING_RESCHEDULED = "booking.rescheduled"
    BOOKING_CANCELLED = "booking.cancelled"
    DEPOSIT_PAID = "deposit.paid"
    EMERGENCY_RAISED = "emergency.raised"
    CALLBACK_REQUESTED = "callback.requested"


class BookedVisit(Value):
    """One booking as it stands with this event."""

    status: JobStatus
    window: Window
    time_zone: str
    crew: str
    hours: int = 2  # for how long the crew is held, from the start of the window on
    customer_name: str
    phone: str
    address: str
    email: str | None = None
    service_type: str
    description: str
    notes: tuple[str, ...] = ()
    to_be_confirmed: bool = False  # the crew's own calendar could not be read
    is_emergency: bool
    priority: Priority
    rate: Literal["regular", "after_hours"]
    estimate: Cents
    visit_fee: Cents
    deposit: Cents
    deposit_paid: bool
    covered: Covered | None = None  # the three are 0: nothing was quoted


class MovedVisit(BookedVisit):
    """A booking that changed: its window, its crew or its particulars."""

    was_window: Window
    was_crew: str


class PaidDeposit(Value):
    """Money that paid the deposit of a job."""

    payment_id: str
    amount: Cents
    currency: str


class CompletedCall(Value):
    """A call that is over, by the first outcome that is final."""

    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    caller: str | None = None  # absent when withheld
    business_hours: bool
    outcome: Outcome
    stage: str
    end_reason: str | None = None
    failure: str | None = None
    hazard: HazardCategory | None = None
    quote_total: Cents | None = None
    message_taken: bool
    handed_over: Literal["pending", "answered", "voicemail", "nobody"] | None = None


class RaisedEmergency(Value):
    """Danger that a caller told of; they were given the safety guidance."""

    category: HazardCategory
    caller: str | None = None


class RequestedCallback(Value):
    """Somebody waits to be called back by the office."""

    caller: str | None = None
    phone: str | None = None  # the number to call, where they named one
    urgency: Literal["normal", "urgent"] = "normal"
    topic: str | None = None  # of the business's own
    due_at: AwareDatetime


class _Told(Value):
    id: str  # the same at every delivery
    schema_version: Literal[1] = 1
    at: AwareDatetime  # real time
    business_id: str
    call_sid: str | None = None
    job_id: str | None = None

    @property
    def about(self) -> str:
        """What it is about: deliveries of one subject keep their order."""
        return self.job_id or self.call_sid or self.id


class _ToldOfJob(_Told):
    version: int  # of the job: how often it had been changed


class CallCompleted(_Told):
    type: Literal[EventType.CALL_COMPLETED] = EventType.CALL_COMPLETED
    data: CompletedCall


class BookingCreated(_ToldOfJob):
    type: Literal[EventType.BOOKING_CREATED] = EventType.BOOKING_CREATED
    data: BookedVisit


class BookingRescheduled(_ToldOfJob):
    type: Literal[EventType.BOOKING_RESCHEDULED] = EventType.BOOKING_RESCHEDULED
    data: MovedVisit


class BookingCancelled(_ToldOfJob):
    type: Literal[EventType.BOOKING_CANCELLED] = EventType.BOOKING_CANCELLED
    data: BookedVisit


class DepositPaid(_ToldOfJob):
    type: Literal[EventType.DEPOSIT_PAID] = EventType.DEPOSIT_PAID
    data: PaidDeposit


class EmergencyRaised(_Told):
    type: Literal[EventType.EMERGENCY_RAISED] = EventType.EMERGENCY_RAISED
    data: RaisedEmergency


class CallbackRequested(_Told):
    type: Literal[EventType.CALLBACK_REQUESTED] = EventType.CALLBACK_REQUESTED
    data: RequestedCallback


Event = Annotated[
    CallCompleted
    | BookingCreated
    | BookingRescheduled
    | BookingCancelled
    | DepositPaid
    | EmergencyRaised
    | CallbackRequested,
    Field(discriminator="type"),
]
BookingEvent = BookingCreated | BookingRescheduled | BookingCancelled
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


def event_json(event: Event) -> str:
    """The event as it is delivered: the same bytes at every try."""
    return event.model_dump_json(exclude_none=True)


def event_of(text: str) -> Event:
    """The event of its JSON. Raises pydantic.ValidationError."""
    return EVENTS.validate_json(text)
