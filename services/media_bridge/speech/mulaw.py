"""Sound as a telephone plays it: out of a WAV file, at 8 kHz, as G.711 mu-law.

Written out here because Python's own `audioop` is gone since 3.13. A sentence is done once and
kept, so it may take its time.
"""

import math
from array import array
from itertools import chain
from operator import mul
from sys import byteorder
from typing import Final, NamedTuple

RATE: Final = 8000  # Hz, the telephone's
PCM, MU_LAW, EXTENSIBLE = (
    1,
    7,
    0xFFFE,
)  # WAV format tags; of the last the real one stands further on
LONGEST_S = 35  # what a row of the table holds
UNKNOWN_SIZE = 0x7FFF0000  # a streamed WAV file says 0, or some number from here on
TAPS_PER_STEP = 8  # of the low-pass, to each side, for each sample of the output


class BadSound(Exception):
    """What was to be a clip cannot be played, or was never had; the message quotes no words."""


class _Format(NamedTuple):
    """What a WAV file's `fmt ` chunk says of its samples."""

    kind: int  # PCM, MU_LAW or some other format tag
    channels: int
    rate: int  # Hz
    bits: int  # a sample of one channel


def mu_law_of(wav: bytes) -> bytes:
    """A WAV file as raw mu-law, 8 kHz, mono.

    Raises:
        BadSound: it is no WAV file, cut, empty or endless, or of a format that no telephone
            voice comes in.
    """
    form, data = _parse(wav)
    if not data:
        raise BadSound("no sound in the WAV file")
    if len(data) > LONGEST_S * form.rate * form.channels * max(form.bits // 8, 1):
        raise BadSound(f"more than {LONGEST_S} s of sound")
    if form.kind == MU_LAW and form.rate == RATE and form.channels == 1:
        return data
    return bytes(map(encode, resampled(_samples(form, data), form.rate)))


def _samples(form: _Format, data: bytes) -> "array[int]":
    """The 16-bit samples of PCM sound, two channels mixed into one."""
    kind, channels, rate, bits = form
    if kind != PCM or bits != 16 or not 1 <= channels <= 2 or not RATE <= rate <= 96_000:
        raise BadSound(f"WAV format {kind}, {bits} bit, {channels} channels, {rate} Hz")
    samples = array("h")
    samples.frombytes(data[: len(data) - len(data) % (2 * channels)])  # no half sample at the end
    if not samples:
        raise BadSound("no sound in the WAV file")
    if byteorder == "big":
        samples.byteswap()  # WAV files are little-endian
    if channels == 1:
        return samples
    pairs = zip(samples[::2], samples[1::2], strict=True)
    return array("h", ((left + right) // 2 for left, right in pairs))


def _parse(wav: bytes) -> tuple[_Format, bytes]:
    """The format and the sound. A WAV file is a row of chunks: name, size, body, name, ..."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise BadSound("not a WAV file")
    form: _Format | None = None
    at = 12
    while at + 8 <= len(wav):
        name, size = wav[at : at + 4], int.from_bytes(wav[at + 4 : at + 8], "little")
        body = wav[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = _format(body)
        if name == b"data":
            if form is None:
                raise BadSound("sound before its format")
            # A streamed file does not know its length when the header is written: its sound
            # goes to the end.
            if size == 0 or size >= UNKNOWN_SIZE:
                return form, wav[at + 8 :]
            if len(body) < size:
                raise BadSound("the WAV file is cut")
            return form, body
        at += 8 + size + size % 2  # chunks are padded to even lengths
    raise BadSound("no sound in the WAV file")


def _format(body: bytes) -> _Format:
    if len(body) < 16:
        raise BadSound("the WAV header is cut")

    def number(at: int, size: int) -> int:
        return int.from_bytes(body[at : at + size], "little")

    kind = number(0, 2)
    if kind == EXTENSIBLE and len(body) >= 26:
        kind = number(24, 2)
    return _Format(kind, channels=number(2, 2), rate=number(4, 4), bits=number(14, 2))


def resampled(samples: "array[int]", rate: int) -> "array[int]":
    """`samples`, taken at `rate` Hz, at 8 kHz.

    What lies above 4 kHz would fold down into the voice, so it is taken out first. Both steps are
    one here: each sample of the output is a weighted sum of the input around its place in time.

        input      | | | | | | | | | | | | |     one sample each 1/rate s
        output     |       |       |             one each 1/8000 s, `step` samples of the input on
        kernel     .oOo.                         reaches `reach` input samples to each side

    Only the fraction by which an output's place misses an input sample changes the weights, and
    there are few different fractions: their kernels are kept.
    """
    if rate == RATE:
        return samples
    step = rate / RATE
    reach = math.ceil(TAPS_PER_STEP * step)
    padded = array("h", chain([0] * reach, samples, [0] * (reach + 1)))
    out = array("h")
    kernels: dict[int, list[float]] = {}
    for n in range(math.floor((len(samples) - 1) / step) + 1 if samples else 0):
        whole, part = divmod(n * rate, RATE)
        taps = kernels.get(part) or kernels.setdefault(part, _kernel(part / RATE, step, reach))
        window = padded[whole : whole + len(taps)]
        value = round(sum(map(mul, taps, window)))
        out.append(max(-32768, min(32767, value)))
    return out


def _kernel(part: float, step: float, reach: int) -> list[float]:
    """A Hamming-windowed sinc around `part` of a sample past the middle; cut at 3.6 kHz."""
    cut = 0.9 / step
    taps = []
    for k in range(-reach, reach + 1):
        x = k - part
        sinc = math.sin(math.pi * cut * x) / (math.pi * x) if x else cut
        taps.append(sinc * (0.54 + 0.46 * math.cos(math.pi * x / (reach + 1))))
    whole = math.fsum(taps)
    return [tap / whole for tap in taps]


def encode(sample: int) -> int:
    """One 16-bit sample as a mu-law byte, by G.711.

    The byte is sign (1 bit), segment (3) and step within the segment (4), all bits inverted. Each
    segment is twice as wide as the one below it, so quiet sounds are kept finer than loud ones.
    """
    magnitude = min(abs(sample) >> 2, 8158) + 33  # of 14 bits; the bias makes segments powers of 2
    segment = magnitude.bit_length() - 6
    step = (magnitude >> (segment + 1)) & 0x0F
    return ((0x80 if sample < 0 else 0) | segment << 4 | step) ^ 0xFF
