"""A phone that is rung by REST is told its piece, and may press a key."""

import asyncio

from services.simulator.phone.background import BackgroundWork
from services.simulator.phone.placed import PlacedCalls, placed
from services.simulator.phone.twiml import parse
from services.simulator.phone.webhooks import TwilioWebhooks

TOLD = (
    '<Response><Gather action="http://127.0.0.1:9/alert-accept" numDigits="1">'
    "<Say>Danger.</Say><Say>Press 1.</Say></Gather><Hangup/></Response>"
)


def rung(keys: dict[str, str]) -> tuple[list[tuple[str, str]], list[str]]:
    posted: list[str] = []

    async def ring() -> list[tuple[str, str]]:
        webhooks = TwilioWebhooks("token", lambda exchange: posted.append(exchange.url))
        background = BackgroundWork()
        calls = PlacedCalls(webhooks, background, keys=keys)
        calls.take(placed("AC1", "+19375550100", "+19375550191"), parse(TOLD))
        await background.settled()
        await webhooks.close()
        return calls.rung

    return asyncio.run(ring()), posted


def test_it_hears_what_stands_in_the_request() -> None:
    assert rung({}) == ([("+19375550191", "Danger. Press 1.")], [])


def test_its_key_is_posted_to_where_the_request_says() -> None:
    _, posted = rung({"+19375550191": "1"})
    assert posted == ["http://127.0.0.1:9/alert-accept"]
