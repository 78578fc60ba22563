"""What listens answers from start to stop, and may be stopped without ever having been started."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from services.simulator.loopback import Served


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


def test_an_application_is_served_from_start_to_stop() -> None:
    async def serves() -> str:
        served, app = Served(), web.Application()
        app.router.add_get("/", hello)
        url = await served.start(app)
        async with aiohttp.ClientSession() as http:
            async with http.get(url) as answer:
                said = await answer.text()
            await served.stop()
            with pytest.raises(aiohttp.ClientConnectionError):
                await http.get(url)
        return said

    assert asyncio.run(serves()) == "hello"


def test_what_was_never_started_stops() -> None:
    asyncio.run(Served().stop())
