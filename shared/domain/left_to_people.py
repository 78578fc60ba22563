"""Which visits their customer does not change alone: not by phone, by text or on the page."""

from datetime import datetime
from typing import Final

from shared.domain.models import Job, Priority

MOST_CHANGES: Final = 10  # of one visit: each is texted to the customer and to the office


def why(job: Job, now: datetime) -> str | None:
    """Why a visit that stands is moved and called off by people; None where nobody has to."""
    if job.priority is Priority.LIFE_SAFETY:
        return "A danger was told of with this visit."
    if job.window.start <= now:
        return "Its time has come: the technician may be there."
    if job.version >= MOST_CHANGES:
        return "It was changed many times already."
    return None
