"""Puts out the events of one item of a response, from response.output_item.added to its end."""

import base64
from collections.abc import Callable
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Item, Sentence
from services.simulator.realtime.protocol.server_events import Emit
from services.simulator.realtime.responses.response import Response
from services.simulator.receptionist import Use
from services.simulator.speech.sound import BYTES_PER_MS


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

    def _content(self, words: str) -> dict[str, Any]:
        # The captures call the part "audio" here and "output_audio" in items.
        return (
            {"type": "audio", "transcript": words}
            if self._response.speaks
            else {"type": "text", "text": words}
        )

    def words(self, text: str) -> None:
        """Put out some words: of the transcript, or of a text response."""
        kind = "output_audio_transcript" if self._response.speaks else "output_text"
        self._words += text
        fields = {**self._part, "delta": text, "obfuscation": ids.new("", 12)[1:]}
        self._emit(f"response.{kind}.delta", fields)

    def sound(self, audio: bytes) -> None:
        """Put out some sound."""
        self.item.audio_ms += len(audio) // BYTES_PER_MS
        self._response.sent_ms += len(audio) // BYTES_PER_MS
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
        if self._response.speaks:
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
