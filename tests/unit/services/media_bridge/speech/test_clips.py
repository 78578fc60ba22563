"""Fixed sentences are rendered once and kept, whatever the speech endpoint answers."""

import asyncio
import json
import logging
import socket
import struct
from base64 import b64decode
from contextlib import suppress

import pytest

from services.media_bridge.speech.clips import ClipCache
from services.media_bridge.speech.mulaw import BadSound
from services.media_bridge.speech.tts import SpeechEndpoint
from shared.domain.errors import PortError
from tests.fakes import FakeClips
from tests.unit.services.media_bridge.speech.sounds import tone, wav

WORDS = "You are talking to an AI and the call is recorded."


def test_a_sentence_is_rendered_once_and_kept_for_the_next_process() -> None:
    kept, asked = FakeClips(), list[str]()

    def speak(words: str) -> bytes:
        asked.append(words)
        return wav(b"\x11" * 80, kind=7, bits=8)

    first = ClipCache(kept, speak, "marin")
    assert first.get(WORDS) is None
    assert first.fill([WORDS, WORDS]) and first.fill([WORDS])
    second = ClipCache(kept, speak, "marin")
    assert second.fill([WORDS])

    clip = second.get(WORDS)
    assert asked == [WORDS]
    assert clip is not None
    assert (clip.text, b64decode(clip.audio)) == (WORDS, b"\x11" * 80)


def test_another_voice_is_another_clip() -> None:
    kept, asked = FakeClips(), list[str]()

    def speak(words: str) -> bytes:
        asked.append(words)
        return wav(b"\x11" * 80, kind=7, bits=8)

    for voice in ("marin", "cedar"):
        ClipCache(kept, speak, voice).fill([WORDS])

    assert asked == [WORDS, WORDS]


@pytest.mark.parametrize("error", [BadSound("down"), PortError("down")])
def test_a_sentence_that_cannot_be_rendered_leaves_the_others_ready(error: Exception) -> None:
    def speak(words: str) -> bytes:
        if words == WORDS:
            raise error
        return wav(b"\x11" * 80, kind=7, bits=8)

    clips = ClipCache(FakeClips(), speak, "marin")

    assert not clips.fill([WORDS, "Are you safe?"])
    assert clips.get(WORDS) is None
    assert clips.get("Are you safe?") is not None


# -- whatever the endpoint answers -----------------------------------------------------------

GOOD = wav(b"\x11" * 80, kind=7, bits=8)
STREAMED = wav(b"\x11" * 80, kind=7, bits=8, size=0xFFFFFFFF)
OTHER_RATE = wav(tone(440, 24_000).tobytes(), rate=24_000)


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
    "a header and no sound": _http(wav(b"")),
    "half a sample": _http(wav(b"\x01")),
    "a file that was cut": _http(GOOD[:-20]),
    "a header that was cut": _http(GOOD[:30]),
    "an answer that was cut": _http(STREAMED, length=len(STREAMED) + 9),
    "a chunk that was cut": CHUNKED + b"ffff\r\n" + STREAMED,
    "no chunks at all": CHUNKED + b"zz\r\n\r\n",
    "a minute and a half": _http(wav(bytes(8000 * 90), kind=7, bits=8)),
    "bits nobody speaks": _http(wav(b"1234", kind=3, bits=32)),
    "a rate of nothing": _http(wav(b"1234", rate=0)),
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
        speech = SpeechEndpoint(
            f"http://127.0.0.1:{port}/v1", lambda: "sk", "tts", "marin", timeout_s=1
        )
        clips = ClipCache(kept, speech, "marin")
        with caplog.at_level(logging.INFO):
            for _ in range(2):
                assert await asyncio.to_thread(clips.fill, sentences) is False
        ready = [words for words in sentences if clips.get(words) is not None]
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

    clips = ClipCache(FakeClips(), speak, "marin")
    assert clips.fill(["Are you safe?", WORDS]) is False
    assert clips.get(WORDS) is not None
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert vars(record)["error"] == "KeyError" and "safe" not in str(vars(record))
