"""The two sockets of a call: the caller's line (Twilio) and the model. Frames in, events out.

Both decode in the socket's own callback and feed the bridge from there: a queue or a task for each
frame alone costs half the calls of a core. A socket that drops is an event made by its leg.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable
from time import perf_counter
from typing import Final, Protocol

from picows import WSCloseCode, WSError, WSTransport, ws_connect

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.websocket import Socket
from services.media_bridge.wire import twilio
from services.media_bridge.wire.frames import WireError
from services.media_bridge.wire.realtime import server_events

log = logging.getLogger(__name__)

LINE_MESSAGE: Final = 64 * 1024  # Twilio's media frame is 300 bytes
MODEL_MESSAGE: Final = 16 * 1024 * 1024  # a response.done may carry the whole conversation
# What a peer that stopped reading may leave in memory before its socket is given up.
LINE_BACKLOG: Final = 8 * 1024 * 1024
MODEL_BACKLOG: Final = 1024 * 1024
CONNECT_S: Final = 5.0

Clock = Callable[[float], int]  # a perf_counter reading as at_ms of this call


class Feed(Protocol):
    def __call__(self, event: ev.Event, read_at: float | None = None) -> None: ...


class ModelLeg(Protocol):
    """A speaking model. Feeds ModelOpened … ModelLost, the last at most once, none after close."""

    def open(self, caller: str | None) -> None:
        """Connect in the background. `caller` goes to the model's owner as a hash only."""

    def perform(self, command: do.Command) -> None:
        """Do a command meant for the model; before it is open, or after, nothing happens."""

    def close(self) -> None: ...


class CallerLeg(Socket):
    """Twilio's media stream."""

    def __init__(self, connected: Callable[["CallerLeg"], None]) -> None:
        super().__init__(LINE_MESSAGE, LINE_BACKLOG)
        self._connected = connected
        self._feed: Feed = lambda event, read_at=None: None
        self._clock: Clock = round
        self._stream_sid = ""
        self._over = False

    def attach(self, feed: Feed, clock: Clock) -> None:
        """Events go to `feed` from now on, with the times of `clock`."""
        self._feed, self._clock = feed, clock

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        self._connected(self)

    def perform(self, command: do.PlayAudio | do.PlaceMark | do.ClearPlayback) -> None:
        message = twilio.encode(command, self._stream_sid)
        if message is not None:
            self.send(message)

    def close(self) -> None:
        """Close the socket: Twilio then asks /after-stream what to do with the caller."""
        self._over = True
        self.shut()

    def _message(self, message: memoryview | bytes, read_at: float) -> None:
        if self._over:
            return
        try:
            event = twilio.decode(message, self._clock(read_at))
        except WireError:
            self._wrong()
            return
        if event is None:
            return
        if isinstance(event, ev.LineOpened):
            self._stream_sid = self._stream_sid or event.stream_sid
        self._event(event, read_at)

    def _wrong(self) -> None:
        now = perf_counter()
        self._event(ev.LineClosed(self._clock(now), "protocol"), now)

    def _event(self, event: ev.Event, read_at: float) -> None:
        if not self._over:
            # Whatever comes after the end of the line is nobody's.
            self._over = isinstance(event, ev.LineClosed)
            self._feed(event, read_at)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        now = perf_counter()
        self._event(ev.LineClosed(self._clock(now), "dropped"), now)


class RealtimeLeg(Socket):
    """OpenAI's Realtime API, or whatever speaks it at `url`. Implements ModelLeg."""

    def __init__(
        self, url: str, key: Callable[[], str], salt: Callable[[], str], feed: Feed, clock: Clock
    ) -> None:
        super().__init__(MODEL_MESSAGE, MODEL_BACKLOG)
        self._url, self._key, self._salt = url, key, salt
        self._feed, self._clock = feed, clock
        self._dialling: asyncio.Task[None] | None = None
        self._over = False

    def open(self, caller: str | None) -> None:
        if self._dialling is None and not self._over:
            self._dialling = asyncio.get_running_loop().create_task(self._dial(caller))

    async def _dial(self, caller: str | None) -> None:
        headers = {"Authorization": f"Bearer {self._key()}"}
        if caller:
            headers["OpenAI-Safety-Identifier"] = safety_identifier(self._salt(), caller)
        try:
            async with asyncio.timeout(CONNECT_S):
                await ws_connect(
                    lambda: self,
                    self._url,
                    websocket_handshake_timeout=CONNECT_S,
                    max_frame_size=MODEL_MESSAGE,
                    extra_headers=headers,
                    max_redirects=0,  # the key goes to the configured address only
                    enable_auto_ping=True,  # after 10 s without a word; gone after 10 more
                )
        except (OSError, WSError, TimeoutError, ValueError) as exc:
            self._lost(f"connect: {type(exc).__name__}")
        except Exception:
            # Ours or picows' bug: even so the caller must not wait for a model that never comes.
            log.exception("dialling the model broke")
            self._lost("connect: broken")

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        if self._over:  # closed while it was being dialled
            self.shut()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._lost("closed")

    def perform(self, command: do.Command) -> None:
        if not self._over:
            message = server_events.encode(command)
            if message is not None:
                self.send(message)

    def close(self) -> None:
        self._over = True
        if self._dialling is not None and not self._dialling.done():
            self._dialling.cancel()
        self.shut()

    def _message(self, message: memoryview | bytes, read_at: float) -> None:
        if self._over:
            return
        try:
            event = server_events.decode(message, self._clock(read_at))
        except WireError:
            self._wrong()
            return
        if isinstance(event, ev.ModelLost):
            self._over = True
        if event is not None:
            self._feed(event, read_at)

    def _wrong(self) -> None:
        self.shut(WSCloseCode.UNSUPPORTED_DATA)
        self._lost("protocol")

    def _lost(self, reason: str) -> None:
        if not self._over:
            self._over = True
            self._feed(ev.ModelLost(self._clock(perf_counter()), reason))


def safety_identifier(salt: str, caller: str) -> str:
    """The same for every call of a caller; nobody without the salt can tell whose number it is."""
    return hmac.new(salt.encode(), b"caller:" + caller.encode(), hashlib.sha256).hexdigest()[:40]
