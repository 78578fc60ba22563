"""The two clocks that whatever is done in a call is done by."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallTime:
    """One moment on both clocks. Both are aware.

    Business time says what day it is for the caller: it decides windows, rates and prices. Real
    time decides when a retry is due, when a key is forgotten, when a token has expired. They are
    the same unless a stage was set to another day (CLOCK_OFFSET_S), which production refuses.
    """

    now: datetime  # business time
    real: datetime
