"""Speech as sound that knows its words: whoever plays a part of it has heard that part.

Each frame of 20 ms holds the number of its sentence and its own place in it. So what the caller
heard is read off the very bytes the bridge played, whatever it was told, cut or held back.
"""

import re
import struct
from base64 import b64encode
from dataclasses import dataclass

FRAME_MS = 20
FRAME_BYTES = 160
_HEAD = struct.Struct(">4sIH")
_MAGIC = b"\x11SAY"
_FILLER = b"\xff" * (FRAME_BYTES - _HEAD.size)
_SENTENCE_PAUSE_MS = 180
_LETTERS_A_WORD = 4.7  # English as spoken on the phone, so that a long word takes its time
_SHORTEST_MS = 240
_DOLLARS = re.compile(r"\$(\d[\d,]*)")
# How many words a token is when it is spoken: "$1,250" is no single beat.
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words, and when each of them has been said: ms from the beginning, one for each word."""

    text: str
    words: tuple[str, ...]
    ends_ms: tuple[int, ...]

    @property
    def ms(self) -> int:
        return self.ends_ms[-1] if self.ends_ms else 0

    def until(self, ms: int) -> str:
        """What had been said after so long."""
        return " ".join(
            word for word, end in zip(self.words, self.ends_ms, strict=True) if end <= ms
        )


def timed(text: str, wpm: int) -> Sentence:
    """`text` spoken at so many words a minute, longer words longer; whole frames."""
    words = tuple(text.split())
    now, ends = 0.0, []
    beat_ms = 60_000 / wpm
    for word in words:
        now += max(beat_ms * _beats(word), beat_ms / 3)
        ends.append(_whole_frames(now))
        if word[-1] in ".?!":
            now += _SENTENCE_PAUSE_MS
    if ends:
        ends[-1] = max(ends[-1], _SHORTEST_MS)
    return Sentence(text, words, tuple(ends))


def _beats(word: str) -> float:
    """Words' worth of time: a number takes as many as it is spoken in."""
    digits = len(_DIGITS.findall(word))
    if digits:
        return 0.75 * digits + (0.5 if _DOLLARS.match(word) else 0.0)
    letters = sum(c.isalpha() for c in word)
    return 0.45 + 0.55 * letters / _LETTERS_A_WORD


def _whole_frames(ms: float) -> int:
    return -(-round(ms) // FRAME_MS) * FRAME_MS


class Sounds:
    """The sentences of one call that were made into sound, by number."""

    def __init__(self, wpm: int) -> None:
        self._wpm = wpm
        self._sentences: list[Sentence] = []

    def make(self, text: str) -> tuple[Sentence, bytes]:
        """`text` as mu-law frames."""
        sentence, number = timed(text, self._wpm), len(self._sentences)
        self._sentences.append(sentence)
        frames = (
            _HEAD.pack(_MAGIC, number, frame) + _FILLER for frame in range(sentence.ms // FRAME_MS)
        )
        return sentence, b"".join(frames)

    def clip(self, text: str) -> str:
        """`text` as a clip holds it: base64."""
        return b64encode(self.make(text)[1]).decode()

    def read(self, frame: bytes) -> tuple[int, int] | None:
        """Which sentence a played frame is of, and how many ms of it are over with this frame;
        None for sound that holds no words."""
        if len(frame) < _HEAD.size or not frame.startswith(_MAGIC):
            return None
        _, number, place = _HEAD.unpack_from(frame)
        return (number, (place + 1) * FRAME_MS) if number < len(self._sentences) else None

    def __getitem__(self, number: int) -> Sentence:
        return self._sentences[number]
