"""One call and its turns. Money in US cents, times aware."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from shared.domain.models.hazard import HazardCategory
from shared.domain.models.value import Value
from shared.domain.money import Cents


class Outcome(StrEnum):
    BOOKED = "booked"
    RESCHEDULED = "rescheduled"  # a visit of before this call
    CANCELED = "canceled"  # a visit of before this call
    TRANSFERRED = "transferred"
    EMERGENCY_REFERRED = "emergency_referred"
    QUOTE_ONLY = "quote_only"
    MESSAGE_TAKEN = "message_taken"
    NOT_SERVED = "not_served"  # out of area, or a trade we do not do
    SPAM = "spam"
    WRONG_NUMBER = "wrong_number"
    EXISTING_JOB = "existing_job"
    ABANDONED = "abandoned"  # the caller hung up before anything came of it
    COMPLETED = "completed"  # a normal end without any of the above
    FAILED = "failed"


class RecordingState(StrEnum):
    """What has become of the sound of a call. A row without one is still being recorded, or none
    was begun."""

    KEPT = "kept"  # until `recording_until`
    DELETED = "deleted"


class RecordingDrop(StrEnum):
    """Why a recording may not stay, whatever its age."""

    CARD = "card"  # a card number or security code was spoken or keyed
    OBJECTION = "objection"  # the caller does not want to be recorded


class CallerKind(StrEnum):
    """Who is on the line, where it is not an adult who speaks and hears for themselves."""

    RELAY = "relay"  # a 711 operator or an interpreter, for somebody who is deaf
    MINOR = "minor"
    HARD_OF_HEARING = "hard_of_hearing"
    MACHINE = "machine"  # another company's assistant, or a robocall
    SPANISH = "spanish"  # they speak Spanish


# What came of ringing a person; a row's result only ever moves to the right.
DIAL_RESULTS = ("pending", "nobody", "voicemail", "answered")


class Escalation(Value):
    """A caller who should reach a human."""

    reason: str
    topic: str | None = None  # of the business's own: who is rung
    summary: str = ""
    urgency: Literal["normal", "urgent"] = "normal"
    asked_at: AwareDatetime
    result: Literal["pending", "answered", "voicemail", "nobody"] = "pending"

    @property
    def replaces(self) -> tuple[str, ...]:
        """The results this one may take the place of: those before it, and a wish a wish."""
        return DIAL_RESULTS[: max(DIAL_RESULTS.index(self.result), 1)]


class Callback(Value):
    """Somebody whom the office is to call back. Business time."""

    urgency: Literal["normal", "urgent"] = "normal"
    topic: str | None = None  # of the business's own
    phone: str | None = None
    asked_at: AwareDatetime
    due_at: AwareDatetime


class Call(Value):
    """One row of `calls`."""

    call_sid: str
    business_id: str
    caller: str | None = None  # caller id as Twilio gave it; absent when withheld
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    business_hours: bool
    stage: str = "answered"  # an outcomes.CallStage
    disclosed_at: AwareDatetime | None = None
    disclosure: str | None = None  # the wording, heard whole
    # What was heard at the last attempt that failed, while nothing or before all was heard.
    disclosure_heard: str | None = None
    disclosure_heard_ms: int | None = None
    prompt_version: str | None = None
    quoted_at: AwareDatetime | None = None
    quote_total: Cents | None = None
    hazard: HazardCategory | None = None
    # The one that the caller took back before they had heard all of its guidance.
    hazard_withdrawn: HazardCategory | None = None
    escalation: Escalation | None = None
    job_id: str | None = None
    message_taken: bool = False
    end_reason: str | None = None  # an outcomes.EndReason, or what the agent gave to end_call
    bookable: bool | None = None
    outcome: Outcome | None = None
    failure: str | None = None  # an outcomes.Failure: what broke, also when a human then answered
    stream_sid: str | None = None  # Twilio's, of the stream whose token opened the call
    refused_stream: str | None = None  # the newest stream that came with a token used before
    # How far the network vouches for `caller`, in Twilio's words: TN-Validation-Passed-A.
    attestation: str | None = None
    recording_sid: str | None = None  # Twilio's, where the call is or was recorded
    recording: RecordingState | None = None
    recording_dropped: RecordingDrop | None = None
    recording_until: AwareDatetime | None = None  # then it is deleted
    # What became of a visit that was booked before this call.
    changed: Literal["rescheduled", "canceled"] | None = None
    # An emergency: when the first person was asked, who was by now, and who took it. Real time.
    alerted_at: AwareDatetime | None = None
    alert_asked: tuple[str, ...] = ()
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: str | None = None
    callback: Callback | None = None
    called_back_at: AwareDatetime | None = None  # as the office says; business time
    caller_kinds: tuple[CallerKind, ...] = ()  # what they said of who is on the line
    business_version: str | None = None  # of its file, which the call keeps to its end
    # What the model cost in it, estimated from the usage of its responses by list prices.
    model_cost: Cents | None = None
    synthetic: bool = False

    @property
    def danger(self) -> HazardCategory | None:
        """The hazard that stands."""
        return self.hazard if self.hazard != self.hazard_withdrawn else None


class Turn(Value):
    """One row of `agent_turns`: something said, heard or done in a call."""

    call_sid: str
    seq: int
    role: Literal["assistant", "user", "tool", "system"]
    text: str = ""
    at: AwareDatetime
    latency_ms: int | None = None  # caller stopped -> agent's first sound
    cut: bool = False  # the caller spoke over it
    heard: str | None = None  # of a cut turn: the words that were played, estimated from heard_ms
    heard_ms: int | None = None
    sent_ms: int | None = None
    item_id: str | None = None
    unsure: str | None = None  # of the agent: kinds of claims that no tool bears out for certain
    tool: str | None = None
    arguments: str | None = None  # JSON as the model gave it, card numbers masked
    result: str | None = None  # JSON as the model got it
    took_ms: int | None = None
    synthetic: bool = False
