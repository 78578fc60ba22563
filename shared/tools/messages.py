"""take_message, add_note and end_call: what is left to do when nothing is booked, or all is."""

from shared.actions.calls import NOT_BOOKABLE
from shared.actions.texts import notify
from shared.domain.errors import BookingError, NothingToChange
from shared.domain.spoken import contact
from shared.tools.arguments import AddNote, EndCallArguments, TakeMessage
from shared.tools.context import MAX_MESSAGES, CallTime, ToolContext, ToolReply


def take_message(desk: ToolContext, asked: TakeMessage, at: CallTime) -> ToolReply:
    """Text the office. A text that fails now is sent later, so the message is taken anyway.

    Raises:
        BadContact: nobody could call back.
        BookingError: this call has left enough messages.
    """
    if desk.memory.messages >= MAX_MESSAGES:
        raise BookingError("This call has left enough messages. Say that the office has them.")
    phone = contact.phone(asked.phone, desk.caller)
    desk.memory.messages += 1
    told = notify.message_text(
        desk.ports,
        desk.business,
        desk.call_sid,
        name=asked.name,
        phone=phone.normalised,
        message=asked.message,
        real_now=at.real,
        number=desk.memory.messages,
    )
    desk.note(message_taken=True)
    say = "I've passed that on." if told else "I've noted that; the office will get it shortly."
    return ToolReply({"taken": True, "text_sent": told, "say": say})


def add_note(desk: ToolContext, asked: AddNote, at: CallTime) -> ToolReply:
    """Add to the job of this call; texts nobody.

    Raises:
        NothingToChange: nothing is booked yet.
    """
    job_id = desk.memory.last_job or next(iter(desk.ports.jobs.of_call(desk.call_sid)), None)
    if job_id is None:
        raise NothingToChange("Nothing is booked yet. Keep the note for book_appointment's notes.")
    desk.ports.jobs.add_note(job_id, asked.note)
    return ToolReply({"noted": True, "job_id": job_id, "say": "I've added that."})


def end_call(desk: ToolContext, asked: EndCallArguments, at: CallTime) -> ToolReply:
    """Keep the reason; the line is closed once the goodbye was heard."""
    bookable = False if asked.reason in NOT_BOOKABLE else None
    desk.note(end_reason=asked.reason, bookable=bookable)
    return ToolReply({"ended": True}, hang_up=True)
