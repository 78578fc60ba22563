"""Speech without sound: the words travel as data inside the audio frames, labelled text mode.

The same bridge, sockets and codecs carry them. A word lies in the frame in which its last
letter would be spoken, so whoever cuts the audio cuts the words: the hearer reports exactly
what was played. A frame of 20 ms is

    magic (4) | flags (1) | length (1) | checksum (2) | words (utf-8) | filler
"""

import re
from binascii import crc_hqx
from collections.abc import Iterator
from dataclasses import dataclass

from services.simulator.speech.contract import SpeechStarted, SpeechStopped
from services.simulator.speech.sound import BYTES_PER_MS, FRAME, FRAME_MS, SILENT

MS_PER_CHARACTER = 55
SHORTEST_MS = 400

_MAGIC = b"\x01CW\x02"
_HEADER = len(_MAGIC) + 4
_ROOM = FRAME - _HEADER
_OPENING = 1
# Not silence, and not one byte of the magic: a cut inside filler cannot be taken for a frame.
_FILLER = b"\x7e"
_SILENT = bytes([SILENT])
_WORD = re.compile(r"\s*\S+\s*|\s+")


def encode(text: str) -> bytes:
    """Return `text` as frames that last as long as saying it would."""
    spans = max(SHORTEST_MS, len(text) * MS_PER_CHARACTER) // FRAME_MS
    slices = [b""] * max(spans, 1)
    said = 0
    for word in _WORD.findall(text):
        said += len(word)
        _place(slices, word.encode("utf-8", "replace"), said / len(text))
    return b"".join(
        _frame(words, _OPENING if index == 0 else 0) for index, words in enumerate(slices)
    )


def _place(slices: list[bytes], word: bytes, share: float) -> None:
    """Put a word where `share` of the text has been said, or after what is there already."""
    last = next((index for index in reversed(range(len(slices))) if slices[index]), 0)
    at = max(last, min(len(slices) - 1, round(share * len(slices)) - 1))
    while word:
        room = _ROOM - len(slices[at])
        slices[at] += word[:room]
        word = word[room:]
        if word:
            at += 1
            slices.extend([b""] * (at + 1 - len(slices)))


def _frame(words: bytes, flags: int) -> bytes:
    head = bytes([flags, len(words)])
    check = crc_hqx(head + words, 0).to_bytes(2, "big")
    return (_MAGIC + head + check + words).ljust(FRAME, _FILLER)


@dataclass(frozen=True, slots=True)
class Slice:
    """The words of one frame; `opens` when an utterance begins with it."""

    words: bytes
    opens: bool


class Decoder:
    """Finds the frames in a stream of any chunk sizes, with anything between them."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, audio: bytes) -> list[Slice]:
        """Return the frames that became complete, in order."""
        self._held += audio
        found: list[Slice] = []
        at = 0
        while (start := self._held.find(_MAGIC, at)) >= 0:
            head = self._held[start + 4 : start + _HEADER]
            if len(head) < 4 or len(self._held) < start + _HEADER + head[1]:
                at = start
                break
            words = self._held[start + _HEADER : start + _HEADER + head[1]]
            if crc_hqx(head[:2] + words, 0) == int.from_bytes(head[2:], "big"):
                found.append(Slice(words, bool(head[0] & _OPENING)))
                at = start + _HEADER + head[1]
            else:
                at = start + 1  # cut short: the next frame began inside this one
        else:
            at = max(at, len(self._held) - len(_MAGIC) + 1)
        self._held = self._held[at:]
        return found


def decode(clip: bytes) -> str:
    """Return the words that were played in `clip`; separate utterances are set apart."""
    heard = b""
    for part in Decoder().feed(clip):
        if part.opens and heard and not heard[-1:].isspace():
            heard += b" "
        heard += part.words
    return heard.decode("utf-8", "ignore")


class TextEars:
    """Implements `Ears`: speech begins with a frame of words and ends with enough silence."""

    def __init__(self, silence_ms: int) -> None:
        self._patience = silence_ms * BYTES_PER_MS
        self._decoder = Decoder()
        self._fed = 0
        self._began: int | None = None
        self._last_sound = 0
        self._clip = bytearray()

    def hear(self, audio: bytes) -> list[SpeechStarted | SpeechStopped]:
        """Return what became certain with `audio`."""
        events: list[SpeechStarted | SpeechStopped] = []
        for start in range(0, len(audio), FRAME):
            events.extend(self._hear(audio[start : start + FRAME]))
        return events

    def _hear(self, piece: bytes) -> Iterator[SpeechStarted | SpeechStopped]:
        words = self._decoder.feed(piece)
        sounding = len(piece.rstrip(_SILENT))
        if sounding:
            self._last_sound = self._fed + sounding
        self._fed += len(piece)
        self._clip += piece
        if self._began is None and words:
            self._began = self._fed - len(self._clip) + self._clip.find(_MAGIC)
            yield SpeechStarted(self._began // BYTES_PER_MS)
        elif self._began is None:
            # A frame may have begun in what came before: that much is kept.
            del self._clip[:-FRAME]
        elif self._fed - self._last_sound >= self._patience:
            self._began = None
            yield SpeechStopped(self._last_sound // BYTES_PER_MS, bytes(self._clip))
            self._clip.clear()


class TextTranscriber:
    """Implements `Transcriber` by reading the words in the frames."""

    def text(self, clip: bytes) -> str:
        """Return the words that were played in `clip`."""
        return " ".join(decode(clip).split())


class TextVoice:
    """Implements `Voice` with frames of words."""

    def speak(self, text: str) -> Iterator[bytes]:
        """Yield the whole text at once: nothing has to be waited for."""
        if text.strip():
            yield encode(text)
