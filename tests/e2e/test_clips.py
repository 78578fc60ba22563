"""The fixed sentences, read by the model before the first call of a new table."""

import asyncio
import base64
from typing import Any

import pytest

from services.simulator.scenarios import scenario as scenarios
from services.simulator.speech.textline import decode
from services.simulator.stack.local import Stack
from tests.e2e.playing import SPEED, played, text
from tests.e2e.world import AT

pytestmark = pytest.mark.stack


def test_a_model_that_misreads_is_asked_again_and_only_the_wording_is_kept() -> None:
    async def run() -> tuple[list[dict[str, Any]], list[str]]:
        stack = Stack(text(), at=AT, speed=SPEED)
        stack.model.misread("rewords", "truncates")
        async with stack:
            return await stack.rows_of("calls"), list(stack.logs.lines)

    rows, log = asyncio.run(asyncio.wait_for(run(), 120))

    clips = [row for row in rows if row["sk"] == "CLIP"]
    assert len(clips) > 3
    for clip in clips:
        assert decode(base64.b64decode(clip["audio"])) == clip["wording"]
        assert (clip["model"], clip["voice"]) == ("gpt-realtime-2.1", "marin")
    assert sum("read in other words" in line for line in log) == 2
    assert any(f'"clip":{len(clips)},"of":{len(clips)}' in line for line in log)
    assert not any(clip["wording"] in line for clip in clips for line in log)


def test_what_is_read_before_a_call_is_not_shown_as_part_of_it() -> None:
    _, shown = played(scenarios.load("price_only"), text(), speed=20)

    assert "ClearFlow Plumbing" in shown
    assert "BrightWire Electric" not in shown and "could be a gas leak" not in shown
