"""Between the models' sample rates and the telephone's, with the telephone's band limit (numpy)."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from services.simulator.speech.sound import CODES, RATE, SAMPLES, SILENT

Samples: TypeAlias = NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 200, 3400
_EDGE_HZ = 150
_QUIET = 0.003  # of the loudest sample
_BEFORE_MS, _AFTER_MS = 100, 60  # room for what is soft: the breath of an s, the burst of a p

_CODES = np.frombuffer(CODES, np.uint8)
_SAMPLES: Samples = (np.array(SAMPLES) / 32768).astype(np.float32)


def to_telephone(samples: Samples, rate: int, peak: float = 0.5) -> bytes:
    """Return mu-law at 8 kHz: limited to 200-3400 Hz, at the same loudness whatever came in."""
    narrow = _convert(samples, rate, RATE, LOWEST_HZ)
    loudest = float(np.abs(narrow).max(initial=0.0))
    if loudest == 0.0:
        return bytes([SILENT]) * int(narrow.size)
    whole = np.rint(narrow * (peak * 32767 / loudest)).astype(np.int16)
    coded: bytes = _CODES[whole.view(np.uint16)].tobytes()
    return coded


def from_telephone(audio: bytes, rate: int = RATE) -> Samples:
    """Return mu-law bytes as samples between -1 and 1 at `rate`."""
    samples: Samples = _SAMPLES[np.frombuffer(audio, np.uint8)]
    return samples if rate == RATE else _convert(samples, RATE, rate, 0)


def trimmed(samples: Samples, rate: int) -> Samples:
    """Return the samples without most of the silence around them."""
    loud = np.flatnonzero(np.abs(samples) > _QUIET * np.abs(samples).max(initial=0.0))
    if loud.size == 0:
        return samples
    first = max(0, int(loud[0]) - rate * _BEFORE_MS // 1000)
    return samples[first : int(loud[-1]) + rate * _AFTER_MS // 1000]


def _convert(samples: Samples, rate: int, to: int, lowest_hz: int) -> Samples:
    """Return a whole clip at another rate, by its spectrum: no delay, no alias.

    The clip is padded to whole periods of both rates, else the output's last sample would not
    fall on its grid; the padding also keeps the end from ringing into the beginning.
    """
    step = int(np.gcd(rate, to))
    into, out_of = rate // step, to // step
    blocks = -(-(samples.size + rate // 20) // into)
    spectrum = np.fft.rfft(samples, blocks * into)
    hertz = np.arange(spectrum.size) * (rate / (blocks * into))
    highest = min(HIGHEST_HZ, to // 2 - _EDGE_HZ)
    mask = np.clip((highest + _EDGE_HZ - hertz) / _EDGE_HZ, 0, 1)
    if lowest_hz:
        mask *= np.clip((hertz - lowest_hz + _EDGE_HZ) / _EDGE_HZ, 0, 1)
    kept = np.zeros(blocks * out_of // 2 + 1, np.complex128)
    bins = min(kept.size, spectrum.size)
    kept[:bins] = (spectrum * mask)[:bins]
    wave = np.fft.irfft(kept, blocks * out_of) * (out_of / into)
    converted: Samples = wave[: samples.size * to // rate].astype(np.float32)
    return converted
