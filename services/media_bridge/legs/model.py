"""The model's leg: one Realtime socket of OpenAI's. Server events in, commands out.

As on the caller's line, everything is decoded in the socket's own callback and fed from there.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from picows import WSCloseCode, WSError, WSInvalidStatusError, WSTransport, ws_connect

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.losses import Losses
from services.media_bridge.legs.ports import AtMs, Feed
from services.media_bridge.legs.websocket import READ_BUFFER, Socket
from services.media_bridge.wire.frames import WireError
from services.media_bridge.wire.realtime import client_events, server_events
from services.media_bridge.wire.realtime.client_events import APPEND, SessionTuning
from services.media_bridge.wire.realtime.readings import Readings

log = logging.getLogger(__name__)

MODEL_MESSAGE: Final = 16 * 1024 * 1024  # bytes; a response.done may carry the whole conversation
# Bytes that a peer which stopped reading may leave in our memory before its socket is given up.
MODEL_BACKLOG: Final = 1024 * 1024
CONNECT_S: Final = 3.0
# A key, a model's name or an account that is not good now is not good a second later.
FOR_GOOD: Final = frozenset({400, 401, 403, 404})
NO_QUOTA: Final = b"insufficient_quota"


@dataclass(frozen=True, slots=True)
class RealtimeEndpoint:
    """Where the model is and how it is to be spoken to: the same for all calls of a process."""

    url: str  # ws:// or wss://, with the model's name in its query
    key: Callable[[], str]  # the current API key
    salt: Callable[[], str]  # the secret that makes a caller's number a hash
    tuning: SessionTuning
    losses: Losses = field(default_factory=Losses)


class RealtimeLeg(Socket):
    """OpenAI's Realtime API, or whatever speaks it at the endpoint. Implements ModelLeg."""

    def __init__(self, endpoint: RealtimeEndpoint, feed: Feed, at_ms: AtMs) -> None:
        super().__init__(MODEL_MESSAGE, MODEL_BACKLOG)
        self._endpoint = endpoint
        self._feed, self._at_ms = feed, at_ms
        self._readings = Readings()
        self._dialling: asyncio.Task[None] | None = None  # set by `open`, the first time
        self._connected = False
        self._over = False  # closed by us, or lost and told so: nothing is fed or sent any more

    def open(self, caller: str | None) -> None:
        if self._dialling is None and not self._over:
            self._dialling = asyncio.get_running_loop().create_task(self._dial(caller))

    async def _dial(self, caller: str | None) -> None:
        headers = {"Authorization": f"Bearer {self._endpoint.key()}"}
        if caller:
            headers["OpenAI-Safety-Identifier"] = safety_identifier(self._endpoint.salt(), caller)
        try:
            async with asyncio.timeout(CONNECT_S):
                await ws_connect(
                    lambda: self,
                    self._endpoint.url,
                    websocket_handshake_timeout=CONNECT_S,
                    max_frame_size=MODEL_MESSAGE,
                    read_buffer_init_size=READ_BUFFER,
                    extra_headers=headers,
                    max_redirects=0,  # the key goes to the configured address only
                    enable_auto_ping=True,  # after 10 s without a word; gone after 10 more
                )
            if not self._connected:
                # Closed before it answered the handshake: no exception, and no other news.
                self._lost("connect: closed")
        except WSInvalidStatusError as exc:
            status = exc.response.status.value if exc.response is not None else 0
            for_good = status in FOR_GOOD or NO_QUOTA in (exc.raw_body or b"")
            self._lost(f"connect: {status}", for_good=for_good)
        except (OSError, WSError, TimeoutError, ValueError) as exc:
            self._lost(f"connect: {type(exc).__name__}")
        except Exception:
            # Ours or picows' bug: even so the caller must not wait for a model that never comes.
            log.exception("dialling the model broke")
            self._lost("connect: broken")

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        self._connected = True
        if self._over:  # closed while it was being dialled
            self.shut()
        else:
            self._endpoint.losses.opened()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        super().on_ws_disconnected(transport)
        self._lost("closed")

    def hear(self, payload: str) -> None:
        if not self._over:
            self.send(APPEND % payload.encode())

    def perform(self, command: do.Command) -> None:
        if not self._over:
            self._readings.sent(command)
            message = client_events.encode(command, self._endpoint.tuning)
            if message is not None:
                self.send(message)

    def close(self) -> None:
        if self._connected and not self._over:
            self._endpoint.losses.closed()
        self._over = True
        if self._dialling is not None and not self._dialling.done():
            self._dialling.cancel()
        self.shut()

    def _message(self, message: memoryview | bytes, read_at: float) -> None:
        if self._over:
            return
        try:
            told = server_events.decode(message, self._at_ms(read_at))
        except WireError:
            self._wrong()
            return
        event = self._readings.read(told)
        if isinstance(event, ev.ModelLost):
            self._lost(event.reason)
        elif event is not None:
            self._feed(event, read_at)

    def _wrong(self) -> None:
        self.shut(WSCloseCode.UNSUPPORTED_DATA)
        self._lost("protocol")

    def _lost(self, reason: str, *, for_good: bool = False) -> None:
        if self._over:
            return
        self._over = True
        now = perf_counter()
        if self._connected:
            for_good = self._endpoint.losses.lost(now) or for_good
        self._feed(ev.ModelLost(self._at_ms(now), reason, for_good))


def safety_identifier(salt: str, caller: str) -> str:
    """The same for every call of a caller; nobody without the salt can tell whose number it is."""
    return hmac.new(salt.encode(), b"caller:" + caller.encode(), hashlib.sha256).hexdigest()[:40]
