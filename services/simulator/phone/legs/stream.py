"""One <Stream>: Twilio's side of a Media Streams WebSocket."""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from socket import SHUT_RDWR
from typing import Any

import aiohttp

from services.simulator.phone.calls import CallRecord, StreamRecord
from services.simulator.phone.media.line import HungUp, Line, Redirected
from services.simulator.phone.media.playback import PhonePlayback
from services.simulator.phone.signature import HEADER, sign
from services.simulator.speech.sound import FRAME_MS

HANDSHAKE, PROTOCOL_ERROR = 31920, 31924
CONNECT_S = 10.0
# The first timestamp of a real stream was never seen to be 0: 155, 171, 5.
FIRST_TIMESTAMP_MS = 155
_KEYS: dict[str, dict[str, type]] = {
    "media": {"event": str, "streamSid": str, "media": dict},
    "mark": {"event": str, "streamSid": str, "mark": dict},
    "clear": {"event": str, "streamSid": str},
}
# A server may call its outbound audio by its track; Twilio's own samples do.
_INNER = {"media": ("payload", {"payload", "track"}), "mark": ("name", {"name"})}


class BadMessage(ValueError):
    """The server sent what Media Streams does not know."""


class MediaFaults:
    """What is to go wrong with every media stream: its socket breaks off, or lives and a direction
    is dead."""

    def __init__(self) -> None:
        self.breaks = False  # true: it breaks off, without a word
        self.sends = True  # false: no frame of the caller's leaves any more
        self.reads = asyncio.Event()  # cleared: nothing the server sends is taken
        self.reads.set()


class MediaStream:
    """Carries one line's audio to a server and plays what it sends back."""

    def __init__(
        self,
        call: CallRecord,
        record: StreamRecord,
        line: Line,
        *,
        auth_token: str,
        faults: MediaFaults,
        warn: Callable[[int, str], None],
    ) -> None:
        self._call, self._record, self._line = call, record, line
        self._token, self._faults, self._warn = auth_token, faults, warn
        self._playback = PhonePlayback()
        record.log = self._playback.log
        # Marks that are due, to go back to the server with the next frame.
        self._ready: list[str] = []
        self._sequence = 0  # of the messages sent to the server; the first one is 1

    async def run(self, on_open: Callable[[], None]) -> bool:
        """Stream until the server closes; False when it could not even be reached.

        Raises:
            HungUp, Redirected: after `stop` was sent and the socket closed.
        """
        limit = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
        async with aiohttp.ClientSession(timeout=limit) as http:
            try:
                socket = await self._line.until(self._open(http))
            except (aiohttp.ClientError, TimeoutError, OSError) as exc:
                self._record.ended_by = "refused"
                self._warn(HANDSHAKE, f"WebSocket handshake failed: {type(exc).__name__}")
                return False
            on_open()
            async with socket:
                await self._carry(socket)
            return True

    async def _open(self, http: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
        # Signed over the address exactly as the TwiML has it, without any field.
        headers = {HEADER.lower(): sign(self._token, self._record.url)}
        return await asyncio.wait_for(
            http.ws_connect(self._record.url, headers=headers, max_msg_size=0), CONNECT_S
        )

    async def _carry(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        reader = asyncio.create_task(self._read(socket))
        try:
            await self._begin(socket)
            while not reader.done():
                await self._frame(socket)
            self._record.ended_by = "server"
            reader.result()
        except (HungUp, Redirected) as exc:
            self._record.ended_by = "caller" if isinstance(exc, HungUp) else "update"
            self._playback.end(self._line.ms)
            await self._stop(socket)
            raise
        except (ConnectionError, aiohttp.ClientError):
            self._record.ended_by = "server"
        finally:
            reader.cancel()
            await asyncio.wait([reader])

    async def _begin(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        connected = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
        await socket.send_str(json.dumps(connected))
        start = {
            "accountSid": self._call.account_sid,
            "streamSid": self._record.sid,
            "callSid": self._call.sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": self._record.parameters,
        }
        await self._send(socket, "start", start)

    async def _frame(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Play 20 ms and hear 20 ms; marks come back when the sound before them is over.

        What is cleared until the very moment is not played. The server's clock is the media, so
        a mark inside these 20 ms goes before them, one at their end after them.
        """
        await self._line.due()
        heard, inside, at_end = self._playback.frame(self._line.ms)
        tick = self._line.exchange(heard)
        if self._faults.breaks:
            socket.get_extra_info("socket").shutdown(SHUT_RDWR)
            raise ConnectionResetError
        if not self._faults.sends:
            return
        for key in tick.keys:
            await self._send(socket, "dtmf", {"track": "inbound_track", "digit": key})
        ready, self._ready = self._ready, []
        await self._send_marks(socket, [*ready, *inside])
        timestamp = FIRST_TIMESTAMP_MS + self._record.frames_sent * FRAME_MS
        self._record.frames_sent += 1
        media = {
            "track": "inbound",
            "chunk": str(self._record.frames_sent),
            "timestamp": str(timestamp),
            "payload": base64.b64encode(tick.audio).decode(),
        }
        await self._send(socket, "media", media)
        await self._send_marks(socket, at_end)

    async def _send_marks(self, socket: aiohttp.ClientWebSocketResponse, names: list[str]) -> None:
        for name in names:
            await self._send(socket, "mark", {"name": name})

    async def _stop(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        stop = {"accountSid": self._call.account_sid, "callSid": self._call.sid}
        try:
            await self._send(socket, "stop", stop)
            await socket.close()
        except (ConnectionError, aiohttp.ClientError):
            return  # the server was faster

    async def _send(
        self, socket: aiohttp.ClientWebSocketResponse, event: str, body: dict[str, Any]
    ) -> None:
        self._sequence += 1
        message = {
            "event": event,
            "sequenceNumber": str(self._sequence),
            event: body,
            "streamSid": self._record.sid,
        }
        await socket.send_str(json.dumps(message))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            await self._faults.reads.wait()
            try:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    raise BadMessage("a frame that is not text")
                self._receive(checked(message.data, self._record.sid))
            except BadMessage as exc:
                self._warn(PROTOCOL_ERROR, str(exc))

    def _receive(self, message: dict[str, Any]) -> None:
        match message["event"]:
            case "media":
                self._playback.media(message["audio"], self._line.ms)
            case "mark":
                # With nothing waiting to be played it comes back with the next frame.
                self._ready += self._playback.mark(message["mark"]["name"], self._line.ms)
            case "clear":
                self._ready += self._playback.clear(self._line.ms)


def checked(text: str, stream_sid: str) -> dict[str, Any]:
    """Return a message of the server, the audio of `media` decoded.

    Raises:
        BadMessage: it is none of media, mark and clear, or not of their exact shape.
    """
    try:
        message: dict[str, Any] = json.loads(text)
    except ValueError as exc:
        raise BadMessage("not JSON") from exc
    event = message.get("event") if isinstance(message, dict) else None
    keys = _KEYS.get(event) if isinstance(event, str) else None
    if keys is None:
        raise BadMessage(f"unknown event {event!r}")
    if set(message) != set(keys) or not all(isinstance(message[k], t) for k, t in keys.items()):
        raise BadMessage(f"{event} with the fields {sorted(message)}")
    if message["streamSid"] != stream_sid:
        raise BadMessage(f"{event} for another stream")
    if event in _INNER:
        needed, allowed = _INNER[event]
        inner = message[event]
        if not isinstance(inner.get(needed), str) or not inner[needed] or set(inner) - allowed:
            raise BadMessage(f"{event} with the inner fields {sorted(inner)}")
    if event == "media":
        try:
            message["audio"] = base64.b64decode(message["media"]["payload"], validate=True)
        except binascii.Error as exc:
            raise BadMessage("media that is not base64") from exc
    return message
