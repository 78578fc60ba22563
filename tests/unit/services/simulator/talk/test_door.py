"""Who is let in to the page, and who is not."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from services.simulator.talk.door import Door
from services.simulator.talk.pages import Pages

Visit = Callable[[aiohttp.ClientSession, str], Awaitable[None]]


def visited(visit: Visit) -> list[object]:
    """Have somebody visit a door; return what was asked to begin again with."""
    again: list[object] = []

    async def run() -> None:
        door = Door(Pages(), lambda: {"kind": "state", "ready": False}, again.append)
        address = await door.start()
        try:
            async with aiohttp.ClientSession() as http:
                await visit(http, address)
        finally:
            await door.stop()

    asyncio.run(run())
    return again


def origin(address: str) -> str:
    return f"http://{urlsplit(address).netloc}"


def test_the_page_and_its_files_come_with_headers_that_let_in_nothing_else() -> None:
    async def visit(http: aiohttp.ClientSession, address: str) -> None:
        for name, kind in (("", "text/html"), ("talk.js", "text/javascript"), ("talk.css", "css")):
            async with http.get(address + name) as answer:
                assert answer.status == 200
                assert kind in answer.headers["Content-Type"]
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["Referrer-Policy"] == "no-referrer"

    visited(visit)


@pytest.mark.parametrize("name", ["door.py", "nothing.js", "%2e%2e%2fdoor.py", "..%2fdoor.py"])
def test_no_other_file_is_given(name: str) -> None:
    async def visit(http: aiohttp.ClientSession, address: str) -> None:
        async with http.get(URL(address + name, encoded=True)) as answer:
            assert answer.status == 404

    visited(visit)


def test_another_host_or_token_finds_nothing() -> None:
    async def visit(http: aiohttp.ClientSession, address: str) -> None:
        async with http.get(address, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 404
        for other in ("/guess/", "/", "/guess/socket"):
            async with http.get(origin(address) + other) as answer:
                assert answer.status == 404

    visited(visit)


@pytest.mark.parametrize("given", [None, "http://evil.example", "null", "https://127.0.0.1"])
def test_a_page_of_another_site_gets_no_socket(given: str | None) -> None:
    async def visit(http: aiohttp.ClientSession, address: str) -> None:
        headers = {} if given is None else {"Origin": given}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(address + "socket", headers=headers)
        assert refused.value.status == 403

    visited(visit)


def test_the_page_itself_is_told_the_state_and_trouble_in_words() -> None:
    async def visit(http: aiohttp.ClientSession, address: str) -> None:
        async with http.ws_connect(address + "socket", origin=origin(address)) as socket:
            assert await socket.receive_json() == {"kind": "state", "ready": False}
            await socket.send_bytes(b"sound for nobody")
            for sent, why in (("{", "Expecting"), ("[]", "no request")):
                await socket.send_str(sent)
                assert why in (await socket.receive_json())["text"]
            await socket.send_str(json.dumps({"do": "call"}))
            assert "still starting" in (await socket.receive_json())["text"]
            await socket.send_str(json.dumps({"do": "again", "business": "mine.toml"}))
            await socket.send_str("{")
            await socket.receive_json()

    assert visited(visit) == [{"do": "again", "business": "mine.toml"}]


def test_a_port_that_is_taken_is_an_error_of_the_system() -> None:
    async def visit(_: aiohttp.ClientSession, address: str) -> None:
        with pytest.raises(OSError, match="in use"):
            await Door(Pages(), dict, lambda _: None).start(urlsplit(address).port or 0)

    visited(visit)
