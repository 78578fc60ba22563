"""The listener: who may open a line, how many at once, and how the container stops.

GET /healthz   200, whatever the model does; 503 while draining
GET /media     a WebSocket, signed by Twilio over the configured MEDIA_URL
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from hmac import compare_digest
from http import HTTPStatus
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

from picows import (
    WSListener,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)
from twilio.request_validator import RequestValidator

from services.media_bridge.call.context import Runtime
from services.media_bridge.call.runner import CallRunner
from services.media_bridge.legs.caller import LINE_MESSAGE, CallerLeg

log = logging.getLogger(__name__)

GAUGE_S: Final = 15.0
BEAT_S: Final = 0.02  # one audio frame
IDLE_BEAT_S: Final = 0.25
DRAIN_S: Final = 100.0  # Fargate kills at 120 s; the rest is for the last writes and the exit
HANDSHAKE_S: Final = 5.0
# Said with every beat, so that a ratio has its other half while there is no call.
AT_REST: Final = ("StreamStarted", "CallsEnded", "CallsEndedAbnormally", "ModelSessionFailed")
IDLE_PING_S: Final = 10.0  # a caller's line is never silent: Twilio sends a frame every 20 ms


def is_from_twilio(url: str, signature: str, secrets: Iterable[str]) -> bool:
    """Whether Twilio signed an upgrade to `url`, with or without the trailing slash it may add."""
    given = signature.encode("utf-8", "surrogateescape")
    matches = [
        compare_digest(RequestValidator(secret).compute_signature(address, {}).encode(), given)
        for secret in secrets
        for address in (url, f"{url}/")
    ]
    return any(matches)


class Server:
    """All calls of this process."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        media_url: str,
        auth_tokens: Callable[[], tuple[str, ...]],
        max_calls: int,
        gauge_s: float = GAUGE_S,
    ) -> None:
        self._runtime, self._media_url, self._auth_tokens = runtime, media_url, auth_tokens
        self._path = urlsplit(media_url).path.rstrip("/") or "/"
        self._max_calls, self._gauge_s = max_calls, gauge_s
        self._metrics = runtime.dependencies.ports.metrics
        self._calls: set[CallRunner] = set()
        self._draining = False
        self._told, self._late = 0, 0.0  # frames told of, frames late since
        self._empty = asyncio.Event()
        self._empty.set()
        self._listener: asyncio.Server | None = None
        self._gauge: asyncio.Task[None] | None = None
        self.port = 0

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
            enable_auto_ping=True,
            auto_ping_idle_timeout=IDLE_PING_S,
            auto_ping_reply_timeout=IDLE_PING_S,
        )
        self.port = self._listener.sockets[0].getsockname()[1]
        self._gauge = asyncio.create_task(self._watch())
        log.info("listening", extra={"port": self.port})

    async def stop(self, within_s: float = DRAIN_S) -> bool:
        """Take no more calls, hand the callers to people, write everything; False when it was
        not all done in time."""
        self._draining = True
        for call in list(self._calls):
            call.drain()
        try:
            async with asyncio.timeout(within_s):
                await self._empty.wait()
        except TimeoutError:
            log.error("calls were still open at the end", extra={"calls": len(self._calls)})
        if self._gauge is not None:
            self._gauge.cancel()
            self._tell()
        if self._listener is not None:
            self._listener.close()
        return not self._calls

    # -- one request -----------------------------------------------------------------------

    def _answer(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        """Decide on one request. An exception's text must not reach a stranger."""
        try:
            return self._route(request)
        except Exception:
            log.exception("a request broke")
            return _refuse(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _route(self, request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        path = request.path.decode("latin-1")
        if path == "/healthz":
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE) if self._draining else _healthy()
        if path.rstrip("/") != self._path.rstrip("/"):
            return _refuse(HTTPStatus.NOT_FOUND)
        signature = request.headers.get("X-Twilio-Signature", "")
        if not is_from_twilio(self._media_url, signature, self._auth_tokens()):
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

    # -- gauges ----------------------------------------------------------------------------

    async def _watch(self) -> None:
        """ActiveCalls, FramesSent and FramesLate every `gauge_s`, zeros too.

        A frame is late when the loop was busy so long that a 20 ms frame waited more than another
        20 ms. A beat of 20 ms sees the stalls: one of L ms made every call's frames of the first
        L - 20 ms late.
        """
        next_gauge = perf_counter() + self._gauge_s
        while True:
            asleep = BEAT_S if self._calls else IDLE_BEAT_S
            due = perf_counter() + asleep
            await asyncio.sleep(asleep)
            now = perf_counter()
            if now - due > BEAT_S:
                real = sum(not call.synthetic for call in self._calls)
                self._late += real * (now - due - BEAT_S) / BEAT_S
            if now >= next_gauge:
                next_gauge = now + self._gauge_s
                self._tell()

    def _tell(self) -> None:
        sent, late = self._runtime.traffic.frames, round(self._late)
        self._metrics.count("ActiveCalls", sum(not call.synthetic for call in self._calls))
        self._metrics.count("FramesSent", sent - self._told)
        self._metrics.count("FramesLate", late)
        for metric in AT_REST:
            self._metrics.count(metric, 0)
        self._told, self._late = sent, 0.0


def _refuse(status: HTTPStatus) -> WSUpgradeResponseWithListener:
    response = WSUpgradeResponse.create_error_response(status, status.phrase.encode())
    return WSUpgradeResponseWithListener(response, None)


def _healthy() -> WSUpgradeResponseWithListener:
    return WSUpgradeResponseWithListener(WSUpgradeResponse.create_ok_response(b"ok"), None)
