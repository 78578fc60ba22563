"""The keys asked for are the keys needed: no request that is not in the table of permissions."""

import asyncio

import pytest

from infra.ops.entries import OPENAI, STRIPE, TWILIO, Entry
from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.play import play_on
from services.simulator.cli.playing.view import LiveView
from services.simulator.scenarios import scenario as scenarios
from services.simulator.stack.local import Stack
from tests.e2e.playing import LONGEST_S, SPEED, text

pytestmark = pytest.mark.stack


def allowed(entry: Entry) -> set[str]:
    return {request for need in entry.needs for request in need.asks}


def test_a_booked_and_paid_call_asks_for_nothing_that_is_not_in_the_table() -> None:
    async def run() -> Stack:
        spec = scenarios.load("spec")
        async with Stack(text(), at=spec.at, speed=SPEED) as stack:
            await play_on(stack, spec, text(), LiveView(Paper(None)))
        return stack

    stack = asyncio.run(asyncio.wait_for(run(), LONGEST_S))
    twilio, stripe, openai = stack.network.account.asked, stack.stripe.api.asked, stack.model.asked
    assert twilio <= allowed(TWILIO)
    assert stripe <= allowed(STRIPE)
    assert openai <= allowed(OPENAI)
    # And it was watched at all: texts, sessions made and read, calls answered.
    assert any("Messages" in each for each in twilio)
    assert {"POST /v1/checkout/sessions", "GET /v1/checkout/sessions/{id}"} <= stripe
    assert "GET /v1/realtime" in openai
