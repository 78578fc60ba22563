"""Where the caller's turns begin and end in the sound of a session: its turn_detection."""

from dataclasses import replace
from typing import Any

from services.simulator.speech import Ears, Speech, SpeechStarted, SpeechStopped

# semantic_vad decides by meaning; here each eagerness is a patience with silence.
_PATIENCE_MS = {"low": 1200, "medium": 800, "auto": 800, "high": 400}


class TurnDetector:
    """Hears where speech starts and stops; all its times are ms of sound fed to the session."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        # None where the session has no turn detection: then only the client ends a turn.
        self._ears: Ears | None = None
        # Ears count from when they were opened; this is when that was, in ms of the session.
        self._opened_ms = 0
        self._patience_ms: int | None = None  # the silence that ends a turn, for these ears

    def configure(self, detection: dict[str, Any] | None, fed_ms: int) -> None:
        """Take the session's turn_detection. Ears are opened anew only for another patience."""
        before, self._patience_ms = self._patience_ms, _patience(detection)
        if self._patience_ms is None:
            self._ears = None
        elif self._ears is None or before != self._patience_ms:
            self._open(self._patience_ms, fed_ms)

    def forget(self, fed_ms: int) -> None:
        """Let whatever is being said be no part of a turn."""
        if self._patience_ms is not None:
            self._open(self._patience_ms, fed_ms)

    @property
    def listens(self) -> bool:
        """Whether turns are found here at all."""
        return self._ears is not None

    def hear(self, audio: bytes) -> list[SpeechStarted | SpeechStopped]:
        """Return the starts and stops of speech in some more sound."""
        if self._ears is None:
            return []
        return [
            replace(event, at_ms=self._opened_ms + event.at_ms) for event in self._ears.hear(audio)
        ]

    def _open(self, patience_ms: int, fed_ms: int) -> None:
        self._ears = self._speech.ears(silence_ms=patience_ms)
        self._opened_ms = fed_ms


def _patience(detection: dict[str, Any] | None) -> int | None:
    if detection is None:
        return None
    if detection["type"] == "semantic_vad":
        return _PATIENCE_MS[detection["eagerness"]]
    return int(detection["silence_duration_ms"])
