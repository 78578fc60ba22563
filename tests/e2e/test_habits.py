"""Twilio with the habits that others report of it: the call goes on as any other."""

import asyncio
from typing import Any

import pytest

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.phone.calls import CallRecord
from services.simulator.phone.webhooks import Habits
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import OnCall
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import meta
from tests.e2e.playing import SPEED, text

pytestmark = pytest.mark.stack


def handed_over(habits: Habits, caller_id: str) -> tuple[CallRecord, Any, list[str]]:
    """Play the scenario of a caller who wants a person; return call, row and log."""
    speech, script = text(), scenarios.load("human")

    async def run() -> tuple[CallRecord, Any, list[str]]:
        async with Stack(speech, at=script.at, speed=SPEED) as stack:
            stack.network.webhooks.habits = habits
            stack.network.people.everybody_else = OnCall(answers="accepts")
            caller = ScriptedCaller(script, speech, lambda line: None)
            try:
                call = await stack.network.place_call(caller_id, script.dialed, caller)
            finally:
                caller.close()
            await stack.network.settled()
            (row,) = meta(await stack.settled_rows(), "calls")
            return call, row, list(stack.logs.lines)

    return asyncio.run(asyncio.wait_for(run(), 200))


@pytest.mark.parametrize(
    ("habits", "caller_id", "vouched"),
    [
        (Habits(), "+15551230145", "TN-Validation-Passed-A"),
        (Habits(sorts_queries=True, signs_late_fields=False), "anonymous", None),
    ],
)
def test_a_caller_is_handed_over_whatever_twilio_does_to_the_request(
    habits: Habits, caller_id: str, vouched: str | None
) -> None:
    call, row, log = handed_over(habits, caller_id)

    assert {exchange.status for exchange in call.exchanges} <= {200, 204}
    assert row["outcome"] == "transferred"
    assert row.get("attestation") == vouched
    assert (row.get("caller") is None) is (caller_id == "anonymous")
    in_part = any("FieldsNotSigned" in line for line in log)
    assert in_part is not habits.signs_late_fields
