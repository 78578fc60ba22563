"""Whole messages out of frames, closes answered, and no endless memory for a peer that stops."""

from picows import WSCloseCode, WSMsgType

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.legs.caller import LINE_BACKLOG, LINE_MESSAGE
from tests.unit.services.media_bridge.legs.line import MARK, Line
from tests.unit.services.media_bridge.world import FRAME


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
