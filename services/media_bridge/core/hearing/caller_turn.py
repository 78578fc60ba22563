"""The caller's turn, as the model's server tells it; one that it never ends is ended here."""

from collections import deque


class OpenTurn:
    def __init__(self) -> None:
        self.item_id: str | None = None  # of the turn that goes on
        self.began_ms = 0
        self.overruns = 0  # turns running that had to be ended here
        self._ended: deque[str] = deque(maxlen=16)  # those turns

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

    def cut_short(self) -> str:
        """End the turn that goes on, and return its item."""
        item_id, self.item_id = self.item_id or "", None
        self.overruns += 1
        self._ended.append(item_id)
        return item_id
