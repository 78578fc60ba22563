"""A visit put at another window outside of a call: by text, or on the customer's own page.

Whoever asks is offered the next windows, each with what the visit costs there; the move itself is
the booking's own, in one transaction, with its texts.
"""

from dataclasses import dataclass
from datetime import date, datetime

from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.calendar.scheduling import offerable, still_free
from shared.domain.call_time import CallTime
from shared.domain.errors import UnknownService
from shared.domain.models import Hold, Job, Slot, Window
from shared.tools.availability import held_windows
from shared.tools.booking.move import at_window, move
from shared.tools.booking.reply import KeptJob, confirm
from shared.tools.context import Memory, ToolContext

OFFERED = 2


@dataclass(frozen=True, slots=True)
class OtherWindow:
    """A free window, and the visit as it would be there."""

    slot: Slot
    job: Job

    def costs_more(self, was: Job) -> bool:
        """Whether it has to be told what it costs: more than what was agreed."""
        return self.job.estimate > was.estimate


def context_of(ports: Ports, business: Business, job: Job, public_url: str) -> ToolContext:
    """What the tools of the call that booked `job` would share, were it going on."""
    return ToolContext(
        business=business,
        call_sid=job.call_sid,
        caller=job.phone.normalised,
        ports=ports,
        public_url=public_url,
        synthetic=job.synthetic,
        memory=Memory(),
    )


def offers(context: ToolContext, job: Job, at: CallTime) -> list[OtherWindow]:
    """The next free windows; none where there is none, or the rate card no longer has its service.

    Raises:
        PortError: a table did not answer.
    """
    free = offerable(
        context.business,
        held_beside(context, job, at.now),
        at.now,
        service=job.service_type,
        is_emergency=False,
    )
    slots = [slot for slot in free if slot.window.start != job.window.start][:OFFERED]
    try:
        return [OtherWindow(slot, at_window(context, job, slot)) for slot in slots]
    except UnknownService:
        return []


def there(context: ToolContext, job: Job, window: Window, at: CallTime) -> OtherWindow:
    """The visit in that window, as things are now.

    Raises:
        WindowTaken: it is no longer free.
        UnknownService: the rate card no longer has its service.
        PortError: a table did not answer.
    """
    held = held_beside(context, job, at.now)
    slot = still_free(context.business, held, window, service=job.service_type)
    return OtherWindow(slot, at_window(context, job, slot))


def put(context: ToolContext, job: Job, to: OtherWindow, at: CallTime) -> KeptJob:
    """Move the visit, as it was read, and tell customer, office and on-call.

    Raises:
        WindowTaken, JobChanged: it stands as it was.
    """
    kept = move(context, job, to.job, None, to.slot.crews, at)
    confirm(context, kept, kept.job.estimate / 100, at)
    return kept


def held_beside(
    context: ToolContext, job: Job, now: datetime, wished: date | None = None
) -> set[Hold]:
    """What is taken of the crews that can do it; the hours of the visit itself are free."""
    return held_windows(context, now, job.service_type, wished) - set(job.holds)
