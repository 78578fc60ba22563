"""A call is recorded from the disclosure on, and a recording of a card number may not stay."""

import asyncio

import pytest

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.scenarios import scenario as scenarios
from services.simulator.speech.textline import decode
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import meta
from tests.e2e.playing import text

pytestmark = pytest.mark.stack


def test_a_call_with_a_card_on_it_is_recorded_whole_and_marked() -> None:
    speech, script = text(), scenarios.load("reads_card")

    async def run() -> None:
        async with Stack(speech, at=script.at, speed=10.0) as stack:
            caller = ScriptedCaller(script, speech, lambda _: None)
            try:
                await stack.network.place_call(script.caller, script.dialed, caller)
            finally:
                caller.close()
            await stack.network.settled()
            rows = await stack.settled_rows()
            (sound,) = stack.network.recordings.audio.values()
            assert decode(sound[1::2]).startswith("Thanks for calling CoolCare HVAC")
            (call,) = meta(rows, "calls")
            assert call["recording_dropped"] == "card"
            looked_after = [row for row in rows["jobs"] if row.get("kind") == "recording"]
            (sid,) = stack.network.recordings.audio
            assert [row["recording_sid"] for row in looked_after] == [sid]

    asyncio.run(asyncio.wait_for(run(), 200))
