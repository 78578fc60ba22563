"""What the actions need from outside, in the business's words. Adapters and fakes implement it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.actions.alerts.port import Rings
from shared.actions.calendars.port import BusyCalendars
from shared.actions.follow_ups.port import FollowUps as FollowUps
from shared.actions.payments.port import Checkout as Checkout
from shared.actions.payments.port import CheckoutSession as CheckoutSession
from shared.actions.stage_state import Admissions
from shared.actions.texts.port import Texting as Texting
from shared.domain.models import (
    Books,
    Call,
    Customer,
    Escalation,
    FollowUp,
    Hold,
    Job,
    JobStatus,
    Payment,
    Turn,
)


class Calls(Protocol):
    def open(self, call: Call) -> bool:
        """Write the row; False when it exists already: the token was used, or a webhook retried."""

    def get(self, call_sid: str) -> Call | None: ...

    def note(self, call_sid: str, **changes: object) -> None:
        """Set fields of the row, which must exist; fields of `Call`, None clears nothing.

        A stage is set only where it is further than the row's: the tools of a call and its bridge
        write beside each other, and a stage never goes back.
        """

    def escalate(self, call_sid: str, escalation: Escalation) -> bool:
        """Keep the intent /after-stream acts on; the newest wins, but a result never goes back.

        False, and nothing changed, when the row's result is none that `escalation` replaces: of
        several who report the same, one is told True.
        """

    def acknowledge(self, call_sid: str, phone: str, *, at: datetime) -> bool:
        """Note who has the emergency of this call, and when, once; False when somebody has it."""

    def end(self, call_sid: str, *, at: datetime, **changes: object) -> bool:
        """Set ended_at and `changes` once; False when the call had ended before."""

    def conclude(self, call: Call, *, final: bool) -> None:
        """Set the outcome and bookable of `call`, and with the first one leave `call.completed`: to
        be told at once where it is `final`, else hours later or as soon as it is."""

    def of_business(self, business_id: str, since: datetime, until: datetime) -> list[Call]:
        """The calls of a business that began in this time, the newest first."""


class Turns(Protocol):
    def add(self, turns: Iterable[Turn]) -> None:
        """Write rows; writing the same (call_sid, seq) again replaces it."""

    def of(self, call_sid: str) -> list[Turn]: ...


class Customers(Protocol):
    def get(self, business_id: str, phone: str) -> Customer | None: ...


class Jobs(Protocol):
    def book(self, job: Job, customer: Customer, follow_ups: Iterable[FollowUp] = ()) -> bool:
        """Keep the job, hold its crew for each hour of its window, upsert the customer, and leave
        its follow-ups: all or none.

        Returns False when this very job was there already (a retry), and changes nothing then.

        Raises:
            WindowTaken: another job holds one of the hours.
        """

    def move(
        self,
        before: Job,
        after: Job,
        *,
        customer: Customer | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        """Put `after` in the place of `before`, the scheduled job as it was read: other hours,
        another crew, or the same window with other particulars. Hold the hours it now needs, give
        back those it no longer does, upsert the customer where one is given, and leave the job's
        `follow_ups`: all or none. `after` is the same job with the next `version`.

        Returns False when the row is there as `after` already (a retry), and changes nothing then.

        Raises:
            WindowTaken: another job holds one of the hours.
            JobChanged: the row is no longer `before`; read it again and decide anew.
        """

    def get(self, job_id: str) -> Job | None: ...

    def of_call(self, call_sid: str) -> list[str]:
        """Ids of the jobs this call booked, whatever became of them."""

    def of_phone(self, business_id: str, phone: str) -> list[Job]:
        """The jobs that were booked for a number, whatever became of them."""

    def held(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> set[Hold]:
        """What is held from hour `first` to hour `last`, both included."""

    def holders(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> dict[Hold, str]:
        """The same with the id of the job that holds each hour."""

    def add_note(self, job_id: str, note: str) -> None: ...

    def open_deposit(self, job_id: str, *, number: int, session_id: str) -> bool:
        """Keep deposit number n's session; False when n is used, or the job owes no deposit."""

    def remind(self, job_id: str, *, at: datetime, follow_ups: Iterable[FollowUp] = ()) -> bool:
        """Note the one reminder of an unpaid, scheduled job and leave its follow-ups, all or
        none; False when it was reminded before, or owes nothing any more."""

    def visit_reminded(self, job_id: str, *, at: datetime) -> None:
        """Note that the customer was reminded of the visit; the newest time stands."""

    def close(
        self, job_id: str, status: JobStatus, *, at: datetime, follow_ups: Iterable[FollowUp] = ()
    ) -> bool:
        """Cancel or release an unpaid, scheduled job, give its hours back and leave its follow-ups:
        all or none; False when it owes nothing any more, or was moved at this very moment."""

    def cancel(self, job: Job, *, at: datetime, follow_ups: Iterable[FollowUp] = ()) -> bool:
        """The same of a scheduled job, paid or not; False when it is no longer as it was read."""

    def complete(self, job: Job, books: Books) -> bool:
        """Close the books of a scheduled job; the hours it still has before it are free again.

        False, and nothing changed, when the row is no longer as it was read: not scheduled, moved,
        or its deposit paid or given back meanwhile.
        """

    def of_business(self, business_id: str, day: str) -> list[Job]:
        """Jobs whose window starts on `day` (YYYY-MM-DD, local)."""


class Payments(Protocol):
    def settle(
        self,
        payment: Payment,
        job: Job | None,
        *,
        event_id: str,
        before: Payment | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        """Keep the payment row, remember the event and leave `follow_ups`, in one transaction.

        `before` is the row it replaces, as it was read. When `job` is given, its deposit flag
        follows `payment.held` in the same transaction: paid by it, or unpaid again.

        Returns False, and changes nothing, when the event was there already.

        Raises:
            JobChanged: the row is no longer `before`; or the job, to be marked paid, was paid,
                cancelled or released meanwhile; or, to be marked unpaid, is not paid by this
                payment. Nothing was written.
        """

    def get(self, payment_id: str) -> Payment | None: ...

    def of_job(self, job_id: str) -> list[Payment]: ...


class JobChanged(Exception):
    """The job or the payment's row is no longer as it was read; read again and decide anew."""


class Texts(Protocol):
    def send(self, to: str, body: str, *, sender: str) -> str:
        """Hand one SMS to the network and return its id. `sender` is the business's own number.

        Raises:
            TextFailed: it was not taken; `code` is Twilio's.
        """


@dataclass(frozen=True, slots=True)
class Voicemail:
    """A message that somebody left at a number of ours."""

    recording_sid: str
    call_sid: str
    left_at: datetime  # real time


class CallRecordings(Protocol):
    """The sound of calls, kept by Twilio."""

    def voicemails(self, since: datetime) -> list[Voicemail]:
        """Those that were left since then, real time. Raises PortError."""

    def parties(self, call_sid: str) -> tuple[str, str]:
        """Who called, and which number. Raises PortError."""

    def delete(self, recording_sid: str) -> None:
        """It is gone; fine when it was. Raises PortError."""

    def stop(self, call_sid: str) -> None:
        """Nothing more of this call is recorded; fine when nothing was. Raises PortError."""


class Mail(Protocol):
    def send(self, to: str, subject: str, body: str) -> str:
        """Hand over one mail in plain text and return its id.

        Raises:
            MailFailed: it was not taken.
        """

    def invite(self, to: str, subject: str, body: str, *, method: str, ics: str) -> str:
        """The same with what a calendar takes: iCalendar of that method. Raises MailFailed."""


class Inbox(Protocol):
    """Texts that came in, each once."""

    def seen(self, message_sid: str) -> bool:
        """Whether it was taken before."""

    def take(self, message_sid: str, *, until: datetime) -> bool:
        """Remember it until then, real time; False when it was taken already."""

    def count(self, what: str, *, until: datetime) -> int:
        """One more of `what`; how many there are. Forgotten after `until`, real time."""


class Clips(Protocol):
    def get(self, wording: str, model: str, voice: str) -> str | None:
        """The sentence as base64 mu-law, where this model read it before in this voice."""

    def keep(self, wording: str, model: str, voice: str, audio: str) -> None: ...


class Metrics(Protocol):
    def count(self, metric: str, value: float = 1, *, business: str | None = None) -> None:
        """Emit one value of a metric named in shared.schema.METRICS."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything the tools of a call need."""

    calls: Calls
    turns: Turns
    customers: Customers
    jobs: Jobs
    payments: Payments
    checkout: Checkout
    texts: Texts
    rings: Rings
    recordings: CallRecordings
    mail: Mail
    calendars: BusyCalendars
    follow_ups: FollowUps
    inbox: Inbox
    texting: Texting
    clips: Clips
    admissions: Admissions
    metrics: Metrics
    # The way to the office's page, by a business's id; None where there is none.
    office_link: Callable[[str], str | None] = lambda _: None
