"""A caller's line on a transport in memory: frames go in by hand, events and bytes are kept."""

import json
from dataclasses import dataclass, field

from picows import WSCloseCode, WSFrame, WSMsgType
from picows.picows import _make_test_ws_frame

from services.media_bridge.core import events as ev
from services.media_bridge.legs.caller import CallerLeg

MARK = '{"event":"mark","streamSid":"MZ1","mark":{"name":"m"}}'
START = json.dumps(
    {
        "event": "start",
        "start": {"callSid": "CA1", "streamSid": "MZ1", "customParameters": {"token": "t"}},
    }
)


@dataclass
class FakeTransport:
    """What a leg uses of picows' transport."""

    waiting: int = 0
    sent: list[bytes | str] = field(default_factory=list)
    closed: list[WSCloseCode] = field(default_factory=list)
    disconnected: list[bool] = field(default_factory=list)

    @property
    def underlying_transport(self) -> "FakeTransport":
        return self

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def send(self, kind: WSMsgType, message: bytes | str) -> None:
        assert kind == WSMsgType.TEXT
        self.sent.append(message)

    def send_close(self, code: WSCloseCode) -> None:
        self.closed.append(code)

    def disconnect(self, graceful: bool = True) -> None:
        self.disconnected.append(graceful)


class Line:
    """A caller's leg on a fake transport, and the events it fed."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []
        self.transport = FakeTransport()
        self.leg = CallerLeg(lambda leg: leg.attach(self._feed, lambda _: 7))
        self.leg.on_ws_connected(self.transport)  # type: ignore[arg-type]

    def _feed(self, event: ev.Event, read_at: float | None = None) -> None:
        self.events.append(event)

    def frame(
        self, payload: bytes | str, kind: WSMsgType = WSMsgType.TEXT, *, fin: bool = True
    ) -> None:
        data = payload.encode() if isinstance(payload, str) else payload
        frame: WSFrame = _make_test_ws_frame(kind, data, fin, False)
        self.leg.on_ws_frame(self.transport, frame)  # type: ignore[arg-type]

    def drop(self) -> None:
        self.leg.on_ws_disconnected(self.transport)  # type: ignore[arg-type]
