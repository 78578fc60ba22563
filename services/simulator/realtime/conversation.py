"""What the server remembers of a conversation: its items, and how much of each was heard."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.protocol.validate import InvalidEvent


@dataclass(slots=True)
class Sentence:
    """A sentence of the agent, and where in its item's sound it ends."""

    text: str
    ends_ms: int


@dataclass(slots=True)
class Item:
    """One item; `audio_ms` is the sound behind a spoken one."""

    id: str
    type: str
    status: str = "completed"
    role: str | None = None
    content: list[dict[str, Any]] = field(default_factory=list)
    name: str | None = None
    call_id: str | None = None
    arguments: str | None = None
    output: str | None = None
    audio_ms: int = 0
    sentences: list[Sentence] = field(default_factory=list)
    transcription: asyncio.Task[str] | None = None

    def wire(self) -> dict[str, Any]:
        """Return the item as events carry it; the captures show no `object` field."""
        shown: dict[str, Any] = {"id": self.id, "type": self.type, "status": self.status}
        if self.type == "message":
            return {**shown, "role": self.role, "content": [dict(part) for part in self.content]}
        if self.type == "function_call":
            return {
                **shown,
                "name": self.name,
                "call_id": self.call_id,
                "arguments": self.arguments,
            }
        return {**shown, "call_id": self.call_id, "output": self.output}

    @property
    def text(self) -> str:
        """The words of the item."""
        parts = [part.get("text") or part.get("transcript") or "" for part in self.content]
        return " ".join([*parts, self.arguments or "", self.output or ""]).strip()

    def cut(self, audio_end_ms: int) -> str:
        """Keep the first `audio_end_ms` of the sound; return the words in it.

        As with the real one, the item's transcript is gone afterwards.
        """
        heard: list[str] = []
        begins = 0
        for sentence in self.sentences:
            spoken = min(sentence.ends_ms, audio_end_ms) - begins
            if spoken <= 0:
                break
            words = sentence.text.split()
            heard.extend(words[: len(words) * spoken // max(sentence.ends_ms - begins, 1)])
            begins = sentence.ends_ms
        self.audio_ms = audio_end_ms
        self.sentences = [Sentence(" ".join(heard), audio_end_ms)]
        self.content = [{"type": "output_audio"}]
        return " ".join(heard)


class Conversation:
    """The items, in order."""

    def __init__(self) -> None:
        self.id = ids.new("conv")
        self.items: list[Item] = []

    @property
    def last_id(self) -> str | None:
        return self.items[-1].id if self.items else None

    def find(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    def add(self, item: Item, after: str | None = None) -> str | None:
        """Put an item behind `after` ("root": first; None: last); return the id before it.

        Raises:
            InvalidEvent: the id is taken, or there is no item `after`.
        """
        if self.find(item.id) is not None:
            message = f"Item with id '{item.id}' already exists."
            raise InvalidEvent("invalid_value", message, "item.id")
        if after is None:
            previous = self.last_id
            self.items.append(item)
            return previous
        if after == "root":
            self.items.insert(0, item)
            return None
        previous_item = self.find(after)
        if previous_item is None:
            message = f"Error adding item: the previous item with id '{after}' does not exist."
            raise InvalidEvent("item_create_invalid_previous_item_id", message, "previous_item_id")
        self.items.insert(self.items.index(previous_item) + 1, item)
        return after

    def take(self, item_id: str, doing: str) -> Item:
        """Return an item that is to be truncated, deleted or retrieved.

        Raises:
            InvalidEvent: there is none with this id.
        """
        item = self.find(item_id)
        if item is None:
            action = {"truncate": "truncating", "delete": "deleting"}.get(doing, "retrieving")
            message = f"Error {action} item: the item with id '{item_id}' does not exist."
            raise InvalidEvent(f"item_{doing}_invalid_item_id", message, "item_id")
        return item

    def truncate(self, item_id: str, content_index: int, audio_end_ms: int) -> str:
        """Shorten a spoken item; return the words that are left of it.

        Raises:
            InvalidEvent: as the real one does, in its words.
        """
        item = self.take(item_id, "truncate")
        if item.role != "assistant" or not item.audio_ms or not audio_end_ms:
            message = "Only model output audio messages can be truncated"
            raise InvalidEvent("unsupported_content_type", message)
        if content_index != 0:
            raise InvalidEvent("invalid_value", "Invalid 'content_index'.", "content_index")
        if audio_end_ms > item.audio_ms:
            message = f"Audio content of {item.audio_ms}ms is already shorter than {audio_end_ms}ms"
            raise InvalidEvent(None, message)
        return item.cut(audio_end_ms)

    def called(self, call_id: str) -> Item | None:
        """Return the function call with this id."""
        return next(
            (i for i in self.items if i.type == "function_call" and i.call_id == call_id), None
        )
