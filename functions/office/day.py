"""GET /office: today and tomorrow by crew, who is to be called back, the newest calls, who answers.

With `?day=2025-08-29` that day instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from functions.office.context import OfficeContext, PageRequest
from functions.office.render import PageReply, page
from functions.office.session import OfficeSession
from shared.actions import callbacks
from shared.actions.events.after_call import OUTCOMES
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.models import Call, Job, JobStatus
from shared.domain.money import spoken
from shared.office.blocks import moment
from shared.office.cannot import CannotDo
from shared.office.crew_days import BlockedSpan, CrewDay, bounds, crew_days

CALLS_OF: Final = timedelta(days=7)
MOST_CALLS: Final = 40
FURTHEST: Final = timedelta(days=400)
MODES: Final = {
    "ai": "The agent answers",
    "after_hours": "People by day, the agent at night",
    "overflow": "People first, then the agent",
    "people": "The agent is paused: people alone",
}


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One line of a crew's day: a visit with its `job_id`, or hours that are blocked."""

    when: str
    what: str
    who: str = ""
    where: str = ""
    phone: str = ""
    state: str = ""
    job_id: str = ""
    since: str = ""  # of a block, as the command takes it
    until: str = ""


@dataclass(frozen=True, slots=True)
class CrewColumn:
    crew: str
    note: str  # its hours, or that it is off or free
    entries: tuple[DayEntry, ...]


@dataclass(frozen=True, slots=True)
class DayShown:
    title: str
    date: str
    crews: tuple[CrewColumn, ...]


@dataclass(frozen=True, slots=True)
class CallShown:
    call_sid: str
    when: str
    caller: str
    phone: str
    what: str
    late: bool = False


def show(asked: PageRequest, session: OfficeSession, context: OfficeContext) -> PageReply:
    """The page. Raises PortError."""
    business, now = session.business, context.at.now
    today = business.local(now).date()
    try:
        days = _days(business, asked.query.get("day"), today)
        error = ""
    except CannotDo as exc:
        days, error = [today, today + timedelta(days=1)], str(exc)
    calls = [
        call
        for call in context.ports.calls.of_business(
            business.id, now - CALLS_OF, now + timedelta(minutes=1)
        )
        if not call.synthetic
    ]
    mode = context.switches.read().modes.get(business.id, business.mode)
    return page(
        200,
        "day",
        business=business.name,
        csrf=session.csrf,
        error=error,
        today=today.isoformat(),
        days=[_day(business, day, today, context) for day in days],
        crews=business.crews,
        back=list(_to_call_back(business, calls, now)),
        calls=[_called(business, call) for call in calls[:MOST_CALLS]],
        more=max(0, len(calls) - MOST_CALLS),
        mode=mode,
        modes=MODES,
    )


def _days(business: Business, wanted: str | None, today: date) -> list[date]:
    if not wanted:
        return [today, today + timedelta(days=1)]
    day = business.local(moment(business, wanted, ends=False)).date()
    if abs(day - today) > FURTHEST:
        raise CannotDo(f"{day} is more than {FURTHEST.days} days away")
    return [day]


def _day(business: Business, day: date, today: date, context: OfficeContext) -> DayShown:
    first, last = bounds(business, day)
    held = {crew: context.blocks.held(business.id, crew, first, last) for crew in business.crews}
    jobs = context.ports.jobs.of_business(business.id, day.isoformat())
    named = {today: "Today, ", today + timedelta(days=1): "Tomorrow, "}.get(day, "")
    crews = tuple(_crew(business, each) for each in crew_days(business, day, jobs, held))
    return DayShown(f"{named}{day:%A, %B} {day.day}", day.isoformat(), crews)


def _crew(business: Business, day: CrewDay) -> CrewColumn:
    note = "off" if day.is_off else day.works or ("" if day.entries else "free")
    entries = (
        _visit(business, each) if isinstance(each, Job) else _block(business, each)
        for each in day.entries
    )
    return CrewColumn(day.crew, note, tuple(entries))


def _visit(business: Business, job: Job) -> DayEntry:
    return DayEntry(
        when=wording.span(wording.local(business, job.window)),
        what=job.service_type.replace("_", " ") + (", emergency" if job.is_emergency else ""),
        who=job.customer_name,
        where=job.address.normalised,
        phone=job.phone.normalised,
        state=", ".join(_state(job)),
        job_id=job.job_id,
    )


def _state(job: Job) -> Iterator[str]:
    if job.status is not JobStatus.SCHEDULED:
        yield job.status.value
    if job.to_be_confirmed:
        yield "time to be confirmed"
    if job.covered is not None:
        yield "cost to be confirmed"
    if job.deposit:
        yield f"deposit {spoken(job.deposit)} {'paid' if job.deposit_paid else 'due'}"


def _block(business: Business, span: BlockedSpan) -> DayEntry:
    first, until = business.local(span.first), business.local(span.until)
    return DayEntry(
        when=f"{wording.clock(first)} to {wording.clock(until)}",
        what=f"blocked: {span.reason}",
        since=f"{first:%Y-%m-%dT%H:%M}",
        until=f"{until:%Y-%m-%dT%H:%M}",
    )


def _to_call_back(business: Business, calls: Sequence[Call], now: datetime) -> Iterator[CallShown]:
    """Who is still to be called, those whose time comes first at the top."""
    asked = ((call, call.callback) for call in calls if callbacks.is_open(call))
    wanted = [(call, callback) for call, callback in asked if callback is not None]
    for call, callback in sorted(wanted, key=lambda each: each[1].due_at):
        phone = callback.phone or call.caller
        urgent = "urgent" if callback.urgency == "urgent" else ""
        yield CallShown(
            call_sid=call.call_sid,
            when=wording.display(business.local(callback.due_at)),
            caller=wording.number(phone),
            phone=phone or "",
            what=", ".join(filter(None, (urgent, callback.topic))),
            late=callback.due_at < now,
        )


def _called(business: Business, call: Call) -> CallShown:
    outcome = OUTCOMES[call.outcome] if call.outcome else "not over, or cut off"
    return CallShown(
        call_sid=call.call_sid,
        when=wording.display(business.local(call.started_at)),
        caller=wording.number(call.caller),
        phone=call.caller or "",
        what=("danger: " + call.danger.value.replace("_", " ") + "; " if call.danger else "")
        + outcome,
    )
