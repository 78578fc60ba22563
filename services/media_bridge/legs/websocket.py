"""Whole messages over a picows connection, which hands out single frames."""

import logging
from time import perf_counter

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

log = logging.getLogger(__name__)

# Looked up once: an Enum's attribute costs as much as decoding a frame.
TEXT, CONTINUATION, BINARY, CLOSE = (
    WSMsgType.TEXT,
    WSMsgType.CONTINUATION,
    WSMsgType.BINARY,
    WSMsgType.CLOSE,
)


class Socket(WSListener):
    """One side of a WebSocket that speaks text. Its legs say what a message means.

    A peer decides how much it sends and how slowly it reads, so both are bounded, in bytes:
    `most` of a message that comes in fragments, `backlog` of what waits to be read by the peer
    before it is given up.
    """

    def __init__(self, most: int, backlog: int) -> None:
        self._most, self._backlog = most, backlog
        self._transport: WSTransport | None = None  # None until the socket is connected
        self._parts = bytearray()  # of a message whose last fragment has not come yet
        self._choked = False  # more waits to be read than the transport likes to hold

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

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
        if self._choked and self._is_hopeless(transport):
            return
        transport.send(TEXT, message)

    def _is_hopeless(self, transport: WSTransport) -> bool:
        """Whether so much waits that the peer must have stopped reading: then it is cut off."""
        if transport.underlying_transport.get_write_buffer_size() < self._backlog:
            return False
        log.warning("a peer stopped reading")
        transport.disconnect(False)
        return True

    def pause_writing(self) -> None:
        self._choked = True

    def resume_writing(self) -> None:
        self._choked = False

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
