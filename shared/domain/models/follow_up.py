"""What somebody has to come back to. Times aware."""

from enum import StrEnum

from pydantic import AwareDatetime

from shared.domain.models.value import Value


class FollowUpKind(StrEnum):
    CHECKOUT = "checkout"  # Stripe gave no session: make one and text the link
    TEXT = "text"  # Twilio took no message: send it again
    DEPOSIT = "deposit"  # it may still be unpaid then: remind, or give the window back
    RECORDING = "recording"  # the sound of a call: kept, or deleted at Twilio
    CUT_CALL = "cut_call"  # who was cut off and has not called back is called by the office


class FollowUp(Value):
    """Something to come back to: what failed, or a deposit that may stay unpaid."""

    follow_up_id: str  # the same failure twice is one follow-up
    kind: FollowUpKind
    business_id: str
    job_id: str | None = None
    call_sid: str | None = None  # of a recording, and of a call that was cut off
    recording_sid: str | None = None
    to: str | None = None
    body: str | None = None
    error: str
    created_at: AwareDatetime
    due_at: AwareDatetime
    attempts: int = 0
