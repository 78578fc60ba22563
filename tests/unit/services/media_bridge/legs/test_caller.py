"""The caller's line: what it tells, and that it ends once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picows import WSCloseCode, WSMsgType

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from tests.unit.services.media_bridge.legs.line import MARK, START, Line
from tests.unit.services.media_bridge.world import FRAME


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


def test_commands_carry_the_streams_name() -> None:
    line = Line()

    line.frame(START)
    line.leg.perform(do.PlayAudio(FRAME))
    line.frame(START.replace("MZ1", "MZ2"))  # a stream does not change its name
    line.leg.perform(do.ClearPlayback())

    assert [json.loads(sent)["streamSid"] for sent in line.transport.sent] == ["MZ1", "MZ1"]
