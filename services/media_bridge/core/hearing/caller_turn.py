"""The caller's turn, as the model's server tells it; one that it never ends is ended here."""

from collections import deque
from typing import Final

# A turn of the caller that goes on for so long is looked at: is anybody speaking at all?
OVERDUE_MS: Final = 2_500


class OpenTurn:
    """From speech_started to speech_stopped, by its item."""

    def __init__(self) -> None:
        # Of the turn that goes on; None while the caller is silent.
        self.item_id: str | None = None
        # `at_ms` of its beginning, kept after its end.
        self.began_ms = 0
        # How many turns running had to be ended here; 0 again when the server ends one.
        self.overruns = 0
        # Items of turns ended here: what the server still says of them changes little.
        self._ended: deque[str] = deque(maxlen=16)

    def began(self, item_id: str, at_ms: int) -> bool:
        """The caller speaks; False when the turn before has not been ended yet.

        A second beginning moves no bound: a server that only ever begins turns ends none.
        """
        first = self.item_id is None
        self.item_id = item_id
        if item_id in self._ended:
            self._ended.remove(item_id)  # it goes on after all
        if first:
            self.began_ms = at_ms
        return first

    def stopped(self, item_id: str) -> bool:
        """The server ended a turn; False for one that was ended here long before."""
        if self.was_cut_short(item_id):
            return False
        self.item_id, self.overruns = None, 0
        return True

    def was_cut_short(self, item_id: str) -> bool:
        return item_id in self._ended

    def heard_anew(self, began_ms: int) -> None:
        """Another session hears it again, and has not told of its beginning yet."""
        self.item_id = self.item_id or ""
        self.began_ms = began_ms

    def cut_short(self) -> str:
        """End the turn that goes on, and return its item."""
        item_id, self.item_id = self.item_id or "", None
        self.overruns += 1
        self._ended.append(item_id)
        return item_id
