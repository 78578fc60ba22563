"""cancel_appointment: asked first, in words made by code, and called off after a yes."""

from datetime import datetime

from shared.actions.appointments import cancel as calling_off
from shared.actions.ports import JobChanged
from shared.actions.texts import cancel_texts, wording
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.models import Job
from shared.domain.moments import CallMoment
from shared.domain.read_back import CALLED_OFF, Detail, Recitation
from shared.domain.telling import telling
from shared.tools import facts, figures
from shared.tools.appointments.arguments import CancelAppointment
from shared.tools.appointments.find import changeable
from shared.tools.context import ToolContext, ToolReply

TRIES = 3


def cancel_appointment(
    context: ToolContext, asked: CancelAppointment, at: CallTime, confirmed: frozenset[str]
) -> ToolReply:
    """Ask whether to call the visit off; with the yes in `confirmed`, do it.

    Keys of the reply: `asking`; or `canceled` (true), `job_id`, `refund_status` ("requested" or
    "none") and `say`.

    Raises:
        NotTheCaller: it was not found in this call.
        NothingToChange: it stands no more, or the technician is there already.
    """
    if CALLED_OFF not in confirmed:
        job = changeable(context, asked.job_id, at.now)
        return _asked(context, job, at.now)
    for _ in range(TRIES):
        job = changeable(context, asked.job_id, at.now)
        try:
            done = calling_off.cancel(context.ports, context.business, job, at)
        except JobChanged:
            continue  # paid or moved at this very moment: read again
        return _called_off(context, done, at.now)
    raise PortError("the job kept changing")


def _asked(context: ToolContext, job: Job, now: datetime) -> ToolReply:
    when = wording.when(context.business, job.window, now)
    words = f"cancel your visit {when}"
    sentence = context.memory.wordings.next(
        CallMoment.CALL_OFF, money=calling_off.terms(context.business, job, now), all=words
    )
    recitation = Recitation(sentence, (Detail(CALLED_OFF, job.job_id, words),))
    return ToolReply({"asking": True}, figures.of_job(job), recitation=recitation)


def _called_off(context: ToolContext, done: calling_off.CalledOff, now: datetime) -> ToolReply:
    job = done.job
    context.note(changed="canceled")
    context.count("Cancellations")
    context.memory.replies = {}
    when = wording.when(context.business, job.window, now)
    money = cancel_texts.of_deposit(job, refund=done.asks_refund)
    said = telling(context.memory.wordings.told(CallMoment.CALLED_OFF, when=when, money=money))
    output: dict[str, object] = {
        "canceled": True,
        "job_id": job.job_id,
        "refund_status": "requested" if done.asks_refund else "none",
        "text_sent": done.texted == "sent",
        "say": said.sentence,
    }
    told = facts.of_canceled(
        context.business, job, refund=done.asks_refund, texted=done.texted == "sent"
    )
    return ToolReply(output, figures.of_job(job), tuple(told), telling=said)
