"""WAV files and tones made by hand."""

import math
from array import array


def wav(
    data: bytes, kind: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16, size: int = -1
) -> bytes:
    block = channels * bits // 8
    form = b"".join(
        number.to_bytes(width, "little")
        for number, width in (
            (kind, 2), (channels, 2), (rate, 4), (rate * block, 4), (block, 2), (bits, 2),
        )
    )  # fmt: skip
    length = len(data) if size < 0 else size
    return (
        b"RIFF\xff\xff\xff\xffWAVE"
        + b"fmt " + len(form).to_bytes(4, "little") + form
        + b"LIST\x03\x00\x00\x00abc\x00"  # an odd chunk is padded
        + b"data" + length.to_bytes(4, "little") + data
    )  # fmt: skip


def tone(hertz: float, rate: int, seconds: float = 0.25) -> "array[int]":
    return array(
        "h",
        (
            round(8000 * math.sin(2 * math.pi * hertz * n / rate))
            for n in range(int(rate * seconds))
        ),
    )
