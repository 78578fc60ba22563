"""Fixed sentences become telephone sound, bit for bit as G.711 says."""

import asyncio
import json
import logging
import math
import socket
import struct
import warnings
from array import array
from base64 import b64decode
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from services.media_bridge.__main__ import _again
from services.media_bridge.clips import BadSound, ClipShelf, Speech, encode, mu_law_of, resampled
from shared.domain.errors import PortError
from tests.fakes import FakeClips

WORDS = "You are talking to an AI and the call is recorded."


def _wav(
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


def _tone(hertz: float, rate: int, seconds: float = 0.25) -> "array[int]":
    return array(
        "h",
        (
            round(8000 * math.sin(2 * math.pi * hertz * n / rate))
            for n in range(int(rate * seconds))
        ),
    )


def _decision_values() -> list[int]:
    """G.711 table 2a, of 14-bit samples: 0, 1, then 15 steps of 2, 16 of 4, 16 of 8 … 16 of 256."""
    values = [0, 1]
    for segment in range(8):
        steps = 15 if segment == 0 else 16
        values += [values[-1] + (2 << segment) * n for n in range(1, steps + 1)]
    return values


def test_every_sample_is_encoded_as_g711_defines() -> None:
    bounds = _decision_values()
    assert (len(bounds), bounds[-1]) == (129, 8159)
    for sample in range(-32768, 32768):
        interval = min(bisect_right(bounds, abs(sample) / 4) - 1, 127)
        assert encode(sample) == (0x7F if sample < 0 else 0xFF) - interval


def test_every_14_bit_sample_is_encoded_as_the_standard_library_did() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        audioop = pytest.importorskip("audioop", reason="gone since Python 3.13")
    samples = array("h", range(-32768, 32768, 4))

    assert bytes(map(encode, samples)) == audioop.lin2ulaw(samples.tobytes(), 2)


def test_the_corners_of_g711() -> None:
    assert [encode(s) for s in (0, -1, 32767, -32768)] == [0xFF, 0x7F, 0x80, 0x00]


def test_telephone_sound_is_taken_as_it_is() -> None:
    data = bytes(range(256)) * 3

    assert mu_law_of(_wav(data, kind=7, bits=8)) == data


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_streamed_file_that_does_not_know_its_length_is_read_to_its_end(size: int) -> None:
    data = bytes(range(200))

    assert mu_law_of(_wav(data, kind=7, bits=8, size=size)) == data


def test_an_odd_last_byte_is_no_sample() -> None:
    assert len(mu_law_of(_wav(b"\x01\x02\x03"))) == 1


def test_two_channels_become_one() -> None:
    stereo = array(
        "h", (n for pair in zip(range(0, 800, 8), range(0, 800, 8), strict=True) for n in pair)
    )

    assert mu_law_of(_wav(stereo.tobytes(), channels=2)) == bytes(map(encode, range(0, 800, 8)))


@pytest.mark.parametrize("rate", [11025, 16000, 22050, 24000, 44100, 48000])
def test_a_tone_survives_any_usual_rate(rate: int) -> None:
    out = resampled(_tone(440, rate), rate)
    wanted = _tone(440, 8000)

    assert abs(len(out) - len(wanted)) <= 1
    middle = range(200, len(wanted) - 200)
    assert max(abs(out[n] - wanted[n]) for n in middle) < 200  # of 8000


@pytest.mark.parametrize("hertz", [5000, 7000, 11_000])
def test_what_a_telephone_cannot_carry_is_gone_and_not_folded_down(hertz: int) -> None:
    out = resampled(_tone(hertz, 24_000), 24_000)

    assert max(abs(s) for s in out[200:-200]) < 80  # of 8000: 40 dB down


@pytest.mark.parametrize(
    "wav",
    [
        b"",
        b"{}",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"RIFF\x00\x00\x00\x00WAVEfmt \x04\x00\x00\x00abcd",
        b"RIFF\x00\x00\x00\x00WAVEdata\x00\x00\x00\x00",
        _wav(b"1234", kind=3, bits=32),
        _wav(b"1234", bits=8),
        _wav(b"1234", channels=6),
        _wav(b"1234", rate=0),
        _wav(b"1234", rate=400_000_000),
    ],
)
def test_what_cannot_be_played_is_refused(wav: bytes) -> None:
    with pytest.raises(BadSound):
        mu_law_of(wav)


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_being_refused(data: bytes) -> None:
    for wav in (data, b"RIFF0000WAVE" + data, _wav(data)):
        with suppress(BadSound):
            mu_law_of(wav)


def test_a_sentence_is_rendered_once_and_kept_for_the_next_process() -> None:
    kept, asked = FakeClips(), list[str]()

    def speak(words: str) -> bytes:
        asked.append(words)
        return _wav(b"\x11" * 80, kind=7, bits=8)

    first = ClipShelf(kept, speak, "marin")
    assert first.get(WORDS) is None
    assert first.fill([WORDS, WORDS]) and first.fill([WORDS])
    second = ClipShelf(kept, speak, "marin")
    assert second.fill([WORDS])

    clip = second.get(WORDS)
    assert asked == [WORDS]
    assert clip is not None
    assert (clip.text, b64decode(clip.audio)) == (WORDS, b"\x11" * 80)


def test_another_voice_is_another_clip() -> None:
    kept, asked = FakeClips(), list[str]()

    def speak(words: str) -> bytes:
        asked.append(words)
        return _wav(b"\x11" * 80, kind=7, bits=8)

    for voice in ("marin", "cedar"):
        ClipShelf(kept, speak, voice).fill([WORDS])

    assert asked == [WORDS, WORDS]


@pytest.mark.parametrize("error", [BadSound("down"), PortError("down")])
def test_a_sentence_that_cannot_be_rendered_leaves_the_others_ready(error: Exception) -> None:
    def speak(words: str) -> bytes:
        if words == WORDS:
            raise error
        return _wav(b"\x11" * 80, kind=7, bits=8)

    shelf = ClipShelf(FakeClips(), speak, "marin")

    assert not shelf.fill([WORDS, "Are you safe?"])
    assert shelf.get(WORDS) is None
    assert shelf.get("Are you safe?") is not None


def test_the_speech_endpoint_is_asked_as_it_wants_to_be() -> None:
    asked: list[tuple[str, str, object]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers["Authorization"], await request.json()))
        return web.Response(body=_wav(b"\x11" * 80, kind=7, bits=8))

    async def scenario() -> None:
        async with _served(answer) as base:
            speech = Speech(base, lambda: "sk", "tts", "marin")
            assert mu_law_of(await asyncio.to_thread(speech, WORDS)) == b"\x11" * 80

    asyncio.run(scenario())

    body = {"model": "tts", "voice": "marin", "input": WORDS, "response_format": "wav"}
    assert asked == [("/v1/audio/speech", "Bearer sk", body)]


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_refusal_of_the_speech_endpoint_is_no_sound(status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    async def scenario() -> None:
        async with _served(answer) as base:
            with pytest.raises(BadSound):
                await asyncio.to_thread(Speech(base, lambda: "sk", "tts", "marin"), WORDS)

    asyncio.run(scenario())


def test_a_speech_endpoint_that_hangs_is_given_up() -> None:
    release = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    async def scenario() -> None:
        async with _served(answer) as base:
            speech = Speech(base, lambda: "sk", "tts", "marin", timeout_s=0.1)
            with pytest.raises(BadSound):
                await asyncio.to_thread(speech, WORDS)
            release.set()

    asyncio.run(scenario())


def test_a_speech_endpoint_that_is_not_there_is_no_sound() -> None:
    with pytest.raises(BadSound):
        Speech("http://127.0.0.1:9/v1", lambda: "sk", "tts", "marin")(WORDS)


# -- whatever the endpoint answers -----------------------------------------------------------

GOOD = _wav(b"\x11" * 80, kind=7, bits=8)
STREAMED = _wav(b"\x11" * 80, kind=7, bits=8, size=0xFFFFFFFF)
OTHER_RATE = _wav(_tone(440, 24_000).tobytes(), rate=24_000)


def _http(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    said = len(body) if length is None else length
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {said}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ERROR = b'{"error":{"message":"You said: secret words","code":"insufficient_quota"}}'
PLAYABLE = {
    "as it should be": _http(GOOD),
    "of unknown length": _http(STREAMED),
    "of another rate": _http(OTHER_RATE),
    "in chunks": CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(GOOD), GOOD),
    "until the end": b"HTTP/1.0 200 OK\r\n\r\n" + GOOD,
}
UNPLAYABLE = {
    "empty": _http(b""),
    "a page": _http(b"<html>Bad gateway</html>"),
    "JSON with 200": _http(ERROR),
    "another kind of sound": _http(b"ID3\x04" + bytes(400)),
    "a header and no sound": _http(_wav(b"")),
    "half a sample": _http(_wav(b"\x01")),
    "a file that was cut": _http(GOOD[:-20]),
    "a header that was cut": _http(GOOD[:30]),
    "an answer that was cut": _http(STREAMED, length=len(STREAMED) + 9),
    "a chunk that was cut": CHUNKED + b"ffff\r\n" + STREAMED,
    "no chunks at all": CHUNKED + b"zz\r\n\r\n",
    "a minute and a half": _http(_wav(bytes(8000 * 90), kind=7, bits=8)),
    "bits nobody speaks": _http(_wav(b"1234", kind=3, bits=32)),
    "a rate of nothing": _http(_wav(b"1234", rate=0)),
    "400": _http(ERROR, "400 Bad Request"),
    "401": _http(ERROR, "401 Unauthorized"),
    "404": _http(b"", "404 Not Found"),
    "429": _http(ERROR, "429 Too Many Requests", "Retry-After: 1"),
    "500": _http(b"", "500 Internal Server Error"),
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not HTTP": b"220 mail.example.com ESMTP\r\n",
    "a status of no number": b"HTTP/1.1 OK\r\n\r\n",
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
    "a line without end": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
    "a closed door": b"",
}
REDIRECTED, RESET, HANGS, DRIPS, HUGE = "moved", "reset", "hangs", "drips", "huge"


async def _misbehave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as the sentence to be spoken says."""
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"POST "):
        writer.write(_http(GOOD))  # a redirect that was followed
        writer.close()
        return
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    words = str(json.loads(await reader.readexactly(length))["input"])
    with suppress(ConnectionError):
        match words:
            case "moved":
                host = head.split(b"Host: ")[1].split(b"\r\n")[0].decode()
                writer.write(_http(b"", "302 Found", f"Location: http://{host}/elsewhere"))
            case "reset":
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return
            case "hangs":
                await reader.read()
            case "drips":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                gone = asyncio.ensure_future(reader.read())
                while not (await asyncio.wait([gone], timeout=0.02))[0]:
                    writer.write(b"R")
                    await writer.drain()
            case "huge":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + STREAMED)
                for _ in range(20):
                    writer.write(bytes(1_000_000))
                    await writer.drain()
            case _:
                writer.write({**PLAYABLE, **UNPLAYABLE}[words])
        await writer.drain()
        writer.close()


def test_no_answer_of_the_endpoint_stops_the_others_or_leaves_half_a_clip(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = [*UNPLAYABLE, REDIRECTED, RESET, HANGS, DRIPS, HUGE]
    # A good one after each bad one: nothing is left in the way.
    good = list(PLAYABLE)
    sentences = [*bad[:10], *good[:2], *bad[10:], *good[2:]]
    kept = FakeClips()

    async def scenario() -> None:
        server = await asyncio.start_server(_misbehave, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        speech = Speech(f"http://127.0.0.1:{port}/v1", lambda: "sk", "tts", "marin", timeout_s=1)
        shelf = ClipShelf(kept, speech, "marin")
        with caplog.at_level(logging.INFO):
            for _ in range(2):
                assert await asyncio.to_thread(shelf.fill, sentences) is False
        ready = [words for words in sentences if shelf.get(words) is not None]
        assert sorted(ready) == sorted(good)
        server.close()

    asyncio.run(scenario())

    assert {words for words, _ in kept.rows} == set(good)
    wrong = [r for r in caplog.records if r.message == "a clip could not be made"]
    assert len(wrong) == 2 * len(bad)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
    told = [str(vars(record)["error"]) for record in wrong]
    assert all(told) and "speech endpoint: status 429" in told
    assert not [line for line in told if "secret" in line or "html" in line.lower()]


def test_a_bug_costs_one_clip_and_is_told_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def speak(words: str) -> bytes:
        return {WORDS: GOOD}[words]

    shelf = ClipShelf(FakeClips(), speak, "marin")
    assert shelf.fill(["Are you safe?", WORDS]) is False
    assert shelf.get(WORDS) is not None
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert vars(record)["error"] == "KeyError" and "safe" not in str(vars(record))


def test_clips_are_tried_again_after_longer_and_longer_pauses() -> None:
    tries, pauses = iter([False] * 8 + [True]), list[float]()

    async def work() -> bool:
        return next(tries)

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    asyncio.run(_again(work, 60, 3600, sleep))
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]


@asynccontextmanager
async def _served(
    answer: Callable[[web.Request], Awaitable[web.Response]],
) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/v1/audio/speech", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    await runner.cleanup()
