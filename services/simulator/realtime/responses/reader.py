"""Lets the agent take in the conversation, item by item, before it is asked what to do."""

from services.simulator.realtime.conversation import Conversation, Item
from services.simulator.receptionist import Agent


class ConversationReader:
    """Remembers which items the agent knows. Its own words it knows from the start."""

    def __init__(self, agent: Agent, conversation: Conversation) -> None:
        self._agent, self._conversation = agent, conversation
        self._read: set[str] = set()  # ids of the items the agent knows

    def knows(self, item: Item) -> None:
        """The agent said or did this itself."""
        self._read.add(item.id)

    async def read(self) -> None:
        """Let the agent take in, in order, every item it has not seen.

        The words of what the caller said may still be on their way. While they are waited for,
        another response may have read the item, or the client may have deleted it.
        """
        for item in list(self._conversation.items):
            if item.id in self._read:
                continue
            words = await item.transcription if item.transcription is not None else item.text
            if item.id in self._read or item not in self._conversation.items:
                continue
            self._read.add(item.id)
            self._tell(item, words)

    def _tell(self, item: Item, words: str) -> None:
        if item.type == "function_call_output":
            call = self._conversation.called(item.call_id or "")
            self._agent.answered(call.name or "" if call else "", item.output or "")
        elif item.role == "user":
            self._agent.heard(words)
        elif item.role == "system":
            self._agent.instructed(words)
        elif item.role == "assistant":
            self._agent.spoken(words)
