"""Puts out what the agent says and does: into the conversation, and as events to the client."""

import json
import re

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Conversation, Item
from services.simulator.realtime.protocol.server_events import Emit
from services.simulator.realtime.responses.item_writer import ItemWriter, call_item
from services.simulator.realtime.responses.paced_voice import PacedVoice
from services.simulator.realtime.responses.reader import ConversationReader
from services.simulator.realtime.responses.response import Response
from services.simulator.receptionist import Use

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class AgentOutput:
    """The output of every response of one session."""

    def __init__(
        self,
        conversation: Conversation,
        reader: ConversationReader,
        voice: PacedVoice,
        emit: Emit,
    ) -> None:
        self._conversation, self._reader = conversation, reader
        self._voice, self._emit = voice, emit
        # The item each response is in the middle of, by the response's id.
        self._writing: dict[str, ItemWriter] = {}
        self.has_spoken = False  # from the first sound on the session's voice cannot be changed

    async def say(self, response: Response, text: str) -> None:
        """Put out a message, sentence by sentence: its words, and their sound where it is asked."""
        item = Item(ids.new("item"), "message", role="assistant")
        writer = ItemWriter(response, self._emit, item)
        self._writing[response.id] = writer
        writer.begin(lambda item: self._remember(item, response))
        for index, sentence in enumerate(_SENTENCE.split(text)):
            writer.words(f" {sentence}" if index else sentence)
            if response.speaks:
                async for chunk in self._voice.chunks(sentence):
                    writer.sound(chunk)
                    self.has_spoken = True
                    await self._voice.keep_pace(response.sent_ms, response.began_at)
                writer.sentence(sentence)
        del self._writing[response.id]
        self._end(writer, response, "completed")

    def call(self, response: Response, use: Use) -> None:
        """Put out a function call."""
        writer = ItemWriter(response, self._emit, call_item(use))
        writer.begin(lambda item: self._remember(item, response))
        writer.arguments(json.dumps(use.arguments))
        self._end(writer, response, "completed")

    def break_off(self, response: Response) -> None:
        """End the message that a stopped response was in the middle of."""
        writer = self._writing.pop(response.id, None)
        if writer is not None:
            self._end(writer, response, "incomplete")

    def _remember(self, item: Item, response: Response) -> None:
        if not response.in_conversation:
            return
        self._reader.knows(item)
        previous = self._conversation.add(item)
        fields = {"previous_item_id": previous, "item": item.wire()}
        self._emit("conversation.item.added", fields)

    def _end(self, writer: ItemWriter, response: Response, status: str) -> None:
        writer.end(status)
        if response.in_conversation and writer.item in self._conversation.items:
            index = self._conversation.items.index(writer.item)
            previous = self._conversation.items[index - 1].id if index else None
            fields = {"previous_item_id": previous, "item": writer.item.wire()}
            self._emit("conversation.item.done", fields)
