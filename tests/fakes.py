"""Every port in memory, obeying the contracts that tests/contracts run over fakes and adapters."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.actions.events import of_rows
from shared.actions.events.ports import Untold
from shared.actions.office_devices import MOST_TRIES, AskedCode, Device
from shared.actions.ports import CheckoutSession, JobChanged, Ports, Voicemail
from shared.actions.stage_state import CallerState, StageState
from shared.domain.business import Business
from shared.domain.calendar.busy import BusyCrews
from shared.domain.errors import CheckoutFailed, MailFailed, PortError, TextFailed, WindowTaken
from shared.domain.models import (
    Books,
    Call,
    Customer,
    Escalation,
    FollowUp,
    Hold,
    Job,
    JobStatus,
    OptOut,
    Payment,
    Talk,
    TextConsent,
    Turn,
)
from shared.domain.models.event import Event
from shared.domain.money import Cents
from shared.domain.outcomes import CallStage
from shared.schema import METRICS

NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)  # the spec's call, 19:12 in Springfield


class FakeOutbox:
    """Events that fakes of tables have left, and the deliveries among a fake's follow-ups."""

    def __init__(self, follow_ups: "FakeFollowUps | None" = None) -> None:
        self.follow_ups = FakeFollowUps() if follow_ups is None else follow_ups
        self.rows: dict[str, tuple[Event, datetime]] = {}
        self.kept: dict[str, FollowUp] = {}  # what is parked
        self.now = NOW  # by which events are dated

    def leave(self, events: Iterable[Event], due: datetime | None = None) -> None:
        for event in events:
            self.rows[event.id] = (event, due or event.at + timedelta(seconds=2))

    def due(self, now: datetime) -> list[Untold]:
        found = [
            Untold(event, "", due.isoformat()) for event, due in self.rows.values() if due <= now
        ]
        return sorted(found, key=lambda each: each.event.at)

    def hand_on(self, untold: Untold, deliveries: Iterable[FollowUp]) -> bool:
        row = self.rows.get(untold.event.id)
        if row is None or row[1].isoformat() != untold.due:
            return False
        del self.rows[untold.event.id]
        for each in deliveries:
            self.follow_ups.rows[each.follow_up_id] = each
        return True

    def deliveries(self) -> list[FollowUp]:
        return [each for each in self.follow_ups.rows.values() if each.kind.is_delivery]

    def park(self, delivery_id: str, *, until: datetime) -> None:
        row = self.follow_ups.rows.pop(delivery_id, None)
        if row is not None:
            self.kept[delivery_id] = row

    def parked(self) -> list[FollowUp]:
        return list(self.kept.values())

    def again(self, delivery_id: str, *, at: datetime) -> bool:
        row = self.kept.pop(delivery_id, None) or self.follow_ups.rows.get(delivery_id)
        if row is None:
            return False
        changes = {"due_at": at, "again_at": at, "attempts": 0}
        self.follow_ups.rows[delivery_id] = row.model_copy(update=changes)
        return True


class FakeCalls:
    def __init__(self, outbox: FakeOutbox | None = None) -> None:
        self.outbox = FakeOutbox() if outbox is None else outbox
        self.rows: dict[str, Call] = {}
        self.down = False
        self._lock = threading.Lock()

    def open(self, call: Call) -> bool:
        with self._lock:
            self._up()
            if call.call_sid in self.rows:
                return False
            self.rows[call.call_sid] = call
            return True

    def get(self, call_sid: str) -> Call | None:
        self._up()
        return self.rows.get(call_sid)

    def note(self, call_sid: str, **changes: object) -> None:
        with self._lock:
            self._up()
            stage = changes.get("stage")
            row = self.rows.get(call_sid)
            if stage is not None and row is not None:
                further = CallStage(str(stage)).is_after(CallStage(row.stage))
                changes["stage"] = stage if further else None
            self._change(call_sid, changes)
            if row is not None:
                now = self.rows[call_sid]
                self.outbox.leave(of_rows.learned(row, now, self.outbox.now))

    def escalate(self, call_sid: str, escalation: Escalation) -> bool:
        with self._lock:
            self._up()
            before = self.rows[call_sid].escalation if call_sid in self.rows else None
            if before is not None and before.result not in escalation.replaces:
                return False
            self._change(call_sid, {"escalation": escalation})
            return True

    def acknowledge(self, call_sid: str, phone: str, *, at: datetime) -> bool:
        with self._lock:
            self._up()
            if call_sid in self.rows and self.rows[call_sid].acknowledged_at is not None:
                return False
            self._change(call_sid, {"acknowledged_at": at, "acknowledged_by": phone})
            return True

    def end(self, call_sid: str, *, at: datetime, **changes: object) -> bool:
        with self._lock:
            self._up()
            if call_sid in self.rows and self.rows[call_sid].ended_at is not None:
                return False
            self._change(call_sid, {**changes, "ended_at": at})
            return True

    def conclude(self, call: Call, *, final: bool) -> None:
        with self._lock:
            self._up()
            first = call.call_sid in self.rows and self.rows[call.call_sid].outcome is None
            self._change(call.call_sid, {"outcome": call.outcome, "bookable": call.bookable})
            events = of_rows.completed(call, self.outbox.now)
            due = None if final else self.outbox.now + timedelta(hours=4)
            if first or (final and any(event.id in self.outbox.rows for event in events)):
                self.outbox.leave(events, due)

    def of_business(self, business_id: str, since: datetime, until: datetime) -> list[Call]:
        self._up()
        calls = sorted(self.rows.values(), key=lambda call: call.started_at, reverse=True)
        return [
            call
            for call in calls
            if call.business_id == business_id and since <= call.started_at <= until
        ]

    def _up(self) -> None:
        if self.down:
            raise PortError("the fake table is down")

    def _change(self, call_sid: str, changes: dict[str, object]) -> None:
        if call_sid not in self.rows:
            raise LookupError(call_sid)
        given = {name: value for name, value in changes.items() if value is not None}
        kept = {name: getattr(self.rows[call_sid], name) for name in Call.model_fields}
        self.rows[call_sid] = Call.model_validate(kept | given)


class FakeTurns:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Turn] = {}

    def add(self, turns: Iterable[Turn]) -> None:
        for turn in turns:
            self.rows[(turn.call_sid, turn.seq)] = turn

    def of(self, call_sid: str) -> list[Turn]:
        return [self.rows[key] for key in sorted(self.rows) if key[0] == call_sid]


class FakeCustomers:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Customer] = {}

    def get(self, business_id: str, phone: str) -> Customer | None:
        return self.rows.get((business_id, phone))

    def upsert(self, customer: Customer) -> None:
        """For FakeJobs: what the booking transaction does to the customer."""
        key = (customer.business_id, customer.phone)
        before = self.rows.get(key)
        if before is not None:
            said = {k: v for k, v in customer.model_dump().items() if v is not None}
            said["created_at"] = before.created_at
            customer = Customer.model_validate(before.model_dump() | said)
        self.rows[key] = customer


# What a move rests on: nobody may have changed it since the job was read.
MOVED_AS_READ = (
    *("version", "status", "window", "crew", "notes"),
    *("deposit", "deposit_paid", "checkout_number"),
)


class FakeJobs:
    def __init__(
        self,
        customers: FakeCustomers | None = None,
        follow_ups: "FakeFollowUps | None" = None,
        outbox: FakeOutbox | None = None,
    ) -> None:
        self.customers = FakeCustomers() if customers is None else customers
        self.follow_ups = FakeFollowUps() if follow_ups is None else follow_ups
        self.outbox = FakeOutbox(self.follow_ups) if outbox is None else outbox
        self.rows: dict[str, Job] = {}
        self.locks: dict[tuple[str, str, datetime], str] = {}
        self.down = False
        self.lock = threading.RLock()

    def book(self, job: Job, customer: Customer, follow_ups: Iterable[FollowUp] = ()) -> bool:
        with self.lock:
            self._up()
            if job.job_id in self.rows:
                return False
            keys = [(job.business_id, *hold) for hold in job.holds]
            if any(key in self.locks for key in keys):
                raise WindowTaken(f"the window at {job.window.start.isoformat()} has been taken")
            self.locks.update(dict.fromkeys(keys, job.job_id))
            self.rows[job.job_id] = job
            self.customers.upsert(customer)
            for follow_up in follow_ups:
                self.follow_ups.leave(follow_up)
            self.outbox.leave(of_rows.booked(job, self.outbox.now))
            return True

    def move(
        self,
        before: Job,
        after: Job,
        *,
        customer: Customer | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        with self.lock:
            self._up()
            now = self.rows.get(after.job_id)
            if now is None:
                raise JobChanged(after.job_id)
            if (now.version, now.window, now.holds) == (after.version, after.window, after.holds):
                return False
            if any(getattr(now, name) != getattr(before, name) for name in MOVED_AS_READ):
                raise JobChanged(after.job_id)
            needed = {(after.business_id, *hold) for hold in after.holds}
            if any(self.locks.get(key, after.job_id) != after.job_id for key in needed):
                raise WindowTaken(f"the window at {after.window.start.isoformat()} is taken")
            kept = {k: holder for k, holder in self.locks.items() if holder != after.job_id}
            self.locks = kept | dict.fromkeys(needed, after.job_id)
            was, becomes = before.model_dump(), after.model_dump()
            changed = [name for name in becomes if becomes[name] != was[name]]
            self.change(after.job_id, **{name: getattr(after, name) for name in changed})
            if customer is not None:
                self.customers.upsert(customer)
            for follow_up in follow_ups:
                self.follow_ups.rows[follow_up.follow_up_id] = follow_up
            self.outbox.leave(of_rows.moved(before, after, self.outbox.now))
            return True

    def get(self, job_id: str) -> Job | None:
        self._up()
        return self.rows.get(job_id)

    def of_call(self, call_sid: str) -> list[str]:
        self._up()
        return sorted(j.job_id for j in list(self.rows.values()) if j.call_sid == call_sid)

    def of_phone(self, business_id: str, phone: str) -> list[Job]:
        self._up()
        of_business = [job for job in list(self.rows.values()) if job.business_id == business_id]
        return [job for job in of_business if job.phone.normalised == phone]

    def held(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> set[Hold]:
        return set(self.holders(business_id, crews, first, last))

    def holders(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> dict[Hold, str]:
        self._up()
        wanted = set(crews)
        with self.lock:
            return {
                (crew, hour): job_id
                for (biz, crew, hour), job_id in self.locks.items()
                if biz == business_id and crew in wanted and first <= hour <= last
            }

    def add_note(self, job_id: str, note: str) -> None:
        with self.lock:
            self._up()
            job = self.rows.get(job_id)
            if job is None:
                raise LookupError(job_id)
            if note not in job.notes:
                self.change(job_id, notes=(*job.notes, note))

    def open_deposit(self, job_id: str, *, number: int, session_id: str) -> bool:
        with self.lock:
            self._up()
            job = self.rows.get(job_id)
            if job is None or not self._owes(job) or job.checkout_number != number - 1:
                return False
            self.change(job_id, checkout_number=number, checkout_session_id=session_id)
            return True

    def visit_reminded(self, job_id: str, *, at: datetime) -> None:
        with self.lock:
            self._up()
            self.change(job_id, visit_reminded_at=at)

    def remind(self, job_id: str, *, at: datetime, follow_ups: Iterable[FollowUp] = ()) -> bool:
        with self.lock:
            self._up()
            job = self.rows.get(job_id)
            if job is None or not self._owes(job) or job.reminded_at is not None:
                return False
            self.change(job_id, reminded_at=at)
            for follow_up in follow_ups:
                self.follow_ups.rows[follow_up.follow_up_id] = follow_up
            return True

    def close(
        self, job_id: str, status: JobStatus, *, at: datetime, follow_ups: Iterable[FollowUp] = ()
    ) -> bool:
        with self.lock:
            self._up()
            job = self.rows.get(job_id)
            if job is None or not self._owes(job):
                return False
            self.locks = {key: holder for key, holder in self.locks.items() if holder != job_id}
            self.change(job_id, status=status)
            for follow_up in follow_ups:
                self.follow_ups.rows[follow_up.follow_up_id] = follow_up
            self.outbox.leave(of_rows.closed(job, status, self.outbox.now))
            return True

    def cancel(self, job: Job, *, at: datetime, follow_ups: Iterable[FollowUp] = ()) -> bool:
        with self.lock:
            self._up()
            if not self._stands_as_read(job):
                return False
            self.locks = {key: held for key, held in self.locks.items() if held != job.job_id}
            self.change(job.job_id, status=JobStatus.CANCELLED)
            for follow_up in follow_ups:
                self.follow_ups.rows[follow_up.follow_up_id] = follow_up
            self.outbox.leave(of_rows.closed(job, JobStatus.CANCELLED, self.outbox.now))
            return True

    def _stands_as_read(self, job: Job) -> bool:
        now, as_read = self.rows.get(job.job_id), ("version", "status", "deposit_paid")
        same = now is not None and all(getattr(now, n) == getattr(job, n) for n in as_read)
        return same and job.status is JobStatus.SCHEDULED

    def complete(self, job: Job, books: Books) -> bool:
        with self.lock:
            self._up()
            if not self._stands_as_read(job):
                return False
            self.locks = {
                (business, crew, hour): holder
                for (business, crew, hour), holder in self.locks.items()
                if holder != job.job_id or hour <= books.at
            }
            self.change(job.job_id, status=JobStatus.COMPLETED, books=books)
            return True

    def of_business(self, business_id: str, day: str) -> list[Job]:
        self._up()
        found = [
            job
            for job in self.rows.values()
            if job.business_id == business_id and _local_day(job) == day
        ]
        return sorted(found, key=lambda job: job.window.start)

    def change(self, job_id: str, **changes: object) -> None:
        """For tests and FakePayments: the row as it becomes."""
        self.rows[job_id] = self.rows[job_id].model_copy(update=changes)

    def _up(self) -> None:
        if self.down:
            raise PortError("the fake table is down")

    @staticmethod
    def _owes(job: Job) -> bool:
        return not job.deposit_paid and job.status is JobStatus.SCHEDULED


def _local_day(job: Job) -> str:
    return f"{job.window.start.astimezone(ZoneInfo(job.time_zone)):%Y-%m-%d}"


class FakePayments:
    def __init__(self, jobs: FakeJobs | None = None) -> None:
        self.jobs = FakeJobs() if jobs is None else jobs
        self.rows: dict[str, Payment] = {}
        self.events: set[str] = set()

    def settle(
        self,
        payment: Payment,
        job: Job | None,
        *,
        event_id: str,
        before: Payment | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        with self.jobs.lock:
            if event_id in self.events:
                return False
            if self.rows.get(payment.payment_id) != before:
                raise JobChanged(payment.payment_id)
            if job is not None:
                self._mark(payment, job.job_id)
                if payment.held:
                    self.jobs.outbox.leave(of_rows.paid(job, payment, self.jobs.outbox.now))
            self.rows[payment.payment_id] = payment
            self.events.add(event_id)
            for follow_up in follow_ups:
                self.jobs.follow_ups.rows[follow_up.follow_up_id] = follow_up
            return True

    def _mark(self, payment: Payment, job_id: str) -> None:
        """The job's deposit flag follows whether the money is held."""
        now = self.jobs.rows.get(job_id)
        if now is None:
            raise JobChanged(job_id)
        owed = not now.deposit_paid and now.status is JobStatus.SCHEDULED
        if not (owed if payment.held else now.payment_id == payment.payment_id):
            raise JobChanged(job_id)
        kept = payment.payment_id if payment.held else None
        self.jobs.change(job_id, deposit_paid=payment.held, payment_id=kept)

    def get(self, payment_id: str) -> Payment | None:
        return self.rows.get(payment_id)

    def of_job(self, job_id: str) -> list[Payment]:
        return sorted((p for p in self.rows.values() if p.job_id == job_id), key=lambda p: p.at)


class FakeCheckout:
    def __init__(self) -> None:
        self.sessions: dict[str, CheckoutSession] = {}
        self.created: list[str] = []  # idempotency keys, each once
        self.down = False
        self.refusing = False  # the same request will be refused each time

    def create(
        self, job: Job, *, number: int, business_name: str, return_url: str
    ) -> CheckoutSession:
        self._up()
        if self.refusing:
            raise CheckoutFailed("the fake Stripe takes no such amount", permanent=True)
        session_id = f"cs_test_{job.job_id}_{number}"
        if session_id not in self.sessions:
            self.created.append(f"job:{job.job_id}:deposit:{number}")
            self.sessions[session_id] = CheckoutSession(
                session_id=session_id,
                url=f"https://checkout.stripe.com/c/pay/{session_id}",
                status="open",
                amount=job.deposit,
            )
        return self.sessions[session_id]

    def get(self, session_id: str) -> CheckoutSession:
        self._up()
        if session_id not in self.sessions:
            raise CheckoutFailed(f"no such session: {session_id}", permanent=True)
        return self.sessions[session_id]

    def expire(self, session_id: str) -> None:
        session = self.get(session_id)
        if session.status == "open":
            self.sessions[session_id] = CheckoutSession(
                session_id, url=None, status="expired", amount=session.amount
            )

    def complete(self, session_id: str, *, paid: bool = False) -> None:
        """For tests: the customer paid it."""
        session = self.sessions[session_id]
        self.sessions[session_id] = CheckoutSession(
            session_id, url=None, status="complete", amount=session.amount, paid=paid
        )

    def _up(self) -> None:
        if self.down:
            raise CheckoutFailed("the fake Stripe is down")


@dataclass(frozen=True, slots=True)
class Text:
    to: str
    body: str
    sender: str


@dataclass
class FakeTexts:
    sent: list[Text] = field(default_factory=list)
    failing: dict[str, int] = field(default_factory=dict)  # to -> Twilio's code
    fail_all: int | None = None

    def send(self, to: str, body: str, *, sender: str) -> str:
        code = self.failing.get(to, self.fail_all)
        if code is not None:
            raise TextFailed("the fake network took no message", code)
        self.sent.append(Text(to, body, sender))
        return f"SM{len(self.sent):032x}"

    def to(self, number: str) -> list[str]:
        """The bodies sent to one number."""
        return [text.body for text in self.sent if text.to == number]


@dataclass
class FakeRings:
    rung: list[tuple[str, str]] = field(default_factory=list)  # whom, and what they were told
    down: bool = False

    def ring(self, to: str, say: str, *, sender: str, accept_url: str) -> None:
        if self.down:
            raise PortError("the fake network places no call")
        self.rung.append((to, say))


@dataclass
class FakeMail:
    """`sent`: to, subject, body."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    invitations: list[tuple[str, str, str]] = field(default_factory=list)  # to, method, iCalendar
    fails: bool = False

    def send(self, to: str, subject: str, body: str) -> str:
        if self.fails:
            raise MailFailed("the fake post office took no mail")
        self.sent.append((to, " ".join(subject.split())[:200], body))
        return f"mail-{len(self.sent)}"

    def invite(self, to: str, subject: str, body: str, *, method: str, ics: str) -> str:
        mail_id = self.send(to, subject, body)
        self.invitations.append((to, method, ics))
        return mail_id


@dataclass
class FakeCalendars:
    """What crews do elsewhere, by business."""

    known: BusyCrews = field(default_factory=BusyCrews)

    def busy(self, business: Business) -> BusyCrews:
        return self.known


class FakeFollowUps:
    def __init__(self) -> None:
        self.rows: dict[str, FollowUp] = {}
        self.keys: set[str] = set()
        self.down = False
        self._lock = threading.Lock()

    def leave(self, follow_up: FollowUp) -> None:
        self._up()
        self.rows.setdefault(follow_up.follow_up_id, follow_up)

    def leave_once(self, key: str, follow_ups: Iterable[FollowUp] = (), *, at: datetime) -> bool:
        with self._lock:
            self._up()
            if key in self.keys:
                return False
            self.keys.add(key)
            self.rows |= {follow_up.follow_up_id: follow_up for follow_up in follow_ups}
            return True

    def seen(self, key: str) -> bool:
        self._up()
        return key in self.keys

    def _up(self) -> None:
        if self.down:
            raise PortError("the fake table is down")

    def waiting(self, follow_up_id: str) -> bool:
        return follow_up_id in self.rows

    def due(self, now: datetime) -> list[FollowUp]:
        found = [f for f in self.rows.values() if f.due_at <= now and not f.kind.is_delivery]
        return sorted(found, key=lambda f: f.due_at)

    def claim(self, follow_up: FollowUp, *, until: datetime) -> FollowUp | None:
        with self._lock:
            row = self.rows.get(follow_up.follow_up_id)
            if row is None or row.due_at != follow_up.due_at:
                return None
            self.rows[row.follow_up_id] = row.model_copy(update={"due_at": until})
            return follow_up.model_copy(update={"due_at": until})

    def replace(self, follow_up_id: str, by: FollowUp) -> bool:
        with self._lock:
            if self.rows.pop(follow_up_id, None) is None:
                return False
            self.rows[by.follow_up_id] = by
            return True

    def done(self, follow_up_id: str) -> None:
        self.rows.pop(follow_up_id, None)

    def put_off(self, follow_up_id: str, *, until: datetime, error: str) -> None:
        row = self.rows.get(follow_up_id)
        if row is not None:
            changes = {"due_at": until, "error": error, "attempts": row.attempts + 1}
            self.rows[follow_up_id] = row.model_copy(update=changes)


class FakeRecordings:
    """Recordings at Twilio, by their SID."""

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.stopped: list[str] = []  # calls
        self.left: list[Voicemail] = []
        self.between: dict[str, tuple[str, str]] = {}  # call -> who called, and which number
        self.down = False

    def voicemails(self, since: datetime) -> list[Voicemail]:
        self._up()
        return [each for each in self.left if each.left_at >= since]

    def parties(self, call_sid: str) -> tuple[str, str]:
        self._up()
        return self.between.get(call_sid, ("", ""))

    def delete(self, recording_sid: str) -> None:
        self._up()
        self.there.discard(recording_sid)

    def stop(self, call_sid: str) -> None:
        self._up()
        self.stopped.append(call_sid)

    def _up(self) -> None:
        if self.down:
            raise PortError("twilio recording: 503")


class FakeInbox:
    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.counts: dict[str, int] = {}
        self.down = False

    def seen(self, message_sid: str) -> bool:
        self._up()
        return message_sid in self.taken

    def take(self, message_sid: str, *, until: datetime) -> bool:
        self._up()
        if message_sid in self.taken:
            return False
        self.taken.add(message_sid)
        return True

    def count(self, what: str, *, until: datetime) -> int:
        self._up()
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    def _up(self) -> None:
        if self.down:
            raise PortError("the fake table is down")


class FakeTexting:
    def __init__(self) -> None:
        self.out: dict[tuple[str, str], OptOut] = {}
        self.consents: dict[tuple[str, str], TextConsent] = {}
        self.texted_back: dict[tuple[str, str], datetime] = {}
        self.talks: dict[tuple[str, str], Talk] = {}
        self.down = False

    def opt_out(self, business_id: str, phone: str, said: OptOut) -> None:
        self._up()
        self.out.setdefault((business_id, phone), said)

    def opt_in(self, business_id: str, phone: str) -> None:
        self._up()
        self.out.pop((business_id, phone), None)

    def opted_out(self, business_id: str, phone: str) -> OptOut | None:
        self._up()
        return self.out.get((business_id, phone))

    def consent(self, business_id: str, phone: str, given: TextConsent) -> None:
        self._up()
        before = self.consents.get((business_id, phone))
        if before is None or before.at <= given.at:
            self.consents[business_id, phone] = given

    def consented(self, business_id: str, phone: str) -> TextConsent | None:
        self._up()
        return self.consents.get((business_id, phone))

    def text_back(self, business_id: str, phone: str, *, at: datetime, since: datetime) -> bool:
        self._up()
        last = self.texted_back.get((business_id, phone))
        if (business_id, phone) not in self.consents or (last is not None and last >= since):
            return False
        self.texted_back[business_id, phone] = at
        return True

    def ask(self, talk: Talk) -> None:
        self._up()
        self.talks[talk.business_id, talk.phone] = talk

    def talk(self, business_id: str, phone: str, *, now: datetime) -> Talk | None:
        self._up()
        talk = self.talks.get((business_id, phone))
        return talk if talk is not None and talk.until > now else None

    def answered(self, talk: Talk) -> bool:
        self._up()
        kept = self.talks.get((talk.business_id, talk.phone))
        if kept is None or (kept.until, kept.step) != (talk.until, talk.step):
            return False
        del self.talks[talk.business_id, talk.phone]
        return True

    def _up(self) -> None:
        if self.down:
            raise PortError("the fake table is down")


class FakeClips:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], str] = {}

    def get(self, wording: str, model: str, voice: str) -> str | None:
        return self.rows.get((wording, model, voice))

    def keep(self, wording: str, model: str, voice: str, audio: str) -> None:
        self.rows[(wording, model, voice)] = audio


class FakeMetrics:
    def __init__(self) -> None:
        self.counted: list[tuple[str, float, str | None]] = []

    def count(self, metric: str, value: float = 1, *, business: str | None = None) -> None:
        if metric not in METRICS:
            raise KeyError(metric)
        self.counted.append((metric, value, business))

    def total(self, metric: str) -> float:
        return sum(value for name, value, _ in self.counted if name == metric)


class FakeAdmissions:
    def __init__(self) -> None:
        self.ends = [False] * 10
        self.number = 0
        self.calls: dict[tuple[str, str, str], int] = {}
        self.cut: dict[tuple[str, str], tuple[str | None, datetime]] = {}
        self.spent: dict[str, int] = {}
        self.probed_at: datetime | None = None
        self.told: set[tuple[str, str]] = set()
        self.down = False

    def state(self, now: datetime) -> StageState:
        self._up()
        return StageState(lost=sum(self.ends), spent=Cents(self.spent.get(_day(now), 0)))

    def ended(self, *, lost: bool) -> None:
        self._up()
        self.number += 1
        self.ends[self.number % 10] = lost

    def recovered(self) -> None:
        self._up()
        self.ends = [False] * 10

    def probe(self, now: datetime, *, every: timedelta) -> bool:
        self._up()
        if self.probed_at is not None and now - self.probed_at < every:
            return False
        self.probed_at = now
        return True

    def first_today(self, what: str, now: datetime) -> bool:
        self._up()
        first, told = (what, _day(now)) not in self.told, (what, _day(now))
        self.told.add(told)
        return first

    def called(self, business_id: str, caller: str, now: datetime) -> CallerState:
        self._up()
        of = (business_id, caller, now.astimezone(UTC).strftime("%Y-%m-%dT%H"))
        self.calls[of] = self.calls.get(of, 0) + 1
        call_sid, until = self.cut.get((business_id, caller), (None, now))
        return CallerState(self.calls[of], call_sid if now < until else None)

    def cut_off(self, business_id: str, caller: str, call_sid: str, *, until: datetime) -> None:
        self._up()
        self.cut[business_id, caller] = (call_sid, until)

    def called_back(self, business_id: str, caller: str, call_sid: str) -> None:
        self._up()
        if self.cut.get((business_id, caller), (None,))[0] == call_sid:
            del self.cut[business_id, caller]

    def spend(self, spent: Cents, now: datetime) -> None:
        self._up()
        self.spent[_day(now)] = self.spent.get(_day(now), 0) + spent

    def _up(self) -> None:
        if self.down:
            raise PortError("the fake table is down")


def _day(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%d")


class FakeDevices:
    def __init__(self) -> None:
        self.codes: dict[str, tuple[AskedCode, int]] = {}
        self.rows: dict[tuple[str, str], Device] = {}
        self._lock = threading.Lock()

    def ask(self, code_id: str, code: AskedCode) -> None:
        self.codes[code_id] = (code, 0)

    def take(self, code_id: str, business_id: str, digest: str, *, now: datetime) -> bool:
        with self._lock:
            code, tries = self.codes.get(code_id, (None, 0))
            if code is None or tries >= MOST_TRIES:
                return False
            if code.business_id != business_id or code.until <= now:
                return False
            self.codes[code_id] = (code, tries + 1)
            if code.digest != digest:
                return False
            del self.codes[code_id]
            return True

    def unlock(self, key: str, device: Device) -> None:
        self.rows[device.business_id, key] = device

    def get(self, business_id: str, key: str) -> Device | None:
        return self.rows.get((business_id, key))

    def seen(self, business_id: str, key: str, *, at: datetime) -> None:
        if found := self.rows.get((business_id, key)):
            self.rows[business_id, key] = found.model_copy(update={"seen_at": at})

    def lock(self, business_id: str, key: str) -> None:
        self.rows.pop((business_id, key), None)

    def lock_all(self, business_id: str) -> int:
        theirs = [each for each in self.rows if each[0] == business_id]
        for each in theirs:
            del self.rows[each]
        return len(theirs)


@dataclass
class FakeWorld:
    """All fakes of one test, each under its own type; `.ports` is what actions take."""

    calls: FakeCalls = field(init=False)
    turns: FakeTurns = field(default_factory=FakeTurns)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    jobs: FakeJobs = field(init=False)
    payments: FakePayments = field(init=False)
    checkout: FakeCheckout = field(default_factory=FakeCheckout)
    texts: FakeTexts = field(default_factory=FakeTexts)
    rings: FakeRings = field(default_factory=FakeRings)
    recordings: FakeRecordings = field(default_factory=FakeRecordings)
    mail: FakeMail = field(default_factory=FakeMail)
    calendars: FakeCalendars = field(default_factory=FakeCalendars)
    follow_ups: FakeFollowUps = field(default_factory=FakeFollowUps)
    inbox: FakeInbox = field(default_factory=FakeInbox)
    texting: FakeTexting = field(default_factory=FakeTexting)
    clips: FakeClips = field(default_factory=FakeClips)
    admissions: FakeAdmissions = field(default_factory=FakeAdmissions)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    outbox: FakeOutbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = FakeOutbox(self.follow_ups)
        self.calls = FakeCalls(self.outbox)
        self.jobs = FakeJobs(self.customers, self.follow_ups, self.outbox)
        self.payments = FakePayments(self.jobs)

    @property
    def ports(self) -> Ports:
        return Ports(
            calls=self.calls,
            turns=self.turns,
            customers=self.customers,
            jobs=self.jobs,
            payments=self.payments,
            checkout=self.checkout,
            texts=self.texts,
            rings=self.rings,
            recordings=self.recordings,
            mail=self.mail,
            calendars=self.calendars,
            follow_ups=self.follow_ups,
            inbox=self.inbox,
            texting=self.texting,
            clips=self.clips,
            admissions=self.admissions,
            metrics=self.metrics,
        )


def fake_ports() -> Ports:
    return FakeWorld().ports


A_TIME = NOW
