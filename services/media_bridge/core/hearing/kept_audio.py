"""The caller's audio on its way to the model: kept until the model may hear it, then passed on."""

# A minute in frames of 20 ms, longer than any disclosure takes to be said three times. It bounds
# the memory of a call (0.8 MB).
KEPT_FRAMES = 3_000


class KeptAudio:
    """Frames in order. Nothing a caller says before they may be heard is thrown away."""

    def __init__(self) -> None:
        # Whether the model is sent the caller's audio: from when the disclosure was heard and the
        # model is ready, to the end of the call.
        self.passes = False
        # `at_ms` of the newest frame.
        self.came_ms = 0
        # What came until then, as base64; empty from then on.
        self._frames: list[str] = []

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
        return kept
