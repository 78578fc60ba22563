"""The listener: who may open a line, how many at once, and how the container stops.

GET /healthz   200, whatever the model does; 503 while draining
GET /media     a WebSocket, signed by Twilio over the configured MEDIA_URL
"""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from picows import (
    WSListener,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from services.media_bridge.call.context import Runtime
from services.media_bridge.call.runner import CallRunner
from services.media_bridge.legs.caller import LINE_MESSAGE, CallerLeg
from services.media_bridge.legs.websocket import READ_BUFFER
from services.media_bridge.process.gauges import GAUGE_S, Gauges
from shared.actions.admission import Admission
from shared.domain.twilio_signature import is_signed

log = logging.getLogger(__name__)

DRAIN_S: Final = 100.0  # Fargate kills at 120 s; the rest is for the last writes and the exit
FINISH_S: Final = 80.0  # of these: who is talking finishes, which for a booking is enough
TURNS_S: Final = 5.0  # and so long for turns whose table did not answer
HANDSHAKE_S: Final = 5.0
IDLE_PING_S: Final = 10.0  # a caller's line is never silent: Twilio sends a frame every 20 ms


def is_from_twilio(url: str, signature: str, tokens: Iterable[str]) -> bool:
    """Whether Twilio signed an upgrade to `url`, with or without the trailing slash it may add."""
    return is_signed(signature, tokens, (url, f"{url}/"))


class Server:
    """All calls of this process."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        media_url: str,
        other_media_url: str | None = None,
        auth_tokens: Callable[[], tuple[str, ...]],
        max_calls: int,
        gauge_s: float = GAUGE_S,
    ) -> None:
        """`media_url` is the public address of /media, which Twilio signs; `other_media_url` is one
        more. `auth_tokens` gives the tokens it may have signed with, two while one is rotated."""
        self._runtime, self._media_url, self._auth_tokens = runtime, media_url, auth_tokens
        self._signed = [url for url in (media_url, other_media_url) if url]
        self._max_calls = max_calls  # at once; one more is refused, and goes to a human
        self._metrics = runtime.dependencies.ports.metrics
        self._calls: set[CallRunner] = set()  # until their last write is done
        self._draining = False  # `stop` was called: no call is taken any more
        self._empty = asyncio.Event()  # set while there is no call
        self._empty.set()
        self._listener: asyncio.Server | None = None  # None until `start`
        self.port = 0  # where it listens; 0 before `start`
        self._gauges = Gauges(self._metrics, runtime.traffic, lambda: self._calls, gauge_s)

    @property
    def admission(self) -> Admission:
        """Whom the model takes; somebody has to look again and again how the stage fares."""
        return self._runtime.dependencies.admission

    @property
    def active(self) -> int:
        """Calls whose sockets and writes are not done yet."""
        return len(self._calls)

    async def start(self, host: str, port: int) -> None:
        """Listen; `port` 0 takes a free one, see `self.port`."""
        self._listener = await ws_create_server(
            self._answer,
            host,
            port,
            websocket_handshake_timeout=HANDSHAKE_S,
            max_frame_size=LINE_MESSAGE,
            read_buffer_init_size=READ_BUFFER,
            enable_auto_ping=True,
            auto_ping_idle_timeout=IDLE_PING_S,
            auto_ping_reply_timeout=IDLE_PING_S,
        )
        self.port = self._listener.sockets[0].getsockname()[1]
        self._gauges.start()
        # What there is by now stays to the end. To look all of it through for rubbish, as Python
        # does now and then, would hold up the sound of every call.
        gc.collect()
        gc.freeze()
        log.info("listening", extra={"port": self.port})

    async def stop(
        self,
        within_s: float = DRAIN_S,
        finish_s: float = FINISH_S,
        hurried: asyncio.Event | None = None,
    ) -> bool:
        """Take no more calls, let those there finish, hand the rest to people, write everything.

        Who is still on the line after `finish_s` seconds, or once `hurried` is set, is handed over.
        False when calls were open after `within_s` seconds.
        """
        self._draining = True
        finish_s = min(finish_s, within_s)
        if not await self._finished(finish_s, hurried or asyncio.Event()):
            log.info("calls are handed over", extra={"calls": len(self._calls)})
            for call in list(self._calls):
                call.drain()
            if not await self._empties(within_s - finish_s):
                log.error("calls were still open at the end", extra={"calls": len(self._calls)})
        # Every call's own rows are written by now; the turns of an outage may be waiting still.
        await asyncio.wait([asyncio.wrap_future(self._runtime.turns.close())], timeout=TURNS_S)
        self._gauges.stop()
        if self._listener is not None:
            self._listener.close()
        return not self._calls

    async def _finished(self, within_s: float, hurried: asyncio.Event) -> bool:
        waits = [asyncio.ensure_future(each.wait()) for each in (self._empty, hurried)]
        await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        return self._empty.is_set()

    async def _empties(self, within_s: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._empty.wait()
        return self._empty.is_set()

    # -- one request -----------------------------------------------------------------------

    def _answer(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        """Decide on one request. picows would send an exception's text to whoever asked, so none
        leaves here."""
        try:
            return self._route(request)
        except Exception:
            log.exception("a request broke")
            return _refuse(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _route(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        path = request.path.decode("latin-1")
        if path == "/healthz":
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE) if self._draining else _healthy()
        if path.rstrip("/") != urlsplit(self._media_url).path.rstrip("/"):
            return _refuse(HTTPStatus.NOT_FOUND)
        signature = request.headers.get("X-Twilio-Signature", "")
        tokens = self._auth_tokens()
        if not any(is_from_twilio(url, signature, tokens) for url in self._signed):
            self._metrics.count("CallsRejectedSignature")
            log.warning("an unsigned upgrade was refused")
            return _refuse(HTTPStatus.FORBIDDEN)
        if self._draining or len(self._calls) >= self._max_calls:
            self._metrics.count("CallsRejectedCapacity")
            log.warning("a call was refused for want of room")
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        # picows wants the bare word; proxies may send "keep-alive, Upgrade".
        if "upgrade" in request.headers.get("Connection", "").lower():
            request.headers["Connection"] = "upgrade"
        return CallerLeg(self._connected)

    def _connected(self, line: CallerLeg) -> None:
        self._calls.add(CallRunner(self._runtime, line, self._ended))
        self._empty.clear()

    def _ended(self, call: CallRunner) -> None:
        self._calls.discard(call)
        if not self._calls:
            self._empty.set()


def _refuse(status: HTTPStatus) -> WSUpgradeResponseWithListener:
    response = WSUpgradeResponse.create_error_response(status, status.phrase.encode())
    return WSUpgradeResponseWithListener(response, None)


def _healthy() -> WSUpgradeResponseWithListener:
    return WSUpgradeResponseWithListener(WSUpgradeResponse.create_ok_response(b"ok"), None)
