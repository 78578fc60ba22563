"""Whatever either peer sends, no leg and no call breaks, nothing is unmasked, and the call can end.

`make fuzz` looks for longer and with fresh seeds.
"""

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from picows import WSMsgType
from picows.picows import _make_test_ws_frame

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.journal import replay
from services.media_bridge.legs.model import RealtimeLeg
from tests.fuzz.mutants import REALTIME, TWILIO, mutant
from tests.fuzz.seeds import fuzzed
from tests.scripted import ScriptedCall
from tests.unit.services.media_bridge.legs.line import FakeTransport, Line
from tests.unit.services.media_bridge.world import endpoint

CARD = "4242 4242"
steps = st.lists(
    st.tuples(st.just("line"), mutant(TWILIO))
    | st.tuples(st.just("model"), mutant(REALTIME))
    | st.tuples(st.just("wait"), st.sampled_from([0, 20, 400, 3_000, 9_000])),
    max_size=25,
)


class Call:
    """A live call between two real legs on transports in memory."""

    def __init__(self) -> None:
        self.core = ScriptedCall().live()
        self.line = Line()
        self.line.leg.attach(self._feed, lambda _: self.core.at_ms)
        self.model = RealtimeLeg(
            endpoint("ws://127.0.0.1:9/"), self._feed, lambda _: self.core.at_ms
        )
        self.model.on_ws_connected(FakeTransport())  # type: ignore[arg-type]

    def _feed(self, event: ev.Event, read_at: float | None = None) -> None:
        for command in self.core.feed(event):
            if isinstance(command, do.PlayAudio | do.PlaceMark | do.ClearPlayback):
                self.line.leg.perform(command)
            else:
                self.model.perform(command)

    def step(self, who: str, what: Any) -> None:
        if who == "wait":
            self.core.wait(what)
        elif who == "line":
            self.line.frame(json.dumps(what))
        else:
            self.model_sends(json.dumps(what).encode())

    def model_sends(self, data: bytes) -> None:
        frame = _make_test_ws_frame(WSMsgType.TEXT, data, True, False)
        self.model.on_ws_frame(FakeTransport(), frame)  # type: ignore[arg-type]


@fuzzed
@given(steps)
def test_no_call_breaks_on_what_its_peers_send(happened: list[tuple[str, Any]]) -> None:
    async def plays() -> None:
        call = Call()
        for who, what in happened:
            call.step(who, what)
        call.line.drop()
        lines = call.core.lines + call.core.journal.rest()
        assert call.core.session.deadline is None
        assert CARD not in lines
        assert replay(lines.splitlines()) == []

    asyncio.run(plays())


@fuzzed
@given(st.lists(st.binary(max_size=300) | st.text(max_size=80), max_size=6))
def test_bytes_that_are_no_message_end_the_line_and_nothing_else(
    frames: list[bytes | str],
) -> None:
    async def plays() -> None:
        call = Call()
        for payload in frames:
            call.line.frame(payload, WSMsgType.TEXT)
            call.model_sends(payload if isinstance(payload, bytes) else payload.encode())
        call.line.drop()
        assert call.core.session.deadline is None

    asyncio.run(plays())
