"""The two sockets, frame by frame: whole messages in, one end each, no endless memory."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picows import WSCloseCode, WSFrame, WSMsgType
from picows.picows import _make_test_ws_frame

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.legs import (
    LINE_BACKLOG,
    LINE_MESSAGE,
    CallerLeg,
    RealtimeLeg,
    safety_identifier,
)
from tests.unit.services.media_bridge.world import FRAME, FakeModel, a_world, played, soon

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


def test_a_message_in_pieces_is_put_together() -> None:
    line = Line()

    line.frame(MARK[:10], fin=False)
    line.frame("", WSMsgType.PING)
    line.frame(MARK[10:20], WSMsgType.CONTINUATION, fin=False)
    line.frame(MARK[20:], WSMsgType.CONTINUATION)

    assert line.events == [ev.MarkEchoed(7, "m")]


def test_a_message_in_endless_pieces_is_no_message() -> None:
    line = Line()

    line.frame("x", fin=False)
    for _ in range(LINE_MESSAGE // 1000 + 1):
        line.frame("x" * 1000, WSMsgType.CONTINUATION, fin=False)

    assert line.events == [ev.LineClosed(7, "protocol")]


@pytest.mark.parametrize("payload", ["", "{}", "no json", '{"event":"start"}', "\x00", "[" * 5000])
def test_what_is_not_twilios_ends_the_line(payload: str) -> None:
    line = Line()

    line.frame(payload)

    assert line.events == [ev.LineClosed(7, "protocol")]


@given(st.binary(max_size=300))
def test_no_frame_makes_a_leg_raise(payload: bytes) -> None:
    line = Line()

    line.frame(payload)

    assert len(line.events) <= 1


def test_a_line_ends_once() -> None:
    line = Line()

    line.frame('{"event":"stop"}')
    line.frame(MARK)
    line.frame(b"x", WSMsgType.BINARY)
    line.drop()

    assert line.events == [ev.LineClosed(7, "hung_up")]


def test_a_line_that_drops_says_so() -> None:
    line = Line()

    line.drop()

    assert line.events == [ev.LineClosed(7, "dropped")]


def test_a_line_we_closed_tells_nothing_more() -> None:
    line = Line()

    line.leg.close()
    line.drop()

    assert line.events == []
    assert (line.transport.closed, line.transport.disconnected) == ([WSCloseCode.OK], [True])


def test_a_peers_close_is_answered() -> None:
    line = Line()

    line.frame(b"\x03\xe8", WSMsgType.CLOSE)

    assert (line.transport.closed, line.transport.disconnected) == ([WSCloseCode.OK], [True])


def test_commands_carry_the_streams_name() -> None:
    line = Line()

    line.frame(START)
    line.leg.perform(do.PlayAudio(FRAME))
    line.frame(START.replace("MZ1", "MZ2"))  # a stream does not change its name
    line.leg.perform(do.ClearPlayback())

    assert [json.loads(sent)["streamSid"] for sent in line.transport.sent] == ["MZ1", "MZ1"]


def test_a_peer_that_stops_reading_is_given_up_before_memory_is_full() -> None:
    line = Line()
    line.leg.pause_writing()

    line.leg.perform(do.PlayAudio(FRAME))
    line.transport.waiting = LINE_BACKLOG
    line.leg.perform(do.PlayAudio(FRAME))

    assert len(line.transport.sent) == 1
    assert line.transport.disconnected == [False]


def test_a_peer_that_reads_again_is_kept() -> None:
    line = Line()
    line.leg.pause_writing()
    line.leg.resume_writing()
    line.transport.waiting = LINE_BACKLOG

    line.leg.perform(do.PlayAudio(FRAME))

    assert line.transport.disconnected == []


def test_a_callers_hash_is_the_same_in_every_call_and_tells_no_number() -> None:
    first, again = (
        safety_identifier("salt", "+15551230000"),
        safety_identifier("salt", "+15551230000"),
    )

    assert first == again != safety_identifier("pepper", "+15551230000")
    assert first != safety_identifier("salt", "+15551230001")
    assert "5551230000" not in first


# -- the model's leg -----------------------------------------------------------------------


class Model:
    """A model's leg towards a real socket, and the events it fed."""

    def __init__(self, url: str) -> None:
        self.events: list[ev.Event] = []
        self.leg = RealtimeLeg(url, lambda: "sk", lambda: "salt", self._feed, lambda _: 7)

    def _feed(self, event: ev.Event, read_at: float | None = None) -> None:
        self.events.append(event)


def test_a_model_nobody_listens_for_is_lost_once() -> None:
    async def scenario() -> None:
        model = Model("ws://127.0.0.1:9/v1/realtime")
        model.leg.open(None)
        await soon(lambda: bool(model.events))
        model.leg.close()

        (lost,) = model.events
        assert isinstance(lost, ev.ModelLost)
        assert lost.reason.startswith("connect: ")

    played(scenario)


def test_a_model_that_refuses_is_lost() -> None:
    async def scenario() -> None:
        async with a_world(model=FakeModel(refuses=True)) as world:
            model = Model(f"ws://{world.model.base}/realtime")
            model.leg.open(None)
            await soon(lambda: bool(model.events))

            assert isinstance(model.events[0], ev.ModelLost)

    played(scenario)


def test_a_leg_closed_while_it_is_dialled_leaves_no_socket_and_tells_nothing() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            for turns in range(12):  # at whatever point of the handshake
                model = Model(f"ws://{world.model.base}/realtime")
                model.leg.open("+15551230000")
                for _ in range(turns):
                    await asyncio.sleep(0)
                told = len(model.events)
                model.leg.close()
                await asyncio.sleep(0.01)
                assert len(model.events) == told
            for session in world.model.sessions:
                await asyncio.wait_for(session.closed.wait(), 5)
                assert not session.heard

    played(scenario)


def test_a_withheld_number_sends_no_identifier() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            model = Model(f"ws://{world.model.base}/realtime")
            model.leg.open(None)
            session = await world.model.session()
            assert "OpenAI-Safety-Identifier" not in session.headers
            model.leg.close()
            await asyncio.wait_for(session.closed.wait(), 5)

    played(scenario)


def test_a_model_that_sends_sound_as_bytes_is_given_up() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            model = Model(f"ws://{world.model.base}/realtime")
            model.leg.open(None)
            session = await world.model.session()
            await session.socket.send_bytes(b"\x00")
            await asyncio.wait_for(session.closed.wait(), 5)

            assert [type(event) for event in model.events] == [ev.ModelOpened, ev.ModelLost]

    played(scenario)
