"""reschedule_appointment: the new window and what it costs are asked first, and moved after a yes.

The job keeps its id, its pay link and a deposit that was paid.
"""

from dataclasses import replace
from datetime import UTC, datetime

from shared.actions.ports import JobChanged
from shared.actions.texts import wording
from shared.domain.call_time import CallTime
from shared.domain.errors import (
    NothingToChange,
    PortError,
    TooManyBookings,
    WindowNotOffered,
    WindowTaken,
)
from shared.domain.models import Job
from shared.domain.moments import CallMoment
from shared.domain.money import Cents, spoken
from shared.domain.read_back import TERMS, Detail, Recitation
from shared.tools import figures
from shared.tools.appointments.arguments import RescheduleAppointment
from shared.tools.appointments.find import changeable
from shared.tools.booking.book import customer_of
from shared.tools.booking.checks import offer_others, slot_of
from shared.tools.booking.move import at_window, move
from shared.tools.booking.reply import confirm
from shared.tools.context import MAX_MOVES, ToolContext, ToolReply

TRIES = 5


def reschedule_appointment(
    context: ToolContext, asked: RescheduleAppointment, at: CallTime, confirmed: frozenset[str]
) -> ToolReply:
    """Ask whether to move the visit; with the yes in `confirmed`, do it, in one transaction.

    Keys of the reply: `asking`; or `rescheduled` (true) and those of a booking's (`booking.reply`).

    Raises:
        NotTheCaller: it was not found in this call.
        NothingToChange: it stands no more, its time has come, or it is at that window already.
        WindowTaken, WindowNotOffered: `available_slots` in the details are offered instead.
        TooManyBookings: it was moved too often in this call.
    """
    start = asked.scheduled_time.astimezone(UTC)
    for _ in range(TRIES):
        job = _standing(context, asked.job_id, start, at.now)
        try:
            slot = slot_of(context, job, at, start, job)
            wanted = at_window(context, job, slot)
            if TERMS not in confirmed:
                return _asked(context, job, wanted, at.now)
            kept = move(context, job, wanted, customer_of(wanted), slot.crews, at)
        except JobChanged:
            continue  # paid, noted or moved at this very moment: decided anew
        except (WindowTaken, WindowNotOffered) as refusal:
            offer_others(context, job, at, refusal)
            raise
        context.memory.replies = {}
        context.note(changed="rescheduled")
        context.count("Reschedules")
        reply = confirm(context, kept, kept.job.estimate / 100, at)
        return replace(reply, output={"rescheduled": True, **reply.output})
    raise PortError("the job kept changing")


def _standing(context: ToolContext, job_id: str, start: datetime, now: datetime) -> Job:
    job = changeable(context, job_id, now)
    if job.window.start == start:
        raise NothingToChange("It is at that time already: nothing has to be moved.")
    if context.memory.moves >= MAX_MOVES:
        raise TooManyBookings("It was moved as often as one call may. Offer a person.")
    return job


def _asked(context: ToolContext, job: Job, wanted: Job, now: datetime) -> ToolReply:
    words = _terms(context, job, wanted, now)
    recitation = Recitation(
        context.memory.wordings.next(CallMoment.MOVE, all=words),
        (Detail(TERMS, wanted.window.start.astimezone(UTC).isoformat(), words),),
    )
    return ToolReply({"asking": True}, figures.of_job(wanted), recitation=recitation)


def _terms(context: ToolContext, job: Job, wanted: Job, now: datetime) -> str:
    """`moved from tonight 9 to 11 PM to tomorrow 8 to 10 AM, $165 visit, ...`."""
    business = context.business
    old = wording.when(business, job.window, now)
    to_pay = wanted.model_copy(update={"deposit": Cents(0)}) if job.deposit_paid else wanted
    said = f"moved from {old} to {wording.terms(business, wanted.window, to_pay, now)}"
    if job.deposit_paid:
        said += f", and your {spoken(job.deposit)} deposit stays"
    return said
