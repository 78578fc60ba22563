"""One response under way: what it was asked for, and what it has put out."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from services.simulator.realtime.conversation import Item
from services.simulator.realtime.protocol.client_events import ResponseFields
from services.simulator.receptionist import Act, Use


@dataclass(slots=True)
class Response:
    """A response and the items it has begun."""

    id: str
    conversation_id: str
    asked: ResponseFields
    modalities: list[str]
    audio: dict[str, Any]  # {"output": {"format": …, "voice": …}}
    max_output_tokens: int | str
    status: str = "in_progress"
    status_details: dict[str, Any] | None = None
    output: list[Item] = field(default_factory=list)
    usage: dict[str, Any] | None = None  # set when it is over, unless it failed
    task: asyncio.Task[None] | None = None
    acts: list[Act] = field(default_factory=list)  # what the agent wants said and done
    made: int = 0  # acts put out completely
    responded: bool = False  # the agent has been asked what to do
    began_at: float = 0.0  # the loop's time at which the agent was asked
    sent_ms: int = 0  # of sound

    @property
    def in_conversation(self) -> bool:
        return self.asked.conversation == "auto"

    @property
    def is_recital(self) -> bool:
        """It is given nothing but what it is to read."""
        return not self.in_conversation and self.asked.input == []

    @property
    def speaks(self) -> bool:
        """Whether it is put out as sound; else it is text."""
        return "audio" in self.modalities

    @property
    def calls_a_function(self) -> bool:
        return any(item.type == "function_call" for item in self.output)

    @property
    def unsent(self) -> list[Use]:
        """The calls that were wanted and have not gone out."""
        return [act for act in self.acts[self.made :] if isinstance(act, Use)]

    def wire(self) -> dict[str, Any]:
        """Return the response as response.created and response.done carry it."""
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": self.status,
            "status_details": self.status_details,
            "output": [item.wire() for item in self.output],
            "conversation_id": self.conversation_id if self.in_conversation else None,
            "output_modalities": self.modalities,
            "max_output_tokens": self.max_output_tokens,
            "audio": self.audio,
            "usage": self.usage,
            "metadata": self.asked.metadata,
        }
