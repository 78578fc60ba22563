"""Whole messages over a picows connection, which hands out single frames."""

import asyncio
import logging
from time import perf_counter

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

log = logging.getLogger(__name__)

# Sound that nobody reads for so long is heard by nobody: the line is as good as dropped.
UNREAD_S = 3.0
# Bytes of a connection's buffer, which grows with the messages: 200 ms of sound have 2,300.
READ_BUFFER = 4 * 1024

# Looked up once: an Enum's attribute costs as much as decoding a frame.
TEXT, CONTINUATION, BINARY, CLOSE = (
    WSMsgType.TEXT,
    WSMsgType.CONTINUATION,
    WSMsgType.BINARY,
    WSMsgType.CLOSE,
)


class Socket(WSListener):
    """One side of a WebSocket that speaks text. Its legs say what a message means.

    A peer decides how much it sends and how slowly it reads, so both are bounded: `most` bytes of
    a message that comes in fragments; `backlog` bytes that wait to be read by the peer, or more
    than the transport likes to hold for `unread_s` seconds, before it is given up.
    """

    def __init__(self, most: int, backlog: int, unread_s: float = UNREAD_S) -> None:
        self._most, self._backlog, self._unread_s = most, backlog, unread_s
        self._transport: WSTransport | None = None  # None until the socket is connected
        self._parts = bytearray()  # of a message whose last fragment has not come yet
        # Runs while more waits to be read than the transport likes to hold.
        self._choked: asyncio.TimerHandle | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.resume_writing()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        read_at = perf_counter()
        kind = frame.msg_type
        if kind is TEXT and frame.fin:
            self._message(frame.get_payload_as_memoryview(), read_at)
        elif kind is CLOSE:
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()
        elif kind is TEXT or kind is CONTINUATION:
            self._part(frame, read_at)
        elif kind is BINARY:
            self._wrong()

    def _part(self, frame: WSFrame, read_at: float) -> None:
        if frame.msg_type is TEXT:
            self._parts.clear()
        self._parts += frame.get_payload_as_memoryview()
        if len(self._parts) > self._most:
            self._parts.clear()
            self._wrong()
        elif frame.fin:
            message = bytes(self._parts)
            self._parts.clear()
            self._message(message, read_at)

    def send(self, message: bytes | str) -> None:
        """Send one text message; nothing happens before the socket is connected."""
        transport = self._transport
        if transport is None:
            return
        if (
            self._choked is None
            or transport.underlying_transport.get_write_buffer_size() < self._backlog
        ):
            transport.send(TEXT, message)
        else:
            self._cut_off()

    def pause_writing(self) -> None:
        if self._choked is None:
            loop = asyncio.get_running_loop()
            self._choked = loop.call_later(self._unread_s, self._cut_off)

    def resume_writing(self) -> None:
        if self._choked is not None:
            self._choked.cancel()
            self._choked = None

    def _cut_off(self) -> None:
        """The peer must have stopped reading: it would not read a close frame either."""
        self.resume_writing()
        if self._transport is not None:
            log.warning("a peer stopped reading")
            self._transport.disconnect(False)

    def shut(self, code: WSCloseCode = WSCloseCode.OK) -> None:
        """Send a close frame and close; the peer's own is not waited for."""
        if self._transport is not None:
            self._transport.send_close(code)
            self._transport.disconnect()

    async def gone(self) -> None:
        """Wait until a socket that was shut is closed; at once where there is none."""
        if self._transport is not None:
            await self._transport.wait_disconnected()

    def _message(self, message: memoryview | bytes, read_at: float) -> None:
        """Take a whole message. `read_at` is the perf_counter reading, in seconds, when its last
        frame came; a memoryview holds nothing any more after this returns."""
        raise NotImplementedError

    def _wrong(self) -> None:
        """The peer sent what it never sends."""
        raise NotImplementedError
