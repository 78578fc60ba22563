"""A whole stack in a thread of its own, for tests that send it one thing after the other."""

import asyncio
import io
import json
import sys
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import aiohttp
import boto3

from services.simulator.phone.calls import CallRecord, new_sid
from services.simulator.phone.webhooks import Exchange
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack
from services.simulator.stack.processes import Child
from services.simulator.stack.rows import Front
from shared.actions.ports import Ports
from shared.adapters.secrets import Secrets
from shared.adapters.settings import settings_of
from shared.adapters.wiring import open_ports

AT = datetime.fromisoformat("2025-08-28T19:12:00-04:00")
CALLER, COOLCARE = "+15551230000", "+19375550100"
T = TypeVar("T")
Tables = dict[str, list[dict[str, Any]]]


class World:
    """The stack, and the loop it lives in."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stack: Stack) -> None:
        self._loop, self.stack = loop, stack

    def run(self, work: Coroutine[Any, Any, T], timeout_s: float = 60) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)

    def tables(self) -> Tables:
        return self.run(self.stack.rows())

    def ended_call(self, call_sid: str) -> dict[str, Any]:
        """Return a call's row once the bridge, which writes beside the socket, has settled it."""

        async def look() -> dict[str, Any]:
            while True:
                for row in (await self.stack.rows())["calls"]:
                    if call_sid in row["pk"] and row.get("outcome"):
                        return dict(row)
                await asyncio.sleep(0.05)

        return self.run(look(), timeout_s=20)

    def ports(self) -> Ports:
        """The product's own ports, over the tables of this stack."""
        own = self.stack.environment
        tables = boto3.client(
            "dynamodb",
            endpoint_url=own["AWS_ENDPOINT_URL"],
            region_name=own["AWS_REGION"],
            aws_access_key_id=own["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=own["AWS_SECRET_ACCESS_KEY"],
        )
        secrets = Secrets(own, lambda: datetime.now(UTC))
        return open_ports(settings_of(own), secrets.get, tables=tables, out=io.StringIO())

    def call(self) -> CallRecord:
        """Return a fresh call that nobody has answered yet."""
        return CallRecord(new_sid("CA"), CALLER, COOLCARE, self.stack.network.account.sid)

    def webhook(self, path: str, fields: Mapping[str, str]) -> Exchange:
        """Send one webhook, signed as Twilio signs."""
        url = self.stack.public_url + path
        return self.run(self.stack.network.webhooks.send(url, fields))

    def post(self, path: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Send anything at all."""

        async def send() -> tuple[int, str]:
            async with (
                aiohttp.ClientSession() as http,
                http.post(self.stack.public_url + path, data=data, headers=headers) as answer,
            ):
                return answer.status, await answer.text()

        return self.run(send())

    def get(self, url: str) -> tuple[int, str]:
        """Open an address without following it; return status and where it leads."""

        async def open_() -> tuple[int, str]:
            async with (
                aiohttp.ClientSession() as http,
                http.get(url, allow_redirects=False) as answer,
            ):
                return answer.status, answer.headers.get("Location", "")

        return self.run(open_())

    def tool(self, name: str, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Run one tool as a call would, and return its JSON."""
        lines: list[str] = []

        async def use() -> None:
            argv = [sys.executable, "-m", "services.media_bridge.try_tool", name]
            argv += [json.dumps(arguments), "--business", "coolcare_hvac", "--at", AT.isoformat()]
            child = Child("toolbox", argv, self.stack.environment, lines.append)
            await child.start()
            try:
                await child.wait()
            finally:
                await child.stop()

        self.run(use())
        answers = [
            json.loads(line) for line in lines if line.startswith("{") and "_aws" not in line
        ]
        assert answers, "\n".join(lines)
        answer: dict[str, Any] = answers[-1]
        return answer


@contextmanager
def world(*, answers: bool = True, front: Front | None = None) -> Iterator[World]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = Stack(open_speech("text"), at=AT, speed=20, answers=answers, front=front)
    try:
        asyncio.run_coroutine_threadsafe(stack.__aenter__(), loop).result(120)
        try:
            yield World(loop, stack)
        finally:
            asyncio.run_coroutine_threadsafe(stack.__aexit__(None, None, None), loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
