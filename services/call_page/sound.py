"""Sound for a page: both channels mixed into one mu-law WAV, and the outline of each."""

import base64
import struct
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from services.call_page.page import Sound

RATE = 8000
MULAW = 7  # of WAVEFORMATEX; browsers play it
_BIAS, _CLIP = 0x84, 32635


def _code(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | magnitude >> exponent + 3 & 0x0F) & 0xFF


def ms_of(sound: Sound) -> int:
    return max(len(sound.caller), len(sound.agent)) * 1000 // RATE


def data_uri(sound: Sound) -> str:
    """Return both voices as one WAV of 8 kB a second, ready for `src`."""
    codes: dict[int, int] = {}
    mixed = bytearray()
    for left, right in zip_longest(sound.caller, sound.agent, fillvalue=0):
        sample = left + right
        code = codes.get(sample)
        if code is None:
            code = codes[sample] = _code(sample)
        mixed.append(code)
    odd = b"\xff" * (len(mixed) % 2)
    form = struct.pack("<HHIIHHH", MULAW, 1, RATE, RATE, 1, 8, 0)
    body = (
        b"WAVEfmt " + struct.pack("<I", len(form)) + form
        + b"fact" + struct.pack("<II", 4, len(mixed))
        + b"data" + struct.pack("<I", len(mixed)) + bytes(mixed) + odd
    )  # fmt: skip
    wav = b"RIFF" + struct.pack("<I", len(body)) + body
    return "data:audio/wav;base64," + base64.b64encode(wav).decode()


def outline(samples: Sequence[int], columns: int, length: int) -> list[float]:
    """Return the loudest of each of `columns` equal parts of `length` samples, from 0 to 1.

    The root of it: telephone speech is quiet beside its peaks.
    """
    if not length:
        return [0.0] * columns
    edges = [column * length // columns for column in range(columns + 1)]
    parts = (samples[a:b] for a, b in pairwise(edges))
    return [(max(map(abs, part), default=0) / 32768) ** 0.5 for part in parts]
