"""One booking, and whose it is. Money in US cents, times aware."""

from datetime import UTC, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from shared.domain.models.texting import TextConsent
from shared.domain.models.value import Value
from shared.domain.models.visit import Covered, Hold, Window
from shared.domain.money import Cents


class Priority(StrEnum):
    LIFE_SAFETY = "p0"
    SAME_DAY = "p1"
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
    COMPLETED = "completed"  # the work is done, and the office has closed its books
    RELEASED = "released"  # the deposit was never paid and policy gave the window back


class Books(Value):
    """What a visit came to in the end, as the office closed it."""

    final: Cents  # the whole bill
    visit_credited: Cents  # of it, the fee of the visit, which is part of the bill and not on top
    deposit_credited: Cents  # of it, paid before, and here
    at: AwareDatetime

    @property
    def left_to_pay(self) -> Cents:
        return Cents(max(0, self.final - self.deposit_credited))

    @property
    def to_give_back(self) -> Cents:
        """What was paid before and is more than the bill."""
        return Cents(max(0, self.deposit_credited - self.final))


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
    hours: int = 2  # for how long the crew is held; rows from before there was a choice have none
    rate: Literal["regular", "after_hours"]
    after_hours: bool
    is_emergency: bool
    priority: Priority
    estimate: Cents
    visit_fee: Cents
    deposit: Cents
    covered: Covered | None = None  # the three are 0: nothing was quoted
    deposit_paid: bool = False
    payment_id: str | None = None
    checkout_session_id: str | None = None
    checkout_number: int = 0  # n of the idempotency key job:<id>:deposit:<n>
    reminded_at: AwareDatetime | None = None  # of its unpaid deposit, once
    visit_reminded_at: AwareDatetime | None = None  # of the visit itself, the last time
    to_be_confirmed: bool = False  # the crew's own calendar could not be read: the office looks
    consent: TextConsent | None = None  # to be texted; rows from before it was asked have none
    status: JobStatus = JobStatus.SCHEDULED
    books: Books | None = None  # of a completed one
    version: int = 0  # how often it was moved or changed; rows from before there was one read as 0
    synthetic: bool = False  # a smoke call's: counted nowhere
    created_at: AwareDatetime

    @property
    def holds(self) -> tuple[Hold, ...]:
        """The hours of its crew that it takes, from the start of its window on."""
        first = self.window.start.astimezone(UTC)
        return tuple((self.crew, first + timedelta(hours=n)) for n in range(self.hours))
