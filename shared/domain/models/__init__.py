"""The nouns of the business: money in US cents, every datetime aware, all of them frozen.

Each module is about one thing; whoever needs a noun takes it from here.
"""

from shared.domain.models.call import (
    DIAL_RESULTS,
    Call,
    Callback,
    CallerKind,
    Escalation,
    Outcome,
    RecordingDrop,
    RecordingState,
    Turn,
)
from shared.domain.models.follow_up import FollowUp, FollowUpKind
from shared.domain.models.hazard import LIFE_SAFETY, Hazard, HazardCategory
from shared.domain.models.job import Books, Contact, Customer, Job, JobStatus, Priority
from shared.domain.models.language import Language
from shared.domain.models.payment import Payment, PaymentStatus
from shared.domain.models.texting import OptOut, Talk, TextConsent
from shared.domain.models.value import Value
from shared.domain.models.visit import (
    LONGEST_WINDOW,
    WINDOW_HOURS,
    Covered,
    Hold,
    Quote,
    Slot,
    Window,
)

__all__ = [
    "DIAL_RESULTS",
    "LIFE_SAFETY",
    "LONGEST_WINDOW",
    "WINDOW_HOURS",
    "Books",
    "Call",
    "Callback",
    "CallerKind",
    "Contact",
    "Covered",
    "Customer",
    "Escalation",
    "FollowUp",
    "FollowUpKind",
    "Hazard",
    "HazardCategory",
    "Hold",
    "Job",
    "JobStatus",
    "Language",
    "OptOut",
    "Outcome",
    "Payment",
    "PaymentStatus",
    "Priority",
    "Quote",
    "RecordingDrop",
    "RecordingState",
    "Slot",
    "Talk",
    "TextConsent",
    "Turn",
    "Value",
    "Window",
]
