"""The pages that are open: each is told what happens, and hears the call that goes on."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from typing import Any

from aiohttp import web

REMEMBERED = 2000  # events that a page which is opened later still gets
WAITING = 400  # messages for one page; a page that takes none loses sound first
AGENT, CALLER = b"\x00", b"\x01"


class Page:
    """One page that is open: what is still to be sent to it."""

    def __init__(self) -> None:
        self._waiting: deque[str | bytes] = deque()
        self._more = asyncio.Event()

    def put(self, message: str | bytes) -> None:
        """Send a message soon; sound only where there is room for it."""
        if isinstance(message, bytes) and len(self._waiting) > WAITING:
            return
        self._waiting.append(message)
        self._more.set()

    async def write(self, socket: web.WebSocketResponse) -> None:
        """Send what is put, until cancelled or until the page is gone."""
        while not socket.closed:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                message = self._waiting.popleft()
                try:
                    if isinstance(message, bytes):
                        await socket.send_bytes(message)
                    else:
                        await socket.send_str(message)
                except ConnectionError:
                    return


class Pages:
    """All pages that are open. What happened is remembered until `forget`."""

    def __init__(self) -> None:
        self._open: set[Page] = set()
        self._past: deque[str] = deque(maxlen=REMEMBERED)

    def enter(self, page: Page, *first: Mapping[str, Any]) -> None:
        """Tell a page what has happened so far, and from now on what happens."""
        for each in first:
            page.put(json.dumps(each))
        for message in self._past:
            page.put(message)
        self._open.add(page)

    def leave(self, page: Page) -> None:
        self._open.discard(page)

    def tell(self, event: Mapping[str, Any], *, remember: bool = True) -> None:
        """Tell every page, and with `remember` those that will be opened later."""
        message = json.dumps(event)
        if remember:
            self._past.append(message)
        for page in self._open:
            page.put(message)

    def sound(self, heard: bytes, said: bytes, talking: Page | None) -> None:
        """Let every page hear 20 ms of a call; who talks does not hear themselves."""
        for page in self._open:
            page.put(AGENT + heard)
            if page is not talking:
                page.put(CALLER + said)

    def forget(self) -> None:
        """Another stack begins: what happened on the one before is gone."""
        self._past.clear()
