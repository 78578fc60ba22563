"""The line closes once what /after-stream reads is written, or does not come to be."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.fakes import FakeCalls, fake_ports
from tests.unit.services.media_bridge.world import (
    a_world,
    closed,
    played,
)


def test_the_intent_is_written_before_the_line_is_closed() -> None:
    """/after-stream reads it as soon as the socket is closed."""

    class SlowCalls(FakeCalls):
        def escalate(self, *args: Any, **kwargs: Any) -> bool:
            threading.Event().wait(0.3)
            return super().escalate(*args, **kwargs)

    async def scenario() -> None:
        calls = SlowCalls()
        ports = replace(fake_ports(), calls=calls)
        async with a_world(ports=ports) as world:
            phone, session = await world.call()
            world.model.refuses = True
            await session.socket.close(code=1011)
            await closed(phone)

            assert calls.rows[phone.call_sid].escalation is not None

    played(scenario)


def test_a_dead_table_does_not_keep_the_caller_on_a_dead_line() -> None:
    class StuckCalls(FakeCalls):
        release = threading.Event()

        def escalate(self, *args: Any, **kwargs: Any) -> bool:
            return self.release.wait(10)

    async def scenario() -> None:
        calls = StuckCalls()
        ports = replace(fake_ports(), calls=calls)
        async with a_world(ports=ports) as world:
            phone, session = await world.call()
            loop = asyncio.get_running_loop()
            died = loop.time()
            world.model.refuses = True
            await session.socket.close(code=1011)
            await closed(phone)
            assert timedelta(seconds=loop.time() - died) < timedelta(seconds=4)
            calls.release.set()

    played(scenario)
