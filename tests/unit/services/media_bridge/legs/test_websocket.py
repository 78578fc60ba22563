"""Whole messages out of frames, closes answered, and no endless memory for a peer that stops."""

import asyncio
from collections.abc import Callable

import pytest
from picows import WSCloseCode, WSMsgType

from services.media_bridge.core import events as ev
from services.media_bridge.legs.caller import LINE_MESSAGE
from services.media_bridge.legs.websocket import Socket
from tests.unit.services.media_bridge.legs.line import MARK, FakeTransport, Line


def connected(unread_s: float) -> tuple[Socket, FakeTransport]:
    peer, transport = Socket(100, 100, unread_s), FakeTransport()
    peer.on_ws_connected(transport)  # type: ignore[arg-type]
    return peer, transport


def gone(peer: Socket) -> None:
    peer.on_ws_disconnected(FakeTransport())  # type: ignore[arg-type]


async def turns_of_the_loop() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


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


def test_a_peers_close_is_answered() -> None:
    line = Line()

    line.frame(b"\x03\xe8", WSMsgType.CLOSE)

    assert (line.transport.closed, line.transport.disconnected) == ([WSCloseCode.OK], [True])


def test_a_peer_that_stops_reading_is_given_up_before_memory_is_full() -> None:
    async def stops_reading() -> FakeTransport:
        peer, transport = connected(unread_s=60)
        peer.pause_writing()
        peer.send("taken")
        transport.waiting = 100
        peer.send("not taken")
        return transport

    transport = asyncio.run(stops_reading())

    assert transport.sent == ["taken"]
    assert transport.disconnected == [False]


def test_a_peer_that_does_not_read_for_seconds_is_given_up_with_little_unread() -> None:
    async def does_not_read() -> FakeTransport:
        peer, transport = connected(unread_s=0.0)
        peer.pause_writing()
        await turns_of_the_loop()
        return transport

    assert asyncio.run(does_not_read()).disconnected == [False]


@pytest.mark.parametrize("ends", [Socket.resume_writing, gone])
def test_a_peer_that_reads_again_or_is_gone_is_left_alone(ends: Callable[[Socket], None]) -> None:
    async def reads_again() -> FakeTransport:
        peer, transport = connected(unread_s=0.0)
        peer.pause_writing()
        ends(peer)
        transport.waiting = 100
        await turns_of_the_loop()
        peer.send("more")
        return transport

    assert asyncio.run(reads_again()).disconnected == []
