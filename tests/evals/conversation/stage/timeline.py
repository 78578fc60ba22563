"""The clock of a call: things due at a time, done in order of time and then of asking."""

from collections.abc import Callable
from heapq import heappop, heappush


class Timeline:
    """Virtual milliseconds since the call's socket opened."""

    def __init__(self) -> None:
        self.now_ms = 0
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._asked = 0

    def after(self, ms: int, work: Callable[[], None]) -> None:
        """Do `work` so many ms from now, or as soon after as the clock stands still."""
        self._asked += 1
        heappush(self._due, (self.now_ms + max(0, ms), self._asked, work))

    def until(self, at_ms: int) -> None:
        """Let time pass up to `at_ms`, doing what is due on the way, each at its own time."""
        while self._due and self._due[0][0] <= at_ms:
            due_ms, _, work = heappop(self._due)
            self.now_ms = max(self.now_ms, due_ms)
            work()
        self.now_ms = at_ms
