"""The speech endpoint is asked as it wants to be, and refused answers are no sound."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from services.media_bridge.speech.mulaw import BadSound, mu_law_of
from services.media_bridge.speech.tts import SpeechEndpoint
from tests.unit.services.media_bridge.speech.sounds import wav

WORDS = "You are talking to an AI and the call is recorded."


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


def test_the_speech_endpoint_is_asked_as_it_wants_to_be() -> None:
    asked: list[tuple[str, str, object]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers["Authorization"], await request.json()))
        return web.Response(body=wav(b"\x11" * 80, kind=7, bits=8))

    async def scenario() -> None:
        async with _served(answer) as base:
            speech = SpeechEndpoint(base, lambda: "sk", "tts", "marin")
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
                await asyncio.to_thread(SpeechEndpoint(base, lambda: "sk", "tts", "marin"), WORDS)

    asyncio.run(scenario())


def test_a_speech_endpoint_that_hangs_is_given_up() -> None:
    release = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    async def scenario() -> None:
        async with _served(answer) as base:
            speech = SpeechEndpoint(base, lambda: "sk", "tts", "marin", timeout_s=0.1)
            with pytest.raises(BadSound):
                await asyncio.to_thread(speech, WORDS)
            release.set()

    asyncio.run(scenario())


def test_a_speech_endpoint_that_is_not_there_is_no_sound() -> None:
    with pytest.raises(BadSound):
        SpeechEndpoint("http://127.0.0.1:9/v1", lambda: "sk", "tts", "marin")(WORDS)
