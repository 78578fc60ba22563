"""Twenty callers released together on one last window, through the real bridge and tables."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.simulator.scenarios import scenario as scenarios
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import meta
from tests.e2e.crowd import GatedPhone, rush
from tests.e2e.playing import text

CALLERS, SPEED = 20, 2.0

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


async def _rows() -> tuple[Rows, list[GatedPhone], list[str]]:
    speech = text()
    async with Stack(speech, at=scenarios.load("spec").at, speed=SPEED) as stack:
        calls = await rush(stack, speech, CALLERS)
        rows = await stack.settled_rows(CALLERS)
        warnings = [warning for call, _ in calls for warning in call.warnings]
        return rows, [phone for _, phone in calls], warnings


@pytest.mark.stack
def test_twenty_callers_want_one_window_and_one_gets_it() -> None:
    rows, phones, warnings = asyncio.run(asyncio.wait_for(_rows(), 400))
    assert warnings == []
    jobs = meta(rows, "jobs")
    assert len(jobs) == 1
    calls = meta(rows, "calls")
    assert sorted({call["outcome"] for call in calls}) == ["booked", "quote_only"]
    assert sum(call["outcome"] == "booked" for call in calls) == 1
    assert [call["failure"] for call in calls if call.get("failure")] == []
    answers = [
        json.loads(turn["result"])
        for turn in rows["agent_turns"]
        if turn.get("tool") == "book_appointment"
    ]
    refused = [answer for answer in answers if answer.get("error") == "window_taken"]
    assert len(refused) == CALLERS - 1
    assert all(answer["available_slots"] for answer in refused)
    assert sum(bool(answer.get("booked")) for answer in answers) == 1
    assert all(any(line.kind == "heard" for line in phone.lines) for phone in phones)
