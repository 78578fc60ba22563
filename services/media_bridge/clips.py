"""Fixed sentences as sound: rendered once by the speech endpoint, kept as base64 mu-law."""

import json
import logging
import math
import socket
from array import array
from base64 import b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import chain
from operator import mul
from sys import byteorder
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from services.media_bridge.core.events import Clip
from shared.actions.ports import Clips
from shared.domain.errors import PortError

log = logging.getLogger(__name__)

RATE: Final = 8000
PCM, MU_LAW, EXTENSIBLE = 1, 7, 0xFFFE
MOST_BYTES = 8_000_000  # a minute of 48 kHz stereo; no fixed sentence is near it
LONGEST_S = 35  # what a row of the table holds
UNKNOWN_SIZE = 0x7FFF0000  # a streamed WAV file says 0, or some number from here on
TAPS_PER_STEP = 8

Speak = Callable[[str], bytes]


class BadSound(Exception):
    """The speech endpoint sent nothing that can be played."""


@dataclass(frozen=True, slots=True)
class Speech:
    """POST {base}/audio/speech: words in, a WAV file out. Blocking, for `timeout_s` at most.

    No redirect is followed: the key is for the configured host alone.
    """

    base: str
    key: Callable[[], str]
    model: str
    voice: str
    timeout_s: float = 30

    def __call__(self, words: str) -> bytes:
        """The body of the answer, whole.

        Raises:
            BadSound: the endpoint cannot be reached, refuses, or answers half or far too much.
        """
        url = urlsplit(f"{self.base}/audio/speech")  # settings allow http and https only
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        connection = kind(url.netloc, timeout=self.timeout_s)
        try:
            connection.connect()
            # The connection's own timeout is for each read; an answer in drops would never end.
            limit = Timer(self.timeout_s, _cut_off, [connection.sock])
            limit.daemon = True
            limit.start()
            try:
                return self._asked(connection, url.path, words)
            finally:
                limit.cancel()
        except (OSError, HTTPException, ValueError) as exc:
            raise BadSound(f"speech endpoint: {type(exc).__name__}") from exc
        finally:
            connection.close()

    def _asked(self, connection: HTTPConnection, path: str, words: str) -> bytes:
        body = {
            "model": self.model,
            "voice": self.voice,
            "input": words,
            "response_format": "wav",
        }
        headers = {"Authorization": f"Bearer {self.key()}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body).encode(), headers)
        with connection.getresponse() as answer:
            if answer.status != HTTPStatus.OK:
                raise BadSound(f"speech endpoint: status {answer.status}")
            sound = answer.read(MOST_BYTES + 1)
            if len(sound) > MOST_BYTES:
                raise BadSound("speech endpoint: the answer is too large")
            if answer.length:
                raise BadSound("speech endpoint: the answer was cut")
            return sound


def _cut_off(sock: socket.socket) -> None:
    """Make whoever reads from the socket in another thread give up."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class ClipShelf:
    """The clips of this process. Reading is instant; `fill` blocks and belongs in a thread."""

    def __init__(self, kept: Clips, speak: Speak, voice: str) -> None:
        self._kept, self._speak, self._voice = kept, speak, voice
        self._ready: dict[str, Clip] = {}

    def get(self, words: str) -> Clip | None:
        """The sentence where it is ready; None sends a call on its way without."""
        return self._ready.get(words)

    def fill(self, sentences: Iterable[str]) -> bool:
        """Make every sentence ready; False when one could not be, so that it is tried again.

        Never raises: whatever one sentence meets, the others are made.
        """
        wanted = [words for words in sentences if words not in self._ready]
        for number, words in enumerate(wanted, 1):
            try:
                self._ready[words] = Clip(words, self._made(words))
            except (BadSound, PortError) as exc:
                log.warning("a clip could not be made", extra={"clip": number, "error": str(exc)})
            except Exception as exc:  # noqa: BLE001 - a bug of ours costs this clip and no other
                error = type(exc).__name__
                log.error("a clip broke the chore", extra={"clip": number, "error": error})
        complete = all(words in self._ready for words in wanted)
        if complete:
            log.info("clips are ready")
        return complete

    def _made(self, words: str) -> str:
        kept = self._kept.get(words, self._voice)
        if kept is not None:
            return kept
        audio = b64encode(mu_law_of(self._speak(words))).decode()
        self._kept.keep(words, self._voice, audio)
        return audio


# -- sound ---------------------------------------------------------------------------------


def mu_law_of(wav: bytes) -> bytes:
    """A WAV file as raw mu-law, 8 kHz, mono.

    Raises:
        BadSound: it is no WAV file, cut, empty or endless, or of a format that no telephone
            voice comes in.
    """
    kind, channels, rate, bits, data = _parse(wav)
    if not data:
        raise BadSound("no sound in the WAV file")
    if len(data) > LONGEST_S * rate * channels * max(bits // 8, 1):
        raise BadSound(f"more than {LONGEST_S} s of sound")
    if kind == MU_LAW and rate == RATE and channels == 1:
        return data
    if kind != PCM or bits != 16 or not 1 <= channels <= 2 or not RATE <= rate <= 96_000:
        raise BadSound(f"WAV format {kind}, {bits} bit, {channels} channels, {rate} Hz")
    samples = array("h")
    samples.frombytes(data[: len(data) - len(data) % (2 * channels)])
    if not samples:
        raise BadSound("no sound in the WAV file")
    if byteorder == "big":
        samples.byteswap()
    if channels == 2:
        samples = array("h", ((a + b) // 2 for a, b in _pairs(samples)))
    return bytes(map(encode, resampled(samples, rate)))


def _pairs(samples: "array[int]") -> Iterable[tuple[int, int]]:
    return zip(samples[::2], samples[1::2], strict=True)


def _parse(wav: bytes) -> tuple[int, int, int, int, bytes]:
    """Format, channels, rate, bits and data. Of a streamed file the data goes to the end."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise BadSound("not a WAV file")
    form: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(wav):
        name, size = wav[at : at + 4], int.from_bytes(wav[at + 4 : at + 8], "little")
        body = wav[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = _format(body)
        if name == b"data":
            if form is None:
                raise BadSound("sound before its format")
            # A streamed WAV does not know its length when the header is written.
            if size == 0 or size >= UNKNOWN_SIZE:
                return *form, wav[at + 8 :]
            if len(body) < size:
                raise BadSound("the WAV file is cut")
            return *form, body
        at += 8 + size + size % 2  # chunks are padded to even lengths
    raise BadSound("no sound in the WAV file")


def _format(body: bytes) -> tuple[int, int, int, int]:
    if len(body) < 16:
        raise BadSound("the WAV header is cut")

    def number(at: int, size: int) -> int:
        return int.from_bytes(body[at : at + size], "little")

    kind = number(0, 2)
    if kind == EXTENSIBLE and len(body) >= 26:
        kind = number(24, 2)
    return kind, number(2, 2), number(4, 4), number(14, 2)


def resampled(samples: "array[int]", rate: int) -> "array[int]":
    """`samples` at 8 kHz: low-passed below 4 kHz, then read at every rate/8000th sample."""
    if rate == RATE:
        return samples
    step = rate / RATE
    reach = math.ceil(TAPS_PER_STEP * step)
    padded = array("h", chain([0] * reach, samples, [0] * (reach + 1)))
    out = array("h")
    kernels: dict[float, list[float]] = {}
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
    """One 16-bit sample as a mu-law byte, by G.711: sign, segment, step; all bits inverted."""
    magnitude = min(abs(sample) >> 2, 8158) + 33  # of 14 bits; the bias makes segments powers of 2
    segment = magnitude.bit_length() - 6
    step = (magnitude >> (segment + 1)) & 0x0F
    return ((0x80 if sample < 0 else 0) | segment << 4 | step) ^ 0xFF
