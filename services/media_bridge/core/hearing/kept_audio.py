"""The caller's audio on its way to the model: kept until the model may hear it, then passed on.

What of it the model of a lost session cannot tell any more is kept, too: the turn that is being
spoken, until its words are here, for whoever takes over.
"""

from collections import deque
from typing import Final

# A minute in frames of 20 ms, longer than any disclosure takes to be said three times. It bounds
# the memory of a call (0.8 MB).
KEPT_FRAMES: Final = 3_000
# Of a turn whose words are not here: 5 s, 65 kB.
TURN_FRAMES: Final = 250
# While nobody speaks: what the server's VAD takes as the beginning of a turn before it says so.
LEAD_FRAMES: Final = 30


class KeptAudio:
    """Frames in order. Nothing a caller says before they may be heard is thrown away."""

    def __init__(self) -> None:
        # Whether the model is sent the caller's audio: from when the disclosure was heard and the
        # model is ready, to the end of the call or of the model's session.
        self.passes = False
        # `at_ms` of the newest frame.
        self.came_ms = 0
        # What came until then, as base64; empty from then on.
        self._frames: list[str] = []
        # The newest frames that were passed on.
        self.newest: deque[str] = deque(maxlen=LEAD_FRAMES)

    @property
    def full(self) -> bool:
        """No more can be kept."""
        return len(self._frames) >= KEPT_FRAMES

    def keep(self, payload: str) -> None:
        self._frames.append(payload)

    def let_through(self) -> list[str]:
        """From now on the model hears the caller; return what was kept for it."""
        self.passes = True
        kept, self._frames = self._frames, []
        self.newest.extend(kept)
        return kept

    # -- another session ----------------------------------------------------------------------

    def turn_began(self) -> None:
        """The caller speaks: keep their turn."""
        if self.newest.maxlen != TURN_FRAMES:
            self.newest = deque(self.newest, maxlen=TURN_FRAMES)

    def turn_is_known(self) -> None:
        """Its words are here."""
        if self.newest.maxlen != LEAD_FRAMES:
            self.newest = deque(maxlen=LEAD_FRAMES)

    def session_lost(self) -> None:
        """Keep what comes, behind the turn whose words are not here, until a model hears again."""
        if self.passes:
            self.passes = False
            self._frames = list(self.newest)
            self.newest.clear()
