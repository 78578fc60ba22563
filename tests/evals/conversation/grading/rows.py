"""The rows a call left, held against those that were expected: every difference in words."""

import re
from collections import Counter
from collections.abc import Iterator

from shared.domain.hazards.detect import GUIDANCE
from shared.domain.models import Call, HazardCategory, Job, Outcome
from shared.domain.outcomes import EndReason
from tests.evals.conversation.scenario import ExpectedJob
from tests.evals.conversation.stage.played import Played

# The outcomes of scenario files by those of the calls table.
_OUTCOMES = {
    "out_of_area": (Outcome.NOT_SERVED,),
    "info_only": (Outcome.COMPLETED, Outcome.QUOTE_ONLY),
    "rescheduled": (Outcome.RESCHEDULED,),
    "canceled": (Outcome.CANCELED,),
}
_PRIORITIES = {"emergency": ("p0",), "urgent": ("p1",), "normal": ("p3", "p4")}


def differences(played: Played) -> list[str]:
    """What is otherwise than expected; nothing where the rows are right."""
    call = played.left.calls.get(played.call_sid)
    if call is None:
        return ["call: no row"]
    return [
        *_call(played, call),
        *_customer(played),
        *_job(played),
        *_texts(played),
        *_escalation(played, call),
        *_safety(played, call),
    ]


def _call(played: Played, call: Call) -> Iterator[str]:
    expected = played.scenario.expected.call
    wanted = _OUTCOMES.get(expected.outcome, (expected.outcome,))
    if call.outcome not in wanted:
        yield f"outcome: {call.outcome}, not {expected.outcome}"
    if expected.business_hours not in (None, call.business_hours):
        yield f"business_hours: {call.business_hours}"


def new_jobs(played: Played) -> list[Job]:
    """The jobs of this call; what stood before it is left out."""
    rows = played.left.jobs.rows.values()
    return [job for job in rows if job.call_sid == played.call_sid]


def _customer(played: Played) -> Iterator[str]:
    rows = played.left.customers.rows
    expected = played.scenario.expected.customer
    written = {job.phone.normalised for job in new_jobs(played)}
    if expected is None:
        if written:
            yield f"customer: {len(written)} written, none expected"
        return
    row = rows.get((played.scenario.business, expected.phone))
    if row is None:
        yield "customer: no row"
    elif row.name.lower() != expected.name.lower():
        yield f"customer name: {row.name}"
    elif expected.email is not None and row.email != expected.email:
        yield f"customer email: {row.email}"


def _job(played: Played) -> Iterator[str]:
    expected = played.scenario.expected
    created = new_jobs(played)
    if len(created) != expected.jobs_created:
        yield f"jobs created: {len(created)}, not {expected.jobs_created}"
    if expected.job is None:
        return
    wanted = expected.job
    rows = played.left.jobs.rows.values()
    mine = [job for job in rows if not job.job_id.startswith("held-")]
    at_time = [job for job in mine if job.window.start == wanted.window_start]
    if not at_time:
        if mine:
            yield f"job window: {', '.join(job.window.start.isoformat() for job in mine)}"
        return
    yield from _fields(at_time[0], wanted)


def _fields(job: Job, wanted: ExpectedJob) -> Iterator[str]:
    told = {
        "service_type": job.service_type,
        "is_emergency": job.is_emergency,
        "after_hours": job.after_hours,
        "estimated_cost": job.estimate / 100,
        "deposit_amount": job.deposit / 100,
        "deposit_paid": job.deposit_paid,
    }
    for name, value in told.items():
        expected = getattr(wanted, name)
        if expected is not None and expected != value:
            yield f"job {name}: {value}, not {expected}"
    if wanted.priority is not None and job.priority not in _PRIORITIES[wanted.priority]:
        yield f"job priority: {job.priority}, not {wanted.priority}"
    address = f"{job.address.normalised} {job.address.raw}".lower()
    yield from (
        f"job address: no {part}" for part in wanted.address_contains if part.lower() not in address
    )
    if wanted.zip is not None and wanted.zip not in address and wanted.zip != "":
        yield f"job zip: no {wanted.zip}"
    notes = " ".join((*job.notes, job.description)).lower()
    yield from (f"job notes: no {part}" for part in wanted.notes_contain if not _noted(part, notes))


def _noted(part: str, notes: str) -> bool:
    """A number counts in any spelling."""
    if re.fullmatch(r"\+1\d{10}", part):
        return part[2:] in re.sub(r"\D", "", notes)
    return part.lower() in notes


def _texts(played: Played) -> Iterator[str]:
    scenario = played.scenario
    numbers = {scenario.caller_id, scenario.facts.get("phone")}
    if scenario.expected.customer is not None:
        numbers.add(scenario.expected.customer.phone)
    bodies = [t.body for t in played.left.texts.sent if t.to in numbers]
    sent = Counter(kind for kind in map(_kind, bodies) if kind)
    wanted = Counter(scenario.expected.sms)
    if sent != wanted:
        yield f"texts: {dict(sent)}, not {dict(wanted)}"


def _kind(body: str) -> str | None:
    if re.search(r"\b(moved|rescheduled)\b", body, re.IGNORECASE):
        return "reschedule_confirmation"
    if "/pay/" in body or re.search(r"Deposit \$\d+: http", body):
        return "deposit_link"
    return "cancel_confirmation" if re.search(r"\bcancel+ed\b", body, re.IGNORECASE) else None


def _escalation(played: Played, call: Call) -> Iterator[str]:
    expected = played.scenario.expected.escalation
    transferred = played.end is not None and played.end.reason is EndReason.HANDED_OVER
    if expected is None:
        if call.escalation is not None:
            yield f"escalation: {call.escalation.reason}, none expected"
        elif played.alerts and played.scenario.expected.safety is None:
            yield f"on-call was told of {', '.join(played.alerts)}"
        return
    done = {
        "transfer": transferred,
        "callback": call.message_taken or call.escalation is not None,
        "notify_on_call": bool(played.alerts) or transferred,
    }
    if not done[expected.mode]:
        yield f"escalation: no {expected.mode}"


def _safety(played: Played, call: Call) -> Iterator[str]:
    expected = played.scenario.expected.safety
    if expected is None:
        if call.hazard is not None:
            yield f"safety: {call.hazard}, none expected"
        return
    if call.hazard != expected.category:
        yield f"safety: {call.hazard}, not {expected.category}"
    elif expected.advice_given and not _advised(played, expected.category):
        yield "safety: the guidance was not heard"


def _advised(played: Played, category: HazardCategory) -> bool:
    """The first sentence of the guidance was heard, or the caller was sent to 911."""
    heard = " ".join(line.text for line in played.lines if line.who == "agent")
    first = GUIDANCE[category].partition(".")[0]
    return first in heard or "911" in heard


def flags(played: Played) -> set[str]:
    """The flags of scenario files as far as the product keeps what they stand for."""
    call = played.left.calls.get(played.call_sid)
    found = {"card_data_redacted"} if _masked(played) else set()
    if call is not None and call.hazard is not None:
        found.add("hazard")
    if call is not None:
        found.update(call.caller_kinds)
    if call is not None and call.recording_dropped == "objection":
        found.add("recording_objection")
    return found


def _masked(played: Played) -> bool:
    return any(measure.metric == "CardNumbersMasked" for measure in played.measures)
