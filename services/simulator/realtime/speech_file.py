"""POST /v1/audio/speech: a sentence as a file; in text mode its words are data in mu-law."""

from __future__ import annotations

import struct
from array import array

from services.simulator.speech.sound import decode

RATE = 24000
_STEP = 3  # 24 kHz from 8 kHz


def wav(audio: bytes) -> bytes:
    """Return mu-law as a WAV of 16-bit PCM at 24 kHz, as the real endpoint gives."""
    samples = pcm(audio)
    return _riff(_format(1, RATE, 16), samples)


def pcm(audio: bytes) -> bytes:
    """Return mu-law as 16-bit little-endian PCM at 24 kHz."""
    return struct.pack(f"<{len(audio) * _STEP}h", *_upsampled(decode(audio)))


def mulaw_wav(audio: bytes) -> bytes:
    """Return mu-law as a WAV of format 7: the samples stay as they are."""
    return _riff(_format(7, 8000, 8), audio)


def _upsampled(samples: array[int]) -> array[int]:
    """Return three samples for each one, on the straight line to the next.

    The images of this above 4 kHz are below the phone's band again once it is resampled there.
    """
    out = array("h", bytes(2 * _STEP * len(samples)))
    before = 0
    for index, sample in enumerate(samples):
        out[_STEP * index] = before + (sample - before) // 3
        out[_STEP * index + 1] = before + 2 * (sample - before) // 3
        out[_STEP * index + 2] = sample
        before = sample
    return out


def _format(tag: int, rate: int, bits: int) -> bytes:
    return struct.pack("<HHIIHH", tag, 1, rate, rate * bits // 8, bits // 8, bits)


def _riff(form: bytes, data: bytes) -> bytes:
    padding = b"\0" * (len(data) % 2)
    chunks = [(b"fmt ", form), (b"data", data)]
    if form[0] == 7:
        chunks.insert(1, (b"fact", struct.pack("<I", len(data))))
    body = b"WAVE" + b"".join(name + struct.pack("<I", len(part)) + part for name, part in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + len(padding)) + body + padding
