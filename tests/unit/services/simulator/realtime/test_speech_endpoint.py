"""POST /v1/audio/speech: a sentence as a file, and what is refused."""

import asyncio
import struct
import wave
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from services.simulator.realtime import RealtimeServer
from services.simulator.speech import Speech, open_speech
from services.simulator.speech.sound import encode
from services.simulator.speech.textline import TextEars, TextTranscriber, decode

KEY = {"Authorization": "Bearer sk-test"}

SPEECH = {"model": "gpt-4o-mini-tts", "voice": "marin", "input": "Hello.", "response_format": "wav"}


def ask(do: Callable[[aiohttp.ClientSession, str], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        server = RealtimeServer(options.pop("speech", None) or open_speech("text"), **options)
        base = await server.start()
        try:
            async with aiohttp.ClientSession() as http:
                await do(http, base)
        finally:
            await server.stop()

    asyncio.run(run())


def test_a_sentence_in_text_mode_is_a_mulaw_file_with_its_words() -> None:
    async def do(http: aiohttp.ClientSession, base: str) -> None:
        async with http.post(f"{base}/audio/speech", json=SPEECH, headers=KEY) as reply:
            assert reply.status == 200
            body = await reply.read()
        assert struct.unpack("<HHI", body[20:28]) == (7, 1, 8000)
        assert struct.unpack("<I", body[4:8])[0] == len(body) - 8
        assert decode(body[body.index(b"data") + 8 :]) == "Hello."

    ask(do)


class Humming:
    """A voice that needs no packages: it hums one sample value."""

    def speak(self, text: str) -> Iterator[bytes]:
        yield bytes([encode_one(1000)]) * 800


def encode_one(sample: int) -> int:
    from array import array

    return encode(array("h", [sample]))[0]


def humming() -> Speech:
    return Speech("voice", TextTranscriber(), Humming(), TextEars)


def test_a_sentence_with_a_voice_is_pcm_at_24_khz() -> None:
    async def do(http: aiohttp.ClientSession, base: str) -> None:
        async with http.post(f"{base}/audio/speech", json=SPEECH, headers=KEY) as reply:
            body = await reply.read()
        with wave.open(BytesIO(body)) as file:
            assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (24000, 2, 1)
            assert file.getnframes() == 2400
            samples = struct.unpack("<2400h", file.readframes(2400))
        assert abs(samples[1200] - 1000) < 40
        pcm = {**SPEECH, "response_format": "pcm"}
        async with http.post(f"{base}/audio/speech", json=pcm, headers=KEY) as reply:
            assert len(await reply.read()) == 4800

    ask(do, speech=humming())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"input": ""}, "input"),
        ({"response_format": "mp3"}, "response_format"),
        ({"format": "wav"}, "format"),
        ({"input": "x" * 5000}, "4096"),
        ({"response_format": "pcm"}, "wav"),
    ],
)
def test_a_wrong_request_for_speech_is_told_what_is_wrong(
    change: dict[str, str], word: str
) -> None:
    async def do(http: aiohttp.ClientSession, base: str) -> None:
        body = {**SPEECH, **change}
        async with http.post(f"{base}/audio/speech", json=body, headers=KEY) as reply:
            assert reply.status == 400
            assert word in (await reply.json())["error"]["message"]
        async with http.post(f"{base}/audio/speech", json=SPEECH) as reply:
            assert reply.status == 401

    ask(do)
