"""The page's server: on loopback, for one browser, behind an address that nobody can guess.

A page of another site can reach a port of loopback; so Host and Origin are compared, and without
the token of the address nothing is answered. Keys never leave this process.
"""

import asyncio
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from services.simulator.loopback import Served
from services.simulator.talk.desk import Desk, NotDone
from services.simulator.talk.pages import Page, Pages

STATIC = Path(__file__).parent / "static"
LARGEST = 16_384
_KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Door:
    """Serves the page. `desk` is set while a stack is up; `state` tells what a page shows of it."""

    def __init__(
        self,
        pages: Pages,
        state: Callable[[], Mapping[str, Any]],
        again: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self.desk: Desk | None = None
        self._pages, self._state, self._again = pages, state, again
        self._token = secrets.token_urlsafe(24)
        self._hosts: frozenset[str] = frozenset()  # known once it listens
        self._served = Served()
        self._sockets: set[web.WebSocketResponse] = set()

    async def start(self, port: int = 0) -> str:
        """Listen and return the address of the page. Raises OSError: the port is taken."""
        app = web.Application()
        app.router.add_get("/{token}/", self._file)
        app.router.add_get("/{token}/socket", self._talk)
        app.router.add_get("/{token}/{name}", self._file)
        url = await self._served.start(app, port)
        at = url.rpartition(":")[2]
        self._hosts = frozenset((f"127.0.0.1:{at}", f"localhost:{at}"))
        return f"{url}/{self._token}/"

    async def stop(self) -> None:
        for socket in list(self._sockets):
            await socket.close()
        await self._served.stop()

    def _check(self, request: web.Request) -> None:
        """Let in who has the token, and comes by our own name."""
        given = request.match_info["token"].encode()
        if request.host not in self._hosts or not hmac.compare_digest(given, self._token.encode()):
            raise web.HTTPNotFound(text="Open the address that `make talk` has printed.")

    async def _file(self, request: web.Request) -> web.Response:
        self._check(request)
        path = STATIC / request.match_info.get("name", "index.html")
        if path.parent != STATIC or path.suffix not in _KINDS or not path.is_file():
            raise web.HTTPNotFound(text="There is no such file.")
        return web.Response(
            body=path.read_bytes(), content_type=_KINDS[path.suffix], charset="utf-8",
            headers=_HEADERS,
        )  # fmt: skip

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        if request.headers.get("Origin", "").removeprefix("http://") not in self._hosts:
            raise web.HTTPForbidden(text="This is for the page itself alone.")
        socket = web.WebSocketResponse(max_msg_size=LARGEST, heartbeat=20)
        await socket.prepare(request)
        self._sockets.add(socket)
        page = Page()
        self._pages.enter(page, self._state())
        writer = asyncio.create_task(page.write(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.BINARY and self.desk is not None:
                    self.desk.hear(message.data, page)
                elif message.type is WSMsgType.TEXT:
                    await self._do(message.data, page)
        finally:
            self._sockets.discard(socket)
            self._pages.leave(page)
            if self.desk is not None:
                self.desk.gone(page)
            writer.cancel()
            await asyncio.wait([writer])
        return socket

    async def _do(self, text: str, page: Page) -> None:
        try:
            asked = json.loads(text)
            if not isinstance(asked, dict):
                raise NotDone("that is no request")
            if asked.get("do") == "again":
                self._again(asked)
            elif self.desk is None:
                raise NotDone("the stack is still starting")
            else:
                await self.desk.do(asked, page)
        except (NotDone, json.JSONDecodeError) as exc:
            page.put(json.dumps({"kind": "refused", "text": str(exc)}))
