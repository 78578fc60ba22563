"""What is still open between agent and caller, so that no end_call of the model closes on it."""

import json
from collections import deque
from collections.abc import Callable

from shared.schema import ToolName

# Tools that only look something up: refusing one leaves nothing undone.
_LOOKUPS = frozenset({ToolName.GET_PRICING_QUOTE, ToolName.CHECK_AVAILABILITY, ToolName.END_CALL})


class LooseEnds:
    """A question of the agent's that nobody answered; something that was refused and not told.

    A refusal counts as told when a response that began after it has spoken, and the caller had a
    turn since: words that were already on their way when the tool refused ("you're booked,
    goodbye") do not tell it. A model that was held back once and has spoken again has told it too.
    """

    def __init__(self, spoke: Callable[[str], bool]) -> None:
        # Whether anything of a response was played.
        self._spoke = spoke
        # The agent's items whose words were looked at: the same words ask once.
        self._items: deque[str] = deque(maxlen=32)
        # The agent asked something, and the caller had no turn since.
        self.asked = False
        # The tool that was refused, until the caller knows or it works after all.
        self._refused: str | None = None
        # Responses that began since the refusal, or since an end_call was held back.
        self._after: list[str] = []
        # An end_call was held back after something had been said about the refusal.
        self._held_back = False
        # How often one was held back since the caller's last turn.
        self._times = 0

    # -- what happens ------------------------------------------------------------------------

    def agent_said(self, item_id: str, words: str) -> bool:
        """The words of an item, the first time they come; True when they ask something."""
        if not words or item_id in self._items:
            return False
        self._items.append(item_id)
        asks = "?" in words
        self.asked = self.asked or asks
        return asks

    def response_began(self, response_id: str) -> None:
        if self._refused is not None:
            self._after.append(response_id)

    def tool_answered(self, tool: str, output: str) -> None:
        """`output` is JSON; a refusal has an "error"."""
        if tool in _LOOKUPS:
            return
        if _is_refusal(output):
            self._refused, self._after, self._held_back = tool, [], False
        elif tool == self._refused:
            self._refused = None

    def caller_answered(self) -> None:
        """The caller had a turn."""
        self.asked, self._times = False, 0
        if self.told:
            self._refused = None

    def held_back(self) -> int:
        """An end_call was refused because of a refusal before; how often running it was."""
        if self.told:
            self._held_back, self._after = True, []
        self._times += 1
        return self._times

    # -- what is open ------------------------------------------------------------------------

    @property
    def told(self) -> bool:
        """Something was said since the refusal, whatever it was."""
        return any(self._spoke(response_id) for response_id in self._after)

    @property
    def refused(self) -> str | None:
        """The tool whose refusal the caller may not know of."""
        return None if self._held_back and self.told else self._refused


def _is_refusal(output: str) -> bool:
    try:
        answer = json.loads(output)
    except ValueError:
        return False
    return isinstance(answer, dict) and "error" in answer
