"""One response under way: what it was asked for, what it has put out, and its events."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Item, Sentence
from services.simulator.realtime.protocol.client_events import ResponseFields
from services.simulator.receptionist import Act, Use

MS_PER_BYTE = 1 / 8
Emit = Callable[[str, dict[str, Any]], None]


@dataclass(slots=True)
class Response:
    """A response and the items it has begun."""

    id: str
    conversation_id: str
    asked: ResponseFields
    modalities: list[str]
    audio: dict[str, Any]
    max_output_tokens: int | str
    status: str = "in_progress"
    status_details: dict[str, Any] | None = None
    output: list[Item] = field(default_factory=list)
    usage: dict[str, Any] | None = None
    task: asyncio.Task[None] | None = None
    acts: list[Act] = field(default_factory=list)
    made: int = 0  # acts put out completely
    responded: bool = False  # the agent has been asked what to do
    began_at: float = 0.0
    sent_ms: int = 0

    @property
    def in_conversation(self) -> bool:
        return self.asked.conversation == "auto"

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


class ItemWriter:
    """Puts out the events of one item of a response, in the order of the GA capture."""

    def __init__(self, response: Response, emit: Emit, item: Item) -> None:
        self._response = response
        self._emit = emit
        self.item = item
        self._index = len(response.output)
        response.output.append(item)
        self._words = ""

    @property
    def _place(self) -> dict[str, Any]:
        return {
            "response_id": self._response.id,
            "item_id": self.item.id,
            "output_index": self._index,
        }

    @property
    def _part(self) -> dict[str, Any]:
        return {**self._place, "content_index": 0}

    def begin(self, add: Callable[[Item], None]) -> None:
        """Announce the item; `add` puts it into the conversation."""
        self.item.status = "in_progress"
        self._emit("response.output_item.added", {**self._outer, "item": self.item.wire()})
        add(self.item)
        if self.item.type == "message":
            self._emit("response.content_part.added", {**self._part, "part": self._content("")})

    @property
    def _outer(self) -> dict[str, Any]:
        return {"response_id": self._response.id, "output_index": self._index}

    @property
    def _spoken(self) -> bool:
        return "audio" in self._response.modalities

    def _content(self, words: str) -> dict[str, Any]:
        # The captures call the part "audio" here and "output_audio" in items.
        return (
            {"type": "audio", "transcript": words}
            if self._spoken
            else {"type": "text", "text": words}
        )

    def words(self, text: str) -> None:
        """Put out some words: of the transcript, or of a text response."""
        kind = "output_audio_transcript" if self._spoken else "output_text"
        self._words += text
        fields = {**self._part, "delta": text, "obfuscation": ids.new("", 12)[1:]}
        self._emit(f"response.{kind}.delta", fields)

    def sound(self, audio: bytes) -> None:
        """Put out some sound."""
        self.item.audio_ms += int(len(audio) * MS_PER_BYTE)
        self._response.sent_ms += int(len(audio) * MS_PER_BYTE)
        delta = base64.b64encode(audio).decode("ascii")
        self._emit("response.output_audio.delta", {**self._part, "delta": delta})

    def sentence(self, text: str) -> None:
        """A sentence has been spoken to its end."""
        self.item.sentences.append(Sentence(text, self.item.audio_ms))

    def arguments(self, whole: str) -> None:
        """Put out the arguments of a call, in two parts."""
        self.item.arguments = whole
        half = len(whole) // 2
        place = {**self._place, "call_id": self.item.call_id}
        for delta in (whole[:half], whole[half:]):
            self._emit("response.function_call_arguments.delta", {**place, "delta": delta})
        done = {**place, "name": self.item.name, "arguments": whole}
        self._emit("response.function_call_arguments.done", done)

    def end(self, status: str) -> None:
        """Close the item as completed or incomplete."""
        self.item.status = status
        if self.item.type == "message":
            self._end_part()
        self._emit("response.output_item.done", {**self._outer, "item": self.item.wire()})

    def _end_part(self) -> None:
        words = self._words
        if self._spoken:
            self.item.content = [{"type": "output_audio", "transcript": words}]
            self._emit("response.output_audio.done", self._part)
            self._emit("response.output_audio_transcript.done", {**self._part, "transcript": words})
        else:
            self.item.content = [{"type": "output_text", "text": words}]
            self._emit("response.output_text.done", {**self._part, "text": words})
        self._emit("response.content_part.done", {**self._part, "part": self._content(words)})


def call_item(use: Use) -> Item:
    """Return the item of a function call."""
    return Item(
        ids.new("item"),
        "function_call",
        name=use.name,
        call_id=ids.new("call", 16),
        arguments="",  # until they have been put out
    )
