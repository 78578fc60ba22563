"""The door of a stack that stays up: who it is, its texts, and what it refuses."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import aiohttp

from services.simulator.cli.staying.control import Control, whose
from services.simulator.cli.staying.relay import Relay
from services.simulator.phone.calls import Text
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack


def asked(look: Callable[[aiohttp.ClientSession, str, Stack], Awaitable[str]]) -> str:
    """What `look` sees at the door of a stack whose processes were never started."""

    async def run() -> str:
        speech, relay = open_speech("text"), Relay(io.StringIO(), lambda _: None)
        stack = Stack(speech, at=datetime.now(UTC), watch=relay.watch)
        control = Control(stack, speech, relay)
        try:
            async with aiohttp.ClientSession() as http:
                return await look(http, await control.start(), stack)
        finally:
            await control.stop()
            await stack.network.close()

    return asyncio.run(run())


def test_a_text_is_shown_as_words_and_only_its_links_can_be_clicked() -> None:
    async def look(http: aiohttp.ClientSession, url: str, stack: Stack) -> str:
        body = '<script>alert("x")</script> pay: http://127.0.0.1:1/pay/job.'
        stack.network.sms.take(Text("SM1", "+15551230000", "+19375550100", body), None)
        async with http.get(f"{url}/texts") as answer:
            return await answer.text()

    page = asked(look)
    assert "<script>" not in page
    assert '<a href="http://127.0.0.1:1/pay/job">' in page


def test_a_call_is_only_asked_for_as_json_which_no_other_page_can_send() -> None:
    async def look(http: aiohttp.ClientSession, url: str, stack: Stack) -> str:
        statuses = []
        for kind, body in (("text/plain", "{}"), ("application/json", "{")):
            headers = {"Content-Type": kind}
            async with http.post(f"{url}/calls", data=body, headers=headers) as answer:
                statuses.append(answer.status)
        async with http.post(f"{url}/calls", json={"scenario": "nope"}) as answer:
            return f"{statuses} {await answer.text()}"

    seen = asked(look)
    assert seen.startswith("[415, 400]")
    assert "no scenario 'nope'" in seen
    assert seen.rstrip().endswith('{"status": 2}')


def test_an_office_s_phone_and_a_caller_s_are_told_apart() -> None:
    assert whose("+19375550190") == "office"
    assert whose("+19375550191") == "on call"
    assert whose("+15551230000") == "caller"
