"""take_message, add_note and end_call: what is left to do when nothing is booked, or all is."""

from shared.actions import callbacks
from shared.actions.calls import NOT_BOOKABLE
from shared.actions.texts import notify
from shared.domain.call_time import CallTime
from shared.domain.errors import BookingError, NothingToChange
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.moments import CallMoment
from shared.domain.spoken import contact
from shared.domain.telling import telling
from shared.tools.arguments import AddNote, EndCallArguments
from shared.tools.context import MAX_MESSAGES, ToolContext, ToolReply
from shared.tools.person_arguments import TakeMessage


def take_message(context: ToolContext, asked: TakeMessage, at: CallTime) -> ToolReply:
    """Text the office. A text that fails now is sent later, so the message is taken anyway.

    Raises:
        BadContact: nobody could call back.
        BookingError: this call has left enough messages.
    """
    if context.memory.messages >= MAX_MESSAGES:
        raise BookingError("This call has left enough messages. Say that the office has them.")
    phone = contact.phone(asked.phone, context.caller)
    context.memory.messages += 1
    asked_back = callbacks.ask(
        context.ports,
        context.business,
        context.call_sid,
        phone=phone.normalised,
        urgency=asked.urgency,
        at=at,
    )
    told = notify.message_text(
        context.ports,
        context.business,
        context.call_sid,
        name=asked.name,
        phone=phone.normalised,
        message=asked.message,
        wanted_by=callbacks.wanted_by(context.business, asked_back),
        real_now=at.real,
        number=context.memory.messages,
    )
    context.note(message_taken=True)
    noted = "I've passed that on." if told else "I've noted that; the office will get it shortly."
    promised = callbacks.promise(context.business, asked.urgency, at.now)
    said = telling(context.memory.wordings.told(CallMoment.MESSAGE, say=f"{noted} {promised}"))
    output: dict[str, object] = {"taken": True, "text_sent": told, "say": said.sentence}
    return ToolReply(output, facts=(Fact(ToolFactKind.MESSAGE_TAKEN),), telling=said)


def add_note(context: ToolContext, asked: AddNote, at: CallTime) -> ToolReply:
    """Add to the job of this call; texts nobody.

    Raises:
        NothingToChange: nothing is booked yet.
    """
    job_id = context.memory.last_job or next(
        iter(context.ports.jobs.of_call(context.call_sid)), None
    )
    if job_id is None:
        raise NothingToChange("Nothing is booked yet. Keep the note for book_appointment's notes.")
    context.ports.jobs.add_note(job_id, asked.note)
    output: dict[str, object] = {"noted": True, "job_id": job_id, "say": "I've added that."}
    return ToolReply(output, facts=(Fact(ToolFactKind.NOTED, words=asked.note),))


def end_call(context: ToolContext, asked: EndCallArguments, at: CallTime) -> ToolReply:
    """Keep the reason; the line is closed once the goodbye was heard."""
    bookable = False if asked.reason in NOT_BOOKABLE else None
    context.note(end_reason=asked.reason, bookable=bookable)
    return ToolReply({"ended": True}, hang_up=True)
