"""Sound is sent at a multiple of real time."""

import asyncio
from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_audio_is_sent_no_faster_than_its_pace(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        loop_time = asyncio.get_running_loop().time
        began = loop_time()
        await client.respond("A sentence of some length, so that there is something to measure.")
        sent_ms = len(client.sound()) / 8
        passed_ms = (loop_time() - began) * 1000
        assert sent_ms - 600 <= passed_ms * 20.0

    talk(scenario, pace=20.0)
