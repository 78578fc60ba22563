"""Example values, all of them fictional: 555 numbers, Springfield's Oak Street."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.domain.models import (
    Call,
    Contact,
    Customer,
    Escalation,
    FollowUp,
    FollowUpKind,
    Job,
    Priority,
    Turn,
    Window,
)
from shared.domain.money import Cents

BUSINESSES = Path(__file__).parent / "businesses"  # the tests' own
# Plumbing and HVAC on one number, with twelve technicians.
EVERGREEN = Path(__file__).parents[1] / "docs" / "examples" / "evergreen_home.toml"
NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)  # the spec's call, 19:12 in Springfield
TONIGHT = datetime(2025, 8, 29, 1, tzinfo=UTC)
SARAH = "+15551230000"
OFFICE = "+19375550190"
ON_CALL = "+19375550191"


def a_call(call_sid: str = "CA1", **changes: Any) -> Call:
    fields: dict[str, Any] = {
        "call_sid": call_sid,
        "business_id": "coolcare_hvac",
        "caller": SARAH,
        "started_at": NOW,
        "business_hours": False,
    }
    return Call.model_validate(fields | changes)


def a_customer(**changes: Any) -> Customer:
    fields: dict[str, Any] = {
        "business_id": "coolcare_hvac",
        "phone": SARAH,
        "name": "Sarah Miller",
        "address": "123 Oak St, Springfield, OH",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Customer.model_validate(fields | changes)


def a_job(job_id: str = "job1", start: datetime = TONIGHT, **changes: Any) -> Job:
    fields: dict[str, Any] = {
        "job_id": job_id,
        "business_id": "coolcare_hvac",
        "call_sid": "CA1",
        "customer_name": "Sarah Miller",
        "phone": Contact(raw="555-123-0000", normalised=SARAH),
        "address": Contact(raw="123 Oak Street", normalised="123 Oak St, Springfield, OH"),
        "service_type": "repair",
        "description": "AC not cooling; outdoor unit rattling.",
        "window": Window.at(start),
        "time_zone": "America/New_York",
        "crew": "crew-1",
        "rate": "after_hours",
        "after_hours": True,
        "is_emergency": True,
        "priority": Priority.SAME_DAY,
        "estimate": Cents(82_500),
        "visit_fee": Cents(24_800),
        "deposit": Cents(20_600),
        "created_at": NOW,
    }
    return Job.model_validate(fields | changes)


def a_turn(seq: int = 1, **changes: Any) -> Turn:
    fields: dict[str, Any] = {
        "call_sid": "CA1",
        "seq": seq,
        "role": "user",
        "text": "My AC stopped cooling.",
        "at": NOW,
    }
    return Turn.model_validate(fields | changes)


def an_escalation(**changes: Any) -> Escalation:
    return Escalation.model_validate({"reason": "asked", "asked_at": NOW} | changes)


def a_follow_up(follow_up_id: str = "text:job1:caller", **changes: Any) -> FollowUp:
    fields: dict[str, Any] = {
        "follow_up_id": follow_up_id,
        "kind": FollowUpKind.TEXT,
        "business_id": "coolcare_hvac",
        "job_id": "job1",
        "to": SARAH,
        "body": "You're booked.",
        "error": "twilio 0",
        "created_at": NOW,
        "due_at": NOW,
    }
    return FollowUp.model_validate(fields | changes)
