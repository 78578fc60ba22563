"""A Media Streams client that nobody here wrote, against the signed bridge.

streamdouble signs nothing, so a proxy between the two puts Twilio's signature into the request for
the upgrade; every byte behind that is its own.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from streamdouble.protocol import StreamIdentity
from streamdouble.session import Session, SessionConfig, SessionResult
from twilio.request_validator import RequestValidator

from tests.unit.services.media_bridge.world import (
    AUTH_TOKEN,
    MEDIA_URL,
    FakeModel,
    ModelSession,
    World,
    a_world,
    played,
    row,
)

FRAME = b"\xff" * 160
TALK_S = 4.0
WITHIN_MS = 20


@asynccontextmanager
async def signing(port: int) -> AsyncIterator[int]:
    """A port that leads to `port`, and signs what asks for an upgrade there."""
    signature = RequestValidator(AUTH_TOKEN).compute_signature(MEDIA_URL, {})
    header = f"X-Twilio-Signature: {signature}\r\n".encode()

    async def carry(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes = b""
    ) -> None:
        writer.write(first)
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readuntil(b"\r\n")
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, far_writer, line + header), carry(far_reader, writer))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def caller(world: World, port: int, **config: object) -> Session:
    """A caller whose token is good; silence is all they say."""
    phone = world.phone()
    identity = StreamIdentity(call_sid=phone.call_sid, stream_sid=phone.stream_sid)
    chosen = SessionConfig(
        custom_parameters={"token": world.token(phone)},
        quiet_period_s=0.5,
        max_drain_s=5.0,
        **config,
    )
    frames = [FRAME] * round(TALK_S * 50)
    return Session(f"ws://127.0.0.1:{port}/media", frames, config=chosen, identity=identity)


async def heard(world: World) -> ModelSession:
    """The model's side, once the caller's sound reaches it."""
    session = await world.model.session()
    await session.heard.until("input_audio_buffer.append", 5)
    return session


def sound(result: SessionResult) -> int:
    return len(result.audio_received) // 8


@pytest.mark.parametrize("echoes", [True, False])
def test_a_call_of_a_strangers_phone_is_answered_without_a_violation(echoes: bool) -> None:
    async def scenario() -> None:
        async with a_world() as world, signing(world.server.port) as port:
            call = asyncio.create_task(caller(world, port, echo_marks=echoes).run())
            session = await heard(world)
            await session.hears("Hello?")
            (asked,) = await session.heard.until("response.create")
            await session.speak(ms=600, asked=asked)
            result = await call

            assert result.violation_count == 0, result.violations
            assert result.unknown_events == [] and not result.timed_out
            assert sound(result) == 200 + 600  # the disclosure's clip, and the answer
            assert bool(result.marks_echoed) is echoes
            # A phone that echoes no mark has played nothing that is known of; the stranger's ends
            # its sound at four seconds, and a line that sends none is dead.
            assert row(world, world.phones[0]).failure in (
                [None] if echoes else [None, "line_dead"]
            )

    played(scenario)


def test_who_talks_over_the_agent_is_heard_and_the_model_told_to_the_frame() -> None:
    async def scenario() -> None:
        async with a_world() as world, signing(world.server.port) as port:
            phone = caller(world, port)
            call = asyncio.create_task(phone.run())
            session = await heard(world)
            await session.hears("Hello?")
            (asked,) = await session.heard.until("response.create")
            await session.speak("resp_9", "item_9", ms=3_000, asked=asked)
            begun = phone.clock()
            await asyncio.sleep(1.0)
            await session.send("input_audio_buffer.speech_started", item_id="item_u9")
            played_ms = (phone.clock() - begun) * 1000
            (cut,) = await session.heard.until("conversation.item.truncate")
            result = await call

            assert result.clears_received == 1
            assert cut["item_id"] == "item_9"
            # Its frames come every 20 ms, and ours of the socket's two ways take some, too.
            assert abs(cut["audio_end_ms"] - played_ms) <= WITHIN_MS + 20
            assert result.violation_count == 0, result.violations

    played(scenario)


def test_a_stranger_without_our_token_gets_no_model() -> None:
    async def scenario() -> None:
        async with a_world(model=FakeModel()) as world, signing(world.server.port) as port:
            stranger = Session(
                f"ws://127.0.0.1:{port}/media",
                [FRAME] * 50,
                config=SessionConfig(response_timeout_s=0.5, quiet_period_s=0.2),
            )
            result = await stranger.run()

            assert result.media_frames_received == 0
            assert world.model.sessions == []

    played(scenario)
