"""What stands before the tables: late, throttled or gone, each table alone or all of them."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import aiohttp
from aiohttp import web

from services.simulator.loopback import Served
from services.simulator.stack.environment import PREFIX

_ERRORS: Final[Mapping[str, tuple[int, str]]] = {
    "throttled": (400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"),
    "down": (500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
}
_NOT_OURS: Final = frozenset({"host", "content-length", "transfer-encoding", "accept-encoding"})


class TablesFront:
    """Hands requests on to the tables, as the faults allow.

    `slow` says by a table's name how many seconds an answer of it takes, and `failing` how it
    fails, "throttled" or "down"; what befalls one of several that a request names, befalls it.
    """

    def __init__(self) -> None:
        self.slow: dict[str, float] = {}
        self.failing: dict[str, str] = {}
        self._behind = ""
        self._served = Served()
        self._http: aiohttp.ClientSession | None = None

    async def start(self, url: str) -> str:
        """Listen before what is at `url`, and return the address."""
        self._behind, self._http = url, aiohttp.ClientSession(auto_decompress=False)
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{rest:.*}", self._hand_on)
        return await self._served.start(app)

    async def stop(self) -> None:
        await self._served.stop()
        if self._http is not None:
            await self._http.close()

    async def _hand_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        if "DynamoDB" in request.headers.get("X-Amz-Target", ""):
            named = {table.removeprefix(PREFIX) for table in _tables(json.loads(body))}
            await asyncio.sleep(max([self.slow.get(table, 0.0) for table in named], default=0.0))
            for table in named:
                if kind := self.failing.get(table):
                    return _refused(*_ERRORS[kind])
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _NOT_OURS}
        assert self._http is not None
        try:
            async with self._http.request(
                request.method, self._behind + request.raw_path, data=body, headers=headers
            ) as answer:
                kept = {k: v for k, v in answer.headers.items() if k.lower() not in _NOT_OURS}
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)
        except aiohttp.ClientError:
            return web.Response(status=502)  # they were killed


def _tables(asked: Any) -> Iterator[str]:
    """Every table a request names: in a transaction and a batch, too."""
    if isinstance(asked, dict):
        if isinstance(asked.get("TableName"), str):
            yield asked["TableName"]
        yield from asked.get("RequestItems", ())
        for item in asked.get("TransactItems", ()):
            for part in item.values():
                yield from _tables(part)


def _refused(status: int, kind: str) -> web.Response:
    answer = {"__type": kind, "message": "a stand-in's failure"}
    return web.json_response(answer, status=status, content_type="application/x-amz-json-1.0")
