"""A business's own system on a laptop: takes signed events, and verifies them as
standardwebhooks.com says, with a reading of its own."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from services.simulator.loopback import Served

TOLERANCE_S = 300


class HookReceiver:
    """One endpoint. `taken` has the events whose signature was right, in order, repeats too."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refused = 0  # unsigned, or signed wrongly
        self.answers = 200  # with what it answers
        self.ends_after: int | None = None  # so many events; then it answers nobody any more
        self._clock = clock
        self._key = base64.b64decode(secret.removeprefix("whsec_"))
        self._served = Served()

    async def start(self, port: int = 0) -> str:
        """Listen and return the address to post to."""
        app = web.Application()
        app.router.add_post("/events", self._take)
        return f"{await self._served.start(app, port)}/events"

    async def stop(self) -> None:
        await self._served.stop()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.ends_after is not None and len(self.taken) >= self.ends_after:
            if request.transport is not None:
                request.transport.abort()
            raise web.HTTPServiceUnavailable
        if not self._signed(request, body):
            self.refused += 1
            return web.Response(status=401)
        if self.answers == 200:
            self.taken.append(json.loads(body))
        return web.Response(status=self.answers)

    def _signed(self, request: web.Request, body: bytes) -> bool:
        at = request.headers.get("webhook-timestamp", "")
        if not at.isdecimal() or abs(self._clock() - int(at)) > TOLERANCE_S:
            return False
        said = f"{request.headers.get('webhook-id', '')}.{at}.".encode() + body
        right = base64.b64encode(hmac.new(self._key, said, hashlib.sha256).digest())
        given = request.headers.get("webhook-signature", "").split()
        return any(
            hmac.compare_digest(each.encode(), b"v1," + right)
            for each in given
            if each.startswith("v1,")
        )
