"""How many of a process' sessions with the model were lost at once."""

from collections import deque
from typing import Final

WITHIN_S: Final = 5.0
SHARE: Final = 0.25
# Of a few sessions one is a quarter already: that is no outage.
FEWEST: Final = 3


class Losses:
    """Sessions of all calls of this process. Where many are lost at once, opening them all again
    would only ask more of a server that is down: their callers are given to people."""

    def __init__(self) -> None:
        self._open = 0
        self._lost_at: deque[float] = deque()  # monotonic seconds, the newest last

    def opened(self) -> None:
        self._open += 1

    def closed(self) -> None:
        """One was closed by us."""
        self._open -= 1

    def lost(self, now: float) -> bool:
        """One that was open was lost; True where a quarter of them were within five seconds."""
        while self._lost_at and now - self._lost_at[0] > WITHIN_S:
            self._lost_at.popleft()
        self._lost_at.append(now)
        before = self._open + len(self._lost_at) - 1  # those were open five seconds ago, or since
        self._open -= 1
        return len(self._lost_at) >= max(FEWEST, SHARE * before)
