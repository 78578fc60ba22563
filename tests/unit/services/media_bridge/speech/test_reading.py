"""A sentence read by the model in a session of its own, against the local Realtime server."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from aiohttp import web

from services.media_bridge.call.opening.setup import session_tuning
from services.media_bridge.legs.model import RealtimeEndpoint, RealtimeLeg
from services.media_bridge.speech.reading import (
    BadReading,
    SentenceReader,
    same_words,
)
from services.simulator.realtime import RealtimeServer
from services.simulator.speech import open_speech
from services.simulator.speech.textline import decode

MODEL = "gpt-realtime-2.1"
WORDS = "I am an AI and this call is recorded. If you smell gas, call 911."


def reader(base: str, model: str = MODEL, read_s: float = 5) -> SentenceReader:
    url = f"ws{base.removeprefix('http')}/realtime?model={model}"
    endpoint = RealtimeEndpoint(url, lambda: "sk", lambda: "salt", session_tuning(model))
    return SentenceReader(partial(RealtimeLeg, endpoint), model, "marin", read_s)


def served(
    ask: Callable[[RealtimeServer, SentenceReader], str], *, rogue: bool = False, model: str = MODEL
) -> str:
    async def scenario() -> str:
        server = RealtimeServer(open_speech("text"), rogue=rogue)
        base = await server.start()
        try:
            return await asyncio.to_thread(ask, server, reader(base, model))
        finally:
            await server.stop()

    return asyncio.run(scenario())


@pytest.mark.parametrize("rogue", [False, True])
def test_a_sentence_comes_as_mulaw_as_the_model_read_it(rogue: bool) -> None:
    audio = served(lambda _, read: read(WORDS), rogue=rogue)

    assert same_words(decode(b64decode(audio)), WORDS)


def test_a_sentence_read_in_other_words_is_read_again() -> None:
    def ask(server: RealtimeServer, read: SentenceReader) -> str:
        server.misread("rewords", "truncates")
        return read(WORDS)

    assert same_words(decode(b64decode(served(ask))), WORDS)


def test_a_model_that_never_reads_the_words_gives_no_clip_and_is_not_asked_for_ever() -> None:
    def ask(server: RealtimeServer, read: SentenceReader) -> str:
        server.misread("rewords", "truncates", "adds")
        with pytest.raises(BadReading, match="other words 3 times") as failed:
            read(WORDS)
        assert "recorded" not in str(failed.value)
        return read(WORDS)  # a later try finds nothing in the way

    served(ask)


@pytest.mark.parametrize("code", ["insufficient_quota", "rate_limit_exceeded", "server_error"])
def test_a_reading_that_fails_says_why(code: str) -> None:
    def ask(server: RealtimeServer, read: SentenceReader) -> str:
        server.fail_next_response(code)
        with pytest.raises(BadReading, match=code):
            read(WORDS)
        return ""

    served(ask)


def test_a_model_that_refuses_the_connection_gives_no_clip() -> None:
    def ask(server: RealtimeServer, read: SentenceReader) -> str:
        server.refuse_connect()
        with pytest.raises(BadReading, match="the model was lost"):
            read(WORDS)
        return ""

    served(ask)


def test_a_model_that_does_not_exist_gives_no_clip() -> None:
    with pytest.raises(BadReading, match="the model was lost"):
        served(lambda _, read: read(WORDS), model="gpt-4o-mini-tts")


def test_a_model_that_is_not_there_gives_no_clip() -> None:
    with pytest.raises(BadReading, match="the model was lost: connect"):
        reader("http://127.0.0.1:9/v1")(WORDS)


def read_from(
    answer: Callable[[web.WebSocketResponse], Awaitable[None]], problem: str, read_s: float = 5
) -> None:
    """Have a sentence read by a server of another kind, which must fail with `problem`."""

    async def realtime(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await answer(socket)
        return socket

    async def scenario() -> None:
        app = web.Application()
        app.router.add_get("/v1/realtime", realtime)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        read = reader(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", read_s=read_s)
        with pytest.raises(BadReading, match=problem):
            await asyncio.to_thread(read, WORDS)
        await runner.cleanup()

    asyncio.run(scenario())


def test_a_model_that_says_nothing_is_given_up() -> None:
    async def mute(socket: web.WebSocketResponse) -> None:
        async for _ in socket:
            pass

    read_from(mute, "too long", read_s=0.2)


def test_the_response_itself_says_how_to_read_since_it_replaces_the_session_s_words() -> None:
    asked: list[dict[str, Any]] = []

    async def hangs_up(socket: web.WebSocketResponse) -> None:
        await socket.send_json({"type": "session.created"})
        asked.append(await socket.receive_json())
        await socket.send_json({"type": "session.updated"})
        asked.append(await socket.receive_json())

    read_from(hangs_up, "the model was lost")

    session, response = asked[0]["session"], asked[1]["response"]
    assert session["tools"] == [] and session["audio"]["output"]["format"] == {"type": "audio/pcmu"}
    assert "word for word" in response["instructions"] and response["instructions"].endswith(WORDS)


@pytest.mark.parametrize(
    ("events", "problem"),
    [
        ([{"type": "response.output_audio.delta", "delta": "%%%"}], "protocol"),
        (
            [{"type": "response.done", "response": {"id": "R", "status": "incomplete"}}],
            "ended incomplete",
        ),
        ([{"type": "response.done", "response": {"id": "R", "status": "completed"}}], "no sound"),
        ([{"type": "error", "error": {"code": "bad", "message": "secret"}}], "refused: bad$"),
        (["no json"], "the model was lost: protocol"),
    ],
)
def test_half_a_reading_is_no_clip(events: list[Any], problem: str) -> None:
    async def breaks(socket: web.WebSocketResponse) -> None:
        for event in events:
            await socket.send_json(event) if isinstance(event, dict) else await socket.send_str(
                event
            )
        async for _ in socket:
            pass

    read_from(breaks, problem)


def test_a_sentence_longer_than_a_row_holds_is_refused() -> None:
    with pytest.raises(BadReading, match="more than 35 s"):
        served(lambda _, read: read("This is a very long sentence. " * 60))


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("i am an ai, and this call is recorded - if you smell gas call nine one one", True),
        ("I am an A.I. and this call is recorded. If you smell gas, call 9-1-1!", True),
        ("I'm an AI and this call is recorded. If you smell gas, call 911.", False),
        ("I am an AI and this call is recorded. If you smell gas, call 912.", False),
        ("I am an AI and this call is recorded.", False),
        (f"Sure. {WORDS}", False),
        ("", False),
    ],
)
def test_case_and_punctuation_do_not_count_and_every_word_does(said: str, same: bool) -> None:
    assert same_words(said, WORDS) is same


@pytest.mark.parametrize(
    ("said", "wording", "same"),
    [
        ("at least thirty-five feet", "at least 35 feet", True),
        ("at least thirty five feet", "at least 35 feet", True),
        ("twenty feet", "20 feet", True),
        ("3 feet", "three feet", True),
        ("at least 25 feet", "at least 35 feet", False),
        ("call nine eleven", "call 911", False),
        ("someone", "some1", False),
    ],
)
def test_a_number_may_be_spelled_out_but_not_be_another(
    said: str, wording: str, same: bool
) -> None:
    assert same_words(said, wording) is same


def test_words_in_other_letters_than_english_count() -> None:
    assert not same_words("Señal", "Seal")
    assert same_words("SE\u00d1AL", "señal")


def test_an_apostrophe_is_one_however_it_is_written() -> None:
    assert same_words("We\u2019re closed", "we're closed") and not same_words("were", "we're")
