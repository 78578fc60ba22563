"""What tools did and found in a call, as values: what may be claimed from then on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ToolFactKind(StrEnum):
    """What came about. Those with a window have `start` and `end`."""

    OFFERED = "offered"  # a free window; without one: it was looked, and nothing is free
    TAKEN = "taken"  # a window that is not to be had any more
    BOOKED = "booked"  # a window that stands
    FOUND = "found"  # a window that stood before this call
    MOVED_OFF = "moved_off"  # a window that stands no more, because another does
    CANCELED = "canceled"  # a window that stands no more
    REFUND_ASKED = "refund_asked"
    REFUNDED = "refunded"
    PAID = "paid"  # the deposit
    TEXTED = "texted"  # one text to the caller
    NOTED = "noted"  # `words` are on the job
    MESSAGE_TAKEN = "message_taken"
    TRANSFER = "transfer"  # a person takes the call over
    CALLBACK = "callback"  # nobody can be reached now
    ALERTED = "alerted"  # somebody of the business was told at once
    ON_THE_WAY = "on_the_way"  # the technician


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so. Times on the business's clock, `end` exclusive."""

    kind: ToolFactKind
    start: datetime | None = None
    end: datetime | None = None
    after_hours: bool | None = None  # the rate of the window
    words: str = ""  # of a note, and of a job: service, description, notes
