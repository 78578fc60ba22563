"""The events that a write to a row makes. A smoke call, and what it books, makes none."""

from datetime import datetime

from shared.domain.models import Call, Job, JobStatus, Payment
from shared.domain.models.event import (
    BookedVisit,
    BookingCancelled,
    BookingCreated,
    BookingRescheduled,
    CallbackRequested,
    CallCompleted,
    CompletedCall,
    DepositPaid,
    EmergencyRaised,
    Event,
    MovedVisit,
    PaidDeposit,
    RaisedEmergency,
    RequestedCallback,
)


def booked(job: Job, at: datetime) -> list[Event]:
    """`job` was written for the first time. `at` is real time, here and below."""
    if job.synthetic:
        return []
    data = BookedVisit.model_validate(_visit(job))
    return [BookingCreated(**_of_job("created", job, at), data=data)]


def moved(before: Job, after: Job, at: datetime) -> list[Event]:
    """`after` took the place of `before`."""
    if after.synthetic:
        return []
    was = {"was_window": before.window, "was_crew": before.crew}
    data = MovedVisit.model_validate(_visit(after) | was)
    return [BookingRescheduled(**_of_job("rescheduled", after, at), data=data)]


def closed(job: Job, status: JobStatus, at: datetime) -> list[Event]:
    """`job` was cancelled or released: its `status` now."""
    if job.synthetic:
        return []
    data = BookedVisit.model_validate(_visit(job) | {"status": status})
    return [BookingCancelled(**_of_job("cancelled", job, at), data=data)]


def paid(job: Job, payment: Payment, at: datetime) -> list[Event]:
    """`payment` paid the job's deposit."""
    if job.synthetic:
        return []
    money = PaidDeposit(
        payment_id=payment.payment_id, amount=payment.amount, currency=payment.currency
    )
    fields = _of_job(f"paid:{payment.event_id}", job, at)
    return [DepositPaid(**fields, data=money)]


def completed(call: Call, at: datetime) -> list[Event]:
    """`call` has an outcome."""
    if call.synthetic or call.outcome is None:
        return []
    known = {name: getattr(call, name) for name in CompletedCall.model_fields if name in _OF_CALL}
    dial = call.escalation.result if call.escalation else None
    data = CompletedCall.model_validate(known | {"handed_over": dial})
    return [CallCompleted(**_of_call("completed", call, at), data=data)]


def learned(before: Call, after: Call, at: datetime) -> list[Event]:
    """What the row of a call says now and did not before: danger, a wish to be called back."""
    events: list[Event] = []
    if after.synthetic:
        return events
    if after.hazard is not None and after.hazard != before.hazard:
        danger = RaisedEmergency(category=after.hazard, caller=after.caller)
        fields = _of_call(f"emergency:{after.hazard}", after, at)
        events.append(EmergencyRaised(**fields, data=danger))
    if (asked := after.callback) is not None and _due(before) != _due(after):
        wish = RequestedCallback(
            caller=after.caller,
            phone=asked.phone,
            urgency=asked.urgency,
            topic=asked.topic,
            due_at=asked.due_at,
        )
        fields = _of_call(f"callback:{asked.due_at:%Y%m%dT%H%M}", after, at)
        events.append(CallbackRequested(**fields, data=wish))
    return events


def _due(call: Call) -> tuple[object, ...] | None:
    """By when and how urgently they are to be called: asked again for the same, it is no news."""
    return (call.callback.due_at, call.callback.urgency) if call.callback else None


_OF_CALL = frozenset(Call.model_fields)


def _visit(job: Job) -> dict[str, object]:
    same = {name: getattr(job, name) for name in BookedVisit.model_fields if name not in _SAID}
    return same | {"phone": job.phone.normalised, "address": job.address.normalised}


_SAID = ("phone", "address")


def _of_job(what: str, job: Job, at: datetime) -> dict[str, object]:
    return {
        "id": f"evt:{job.job_id}:{job.version}:{what}",
        "at": at,
        "business_id": job.business_id,
        "call_sid": job.call_sid,
        "job_id": job.job_id,
        "version": job.version,
    }


def _of_call(what: str, call: Call, at: datetime) -> dict[str, object]:
    return {
        "id": f"evt:{call.call_sid}:{what}",
        "at": at,
        "business_id": call.business_id,
        "call_sid": call.call_sid,
        "job_id": call.job_id,
    }
