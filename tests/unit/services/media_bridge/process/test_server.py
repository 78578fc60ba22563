"""Who may open a line, how many at once, and how the container stops."""

import asyncio
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
import pytest
from twilio.request_validator import RequestValidator

from services.media_bridge.process.server import is_from_twilio
from shared.actions import cut_calls
from tests.unit.services.media_bridge.world import (
    AUTH_TOKEN,
    MEDIA_URL,
    MOVED_URL,
    FakeModel,
    ModelSession,
    Phone,
    World,
    a_world,
    closed,
    played,
    row,
    soon,
)


def _signed(url: str, token: str = AUTH_TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, {}))


@pytest.mark.parametrize("url", [MEDIA_URL, f"{MEDIA_URL}/"])
def test_an_upgrade_is_twilios_with_or_without_a_slash_at_the_end(url: str) -> None:
    assert is_from_twilio(MEDIA_URL, _signed(url), [AUTH_TOKEN])


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "x",
        "é\udcff",
        _signed("https://media.example.com/media"),
        _signed("wss://media.example.com:443/media"),
        _signed("wss://other.example.com/media"),
        _signed(MEDIA_URL, "another-token"),
    ],
)
def test_any_other_signature_is_nobodys(signature: str) -> None:
    assert not is_from_twilio(MEDIA_URL, signature, [AUTH_TOKEN])


def test_while_a_token_is_rotated_both_are_good() -> None:
    assert is_from_twilio(MEDIA_URL, _signed(MEDIA_URL, "old"), ["new", "old"])


async def _refused(world: World, signature: str | None = None) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await world.phone().open(signature)
    return caught.value.status


async def _health(world: World) -> int:
    async with world.web.get(f"http://127.0.0.1:{world.server.port}/healthz") as answer:
        return answer.status


def test_health_does_not_ask_the_model() -> None:
    async def scenario() -> None:
        async with a_world(model=FakeModel(refuses=True)) as world:
            assert await _health(world) == HTTPStatus.OK

    played(scenario)


@pytest.mark.parametrize("path", ["/", "/media2", "/healthz/x", "/media?token=1", "/media/../x"])
def test_there_is_nothing_else_here(path: str) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            url = f"http://127.0.0.1:{world.server.port}"
            request = asyncio.open_connection("127.0.0.1", world.server.port)
            reader, writer = await request
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {url}\r\n\r\n".encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 404 ")
            writer.close()

    played(scenario)


def test_an_unsigned_upgrade_is_refused_and_counted() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            assert await _refused(world, "") == HTTPStatus.FORBIDDEN
            assert await _refused(world, _signed(MEDIA_URL, "guess")) == HTTPStatus.FORBIDDEN
            assert world.metrics.total("CallsRejectedSignature") == 2
            assert not world.model.sessions

    played(scenario)


def test_while_a_domain_is_moved_both_addresses_are_good() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            await world.phone().open(_signed(MOVED_URL))
            assert world.metrics.total("CallsRejectedSignature") == 0

    played(scenario)


def test_one_call_too_many_is_sent_away_and_room_is_given_back() -> None:
    async def scenario() -> None:
        async with a_world(max_calls=1) as world:
            phone, _ = await world.call()
            assert await _refused(world) == HTTPStatus.SERVICE_UNAVAILABLE
            assert world.metrics.total("CallsRejectedCapacity") == 1

            await phone.hang_up()
            await soon(lambda: world.metrics.total("CallsEnded") == 1)
            await soon(lambda: world.server.active == 0)
            world.phones.remove(world.phones[1])
            second = world.phone()
            second.call_sid = "CA" + "f" * 32
            await second.open()

    played(scenario)


def test_of_twice_as_many_callers_as_there_is_room_for_half_are_served_and_half_sent_away() -> None:
    async def scenario() -> None:
        async with a_world(max_calls=5) as world:
            served = [await world.call() for _ in range(5)]
            for _ in range(5):  # whom Twilio then asks /after-stream about
                assert await _refused(world) == HTTPStatus.SERVICE_UNAVAILABLE
            assert world.metrics.total("CallsRejectedCapacity") == 5
            for phone, session in served:
                await phone.say()
                await session.heard.until("input_audio_buffer.append", 2)

    played(scenario)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /media HTTP/1.1\r\n\r\n",
        b"GET /media\r\n\r\n",
        b"\x00\xff\r\n\r\n",
        b"GET /media HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    ],
)
def test_what_is_no_upgrade_is_refused_without_saying_why(request_bytes: bytes) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            reader, writer = await asyncio.open_connection("127.0.0.1", world.server.port)
            writer.write(request_bytes)
            answer = await asyncio.wait_for(reader.read(), 5)
            assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403"))
            assert b"Traceback" not in answer
            writer.close()

    played(scenario)


def test_a_proxy_may_keep_the_connection_alive_while_it_upgrades() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            reader, writer = await asyncio.open_connection("127.0.0.1", world.server.port)
            writer.write(
                b"GET /media HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n"
                b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                b"x-twilio-signature: " + _signed(MEDIA_URL).encode() + b"\r\n\r\n"
            )
            assert (await reader.readline()).startswith(b"HTTP/1.1 101 ")
            writer.close()
            await soon(lambda: world.server.active == 0)

    played(scenario)


def test_a_stopping_container_hands_its_callers_to_people_and_takes_no_more() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            stopping = asyncio.create_task(world.server.stop(within_s=5, finish_s=0))
            await asyncio.sleep(0)

            assert await _health(world) == HTTPStatus.SERVICE_UNAVAILABLE
            assert await _refused(world) == HTTPStatus.SERVICE_UNAVAILABLE
            asked = await session.heard.until("response.create")
            await session.speak(asked=asked[0])
            assert await stopping
            await asyncio.wait_for(phone.closed.wait(), 5)

            row = world.ports.calls.get(phone.call_sid)
            assert row is not None
            assert row.escalation is not None
            assert row.ended_at is not None

    played(scenario)


def test_a_caller_who_is_talking_when_the_container_stops_may_finish() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            stopping = asyncio.create_task(world.server.stop(within_s=10, finish_s=8))
            assert await _health(world) == HTTPStatus.SERVICE_UNAVAILABLE
            await session.hears("How much is a visit?")
            (asked,) = await session.heard.until("response.create")
            await session.speak(asked=asked)
            await phone.got.until("mark", 2)
            assert not stopping.done()
            await phone.hang_up()

            assert await stopping
            assert row(world, phone).escalation is None

    played(scenario)


def test_of_fifty_callers_none_is_lost_when_the_container_stops() -> None:
    async def finishes(phone: Phone) -> None:
        await phone.say()
        await phone.hang_up()

    async def is_handed_over(phone: Phone, session: ModelSession) -> None:
        (asked,) = await session.heard.until("response.create")
        await session.speak(asked=asked)
        await closed(phone)

    async def scenario() -> None:
        async with a_world(max_calls=50) as world:
            calls = [await world.call(f"+1555123{n:04}") for n in range(50)]
            stopping = asyncio.create_task(world.server.stop(within_s=20, finish_s=1.5))
            await asyncio.gather(*(finishes(phone) for phone, _ in calls[:25]))
            await asyncio.gather(*(is_handed_over(*call) for call in calls[25:]))

            assert await stopping
            rows = [row(world, phone) for phone, _ in calls]
            assert all(each.ended_at is not None for each in rows)
            assert [each.escalation is not None for each in rows] == [False] * 25 + [True] * 25

    played(scenario)


def test_who_is_in_a_hurry_has_the_callers_handed_over_at_once() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            hurried = asyncio.Event()
            stop = world.server.stop(within_s=20, finish_s=15, hurried=hurried)
            stopping = asyncio.create_task(stop)
            await asyncio.sleep(0)
            hurried.set()
            (asked,) = await session.heard.until("response.create")
            await session.speak(asked=asked)

            assert await stopping
            assert row(world, phone).escalation is not None

    played(scenario)


def test_a_line_that_breaks_off_is_a_call_that_ended_badly() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, _ = await world.call()
            await phone.drop()
            await soon(lambda: world.server.active == 0)

            assert row(world, phone).failure == "dropped"
            assert world.metrics.total("CallsEndedAbnormally") == 1

    played(scenario)


def test_a_line_that_breaks_off_is_not_counted_where_the_webhook_was_first() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, _ = await world.call()
            cut_calls.tell_once(
                world.ports, phone.call_sid, lambda: None, real_now=datetime.now(UTC)
            )
            await phone.drop()
            await soon(lambda: world.server.active == 0)

            assert row(world, phone).failure == "dropped"
            assert world.metrics.total("CallsEndedAbnormally") == 0

    played(scenario)
