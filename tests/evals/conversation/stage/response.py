"""One response of the server's under way, and how long a session takes for what it does."""

from dataclasses import dataclass, field
from typing import Any

from services.simulator.receptionist import Act

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a session takes for what it does, in ms. Nothing of it was measured against OpenAI:
    half a second from a request to the first sound is what operators report as the median."""

    request: int = 60  # from a request, or the end of a turn, to response.created
    first_sound: int = 440  # from response.created to the first sound, the median
    first_call: int = 400  # from response.created to a tool call, where nothing is said before it
    spread: float = 0.35  # of the logarithm of these two: 0.35 means that 1 in 20 takes 1.8 times
    next_act: int = 160  # from the last sound to a tool call behind it
    transcript: int = 400  # from the end of a turn to its words
    speech_start: int = 120  # of speech before it is taken for speech
    sound: float = 5.0  # how many times faster than life sound is sent


@dataclass(slots=True)
class Response:
    id: str
    asked: Message
    acts: list[Act] = field(default_factory=list)
    is_over: bool = False
    sent_ms: int = 0  # of sound
    called: int = 0
    made: int = 0  # acts put out whole
    item: str | None = None  # the message under way
    said: str = ""  # of it

    @property
    def in_conversation(self) -> bool:
        return bool(self.asked.get("conversation", "auto") != "none")

    def wire(
        self, status: str, details: Message | None = None, usage: Message | None = None
    ) -> Message:
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": status,
            "status_details": details,
            "usage": usage,
            "output": [],
            "metadata": self.asked.get("metadata"),
            "conversation_id": "conv_1" if self.in_conversation else None,
        }
