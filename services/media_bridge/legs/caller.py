"""The caller's line: Twilio's media stream. Frames in, events out; commands in, frames out.

Frames are decoded in the socket's own callback and the events are fed to the call from there: a
queue or a task for each frame alone would cost half of the calls that a core carries.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Final

from picows import WSTransport

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.ports import AtMs, Feed
from services.media_bridge.legs.websocket import Socket
from services.media_bridge.wire import twilio
from services.media_bridge.wire.frames import WireError

LINE_MESSAGE: Final = 64 * 1024  # bytes; Twilio's media frame has 300
# Bytes that a peer which stopped reading may leave in our memory before its socket is given up.
LINE_BACKLOG: Final = 8 * 1024 * 1024


class CallerLeg(Socket):
    """Twilio's media stream. Feeds LineOpened first and LineClosed last, at most once, and nothing
    after `close`."""

    def __init__(self, connected: Callable[["CallerLeg"], None]) -> None:
        super().__init__(LINE_MESSAGE, LINE_BACKLOG)
        self._connected = connected
        self._feed: Feed = lambda event, read_at=None: None  # until `attach`
        self._at_ms: AtMs = round  # until `attach`
        self._stream_sid = ""  # Twilio's name of the stream, which every frame of ours bears
        self._over = False  # closed by us, or LineClosed was fed: nothing is fed any more

    def attach(self, feed: Feed, at_ms: AtMs) -> None:
        """Events go to `feed` from now on, with the times that `at_ms` gives."""
        self._feed, self._at_ms = feed, at_ms

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
            event = twilio.decode(message, self._at_ms(read_at))
        except WireError:
            self._wrong()
            return
        if event is None:
            return
        if type(event) is ev.CallerAudio:  # fifty times a second
            self._feed(event, read_at)
            return
        if isinstance(event, ev.LineOpened):
            self._stream_sid = self._stream_sid or event.stream_sid
        self._event(event, read_at)

    def _wrong(self) -> None:
        now = perf_counter()
        self._event(ev.LineClosed(self._at_ms(now), "protocol"), now)

    def _event(self, event: ev.Event, read_at: float) -> None:
        if not self._over:
            self._over = isinstance(event, ev.LineClosed)
            self._feed(event, read_at)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        super().on_ws_disconnected(transport)
        now = perf_counter()
        self._event(ev.LineClosed(self._at_ms(now), "dropped"), now)
