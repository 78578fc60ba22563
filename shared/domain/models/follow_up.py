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
    ALERT = "alert"  # nobody has said yet that they have an emergency
    CALLBACK = "callback"  # somebody is to be called back by then
    VISIT = "visit"  # it is to come: remind of it, where its customer said yes to texts
    TEXT_BACK = "text_back"  # who hung up after the quote, and said yes to texts before
    BUS = "bus"  # an event, for the stage's EventBridge bus
    WEBHOOK = "webhook"  # an event, for an address of the business's
    INVITATION = "invitation"  # a booking, for the calendar of who comes
    REPORT = "report"  # a call that is over, for the office

    @property
    def is_delivery(self) -> bool:
        """Whether it tells others of an event: a process of its own does that."""
        return self in DELIVERIES


DELIVERIES = frozenset(
    {FollowUpKind.BUS, FollowUpKind.WEBHOOK, FollowUpKind.INVITATION, FollowUpKind.REPORT}
)


class FollowUp(Value):
    """Something to come back to: what failed, or a deposit that may stay unpaid."""

    follow_up_id: str  # the same failure twice is one follow-up
    kind: FollowUpKind
    business_id: str
    job_id: str | None = None
    call_sid: str | None = None  # of a recording, and of a call that was cut off
    recording_sid: str | None = None
    to: str | None = None  # a number; of a delivery whom it is for
    about: str | None = None  # of a delivery: those of one subject keep their order
    body: str | None = None
    error: str
    created_at: AwareDatetime
    due_at: AwareDatetime
    attempts: int = 0
    again_at: AwareDatetime | None = None  # of a delivery: asked for by hand, its day begins anew
