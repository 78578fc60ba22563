"""What the model may send to have a person speak with the caller, now or later."""

from typing import Annotated, Literal

from pydantic import Field

from shared.tools.arguments import Arguments, Choice, Clean, Message, Name, Phone, Reason, Text

Urgency = Annotated[
    Literal["normal", "urgent"],
    Choice,
    Field(description="urgent: somebody must act now."),
]


class EscalateToHuman(Arguments):
    """Hand the caller to a person: when they ask for one, are angry, in danger, or you cannot help.
    Offer your own help once at most. Say one short goodbye afterwards; the line is then moved."""

    reason: Reason
    summary: Annotated[
        str,
        Field(max_length=1000, description="What the person needs to know before they say hello."),
        Text,
        Clean,
    ] = ""
    topic: Annotated[
        str | None,
        Field(max_length=40, description="One of the topics that your instructions name, or null."),
    ] = None
    urgency: Urgency = "normal"


class TakeMessage(Arguments):
    """Take a message for the office: when nobody can be reached or the caller wants a callback."""

    name: Name
    phone: Phone
    message: Message
    urgency: Urgency = "normal"
