"""A stream's token opens its call once, and only when the row can be written."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.models import Call
from tests.examples import a_call
from tests.fakes import FakeCalls, fake_ports
from tests.unit.services.media_bridge.world import (
    World,
    a_world,
    closed,
    played,
    row,
    soon,
)

OF_CALLS = ("StreamStarted", "CallsEnded", "CallSeconds", "CallsEndedAbnormally")


def counted_as_calls(world: World) -> dict[str, int]:
    """How often each metric of a call was written."""
    names = [name for name, _, _ in world.metrics.counted]
    return {name: names.count(name) for name in (*OF_CALLS, "ModelSessionFailed") if name in names}


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "guessed"},
        {"call_sid": "CA" + "9" * 32},
        {"expires": 1},
        {"business_id": "nobody"},
    ],
    ids=["forged", "another call's", "expired", "no business"],
)
def test_a_token_that_is_not_good_opens_nothing(changes: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone, **changes))
            await closed(phone)

            assert world.ports.calls.get(phone.call_sid) is None
            assert not phone.got
            assert counted_as_calls(world) == {}
            assert world.metrics.total("CallsRejectedToken") == 1
            for session in world.model.sessions:
                await asyncio.wait_for(session.closed.wait(), 5)
                assert not session.heard

    played(scenario)


def test_a_token_that_was_used_opens_nothing_and_leaves_the_first_call_alone() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            token = world.token(phone)
            thief = world.phone()
            thief.call_sid = phone.call_sid
            await thief.open()
            await thief.start(token)
            await closed(thief)

            assert not thief.got
            assert len(world.model.sessions) == 1  # nobody was dialled for them
            assert row(world, phone).ended_at is None
            await session.speak()
            await phone.got.until("media", 2)

    played(scenario)


def test_a_refused_stream_is_no_call_in_the_metrics() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, _ = await world.call()
            thief = world.phone()
            thief.call_sid = phone.call_sid
            await thief.open()
            await thief.start(world.token(phone))
            await closed(thief)
            await soon(lambda: world.server.active == 1)

            assert counted_as_calls(world) == {"StreamStarted": 1}
            assert world.metrics.total("CallsRejectedToken") == 1
            assert row(world, phone).refused_stream == thief.stream_sid
            assert row(world, phone).stream_sid == phone.stream_sid
            await phone.hang_up()
            await soon(lambda: world.server.active == 0)
            assert counted_as_calls(world) == {
                "StreamStarted": 1,
                "CallsEnded": 1,
                "CallSeconds": 1,
            }

    played(scenario)


@pytest.mark.parametrize("used", [True, False])
def test_a_caller_who_left_before_the_token_was_settled_is_a_call_if_it_was_good(
    used: bool,
) -> None:
    class SlowCalls(FakeCalls):
        release = threading.Event()

        def open(self, call: Call) -> bool:
            self.release.wait(10)
            return super().open(call)

    async def scenario() -> None:
        calls = SlowCalls()
        async with a_world(ports=replace(fake_ports(), calls=calls)) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await soon(lambda: world.server.active == 1)
            await phone.hang_up()
            assert counted_as_calls(world) == {}
            if used:
                calls.rows[phone.call_sid] = a_call(call_sid=phone.call_sid)
            calls.release.set()
            await soon(lambda: world.server.active == 0)

            once = {"StreamStarted": 1, "CallsEnded": 1, "CallSeconds": 1}
            assert counted_as_calls(world) == ({} if used else once)

    played(scenario)


def test_a_row_we_wrote_without_hearing_so_brings_a_human_and_is_no_strangers() -> None:
    """The network lost the answer to our own write; asked again, the row is there already."""

    class DeafCalls(FakeCalls):
        def open(self, call: Call) -> bool:
            super().open(call)
            return super().open(call)

    async def scenario() -> None:
        async with a_world(ports=replace(fake_ports(), calls=DeafCalls())) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)

            assert row(world, phone).refused_stream is None
            await soon(lambda: world.metrics.total("CallsEndedAbnormally") == 1)

    played(scenario)


def test_a_table_that_is_down_sends_the_caller_to_a_human() -> None:
    async def scenario() -> None:
        ports = fake_ports()
        assert isinstance(ports.calls, FakeCalls)
        ports.calls.down = True
        async with a_world(ports=ports) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)  # Twilio now asks /after-stream, which finds no row

            assert not phone.got
            await soon(lambda: world.metrics.total("CallsEndedAbnormally") == 1)

    played(scenario)


def test_a_table_that_is_too_slow_sends_the_caller_to_a_human_and_the_row_is_settled_later() -> (
    None
):
    class SlowCalls(FakeCalls):
        release = threading.Event()

        def open(self, call: Call) -> bool:
            self.release.wait(10)
            return super().open(call)

    async def scenario() -> None:
        calls = SlowCalls()
        async with a_world(ports=replace(fake_ports(), calls=calls)) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)
            assert not phone.got

            calls.release.set()
            await soon(lambda: world.server.active == 0)
            assert row(world, phone).failure == "redemption_late"
            for session in world.model.sessions:
                await asyncio.wait_for(session.closed.wait(), 5)
                assert not session.heard

    played(scenario)
