"""Telephone sound in the standard library alone: G.711 mu-law, 20 ms frames, stereo WAV."""

from __future__ import annotations

import sys
import wave
from array import array
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

RATE = 8000
BYTES_PER_MS = 8
FRAME_MS = 20
FRAME = FRAME_MS * BYTES_PER_MS
SILENT = 0xFF
SILENCE = bytes([SILENT]) * FRAME

_BIAS = 0x84
_CLIP = 32635


def _decoded(code: int) -> int:
    """Return the 16-bit sample of one mu-law byte (ITU-T G.711, table 2a)."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + _BIAS << (code >> 4 & 0x07)) - _BIAS
    return -magnitude if code & 0x80 else magnitude


def _encoded(sample: int) -> int:
    """Return the mu-law byte of one 16-bit sample."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | magnitude >> exponent + 3 & 0x0F) & 0xFF


SAMPLES = tuple(_decoded(code) for code in range(256))
"""The 16-bit sample of each mu-law byte."""

CODES = bytes(_encoded(sample) for sample in chain(range(32768), range(-32768, 0)))
"""The mu-law byte of each 16-bit sample, indexed by the sample modulo 65536."""


def decode(audio: bytes) -> array[int]:
    """Return the 16-bit samples of mu-law bytes."""
    return array("h", map(SAMPLES.__getitem__, audio))


def encode(samples: array[int]) -> bytes:
    """Return the mu-law bytes of 16-bit samples."""
    return bytes(CODES[sample] for sample in samples)


def silence(ms: int) -> bytes:
    """Return `ms` of digital silence."""
    return bytes([SILENT]) * (ms * BYTES_PER_MS)


def ms_of(audio: bytes) -> int:
    """Return how long mu-law bytes last, in whole milliseconds."""
    return len(audio) // BYTES_PER_MS


def frames(audio: bytes) -> Iterator[bytes]:
    """Yield frames of 20 ms, the last one filled up with silence."""
    for start in range(0, len(audio), FRAME):
        yield audio[start : start + FRAME].ljust(FRAME, bytes([SILENT]))


def write_stereo(path: Path, left: bytes, right: bytes) -> None:
    """Write two mu-law tracks as one 16-bit WAV; the shorter one is filled up with silence."""
    length = max(len(left), len(right))
    interleaved = array("h", bytes(4 * length))
    interleaved[0::2] = decode(left.ljust(length, bytes([SILENT])))
    interleaved[1::2] = decode(right.ljust(length, bytes([SILENT])))
    if sys.byteorder == "big":
        interleaved.byteswap()
    with path.open("wb") as sink, wave.open(sink, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(interleaved.tobytes())
