"""Twilio's REST side: the texts it takes, and those it refuses."""

import asyncio

import aiohttp
import pytest

from services.simulator.caller.sending import CallerTick
from tests.unit.services.simulator.phone.phone_bench import (
    CALLER,
    DIALED,
    Bench,
    ScriptedPhone,
    response,
)


def texting(fields: dict[str, str], token: str = "token") -> tuple[int, dict[str, object], Bench]:
    """Send one message during a call; return status, answer and bench."""
    bench = Bench({"/incoming": response('<Pause length="30"/>'), "/sms-status": response("")})
    answers: list[tuple[int, dict[str, object]]] = []

    async def send() -> None:
        while bench.network is None or not bench.network.account.api_url:
            await asyncio.sleep(0)
        account = bench.network.account.sid
        url = f"{bench.network.account.api_url}/2010-04-01/Accounts/{account}/Messages.json"
        data = {**fields, "StatusCallback": bench.url + "/sms-status"}
        login = aiohttp.encode_basic_auth(account, token)
        async with (
            aiohttp.ClientSession(headers={"Authorization": login}) as http,
            http.post(url, data=data) as answer,
        ):
            answers.append((answer.status, await answer.json()))

    class Sender(ScriptedPhone):
        def tick(self, heard: bytes) -> CallerTick:
            if not self.heard:
                self.task = asyncio.ensure_future(send())
            super().tick(heard)
            return CallerTick(hangs_up=self.task.done())

    bench.call(Sender())
    return *answers[0], bench


GOOD = {"To": CALLER, "From": DIALED, "Body": "Your window is 9 to 11 PM"}


def test_a_text_is_taken_and_reported_sent_then_delivered() -> None:
    status, answer, bench = texting(GOOD)
    assert (status, answer["status"]) == (201, "queued")
    assert bench.network is not None
    assert [text.body for text in bench.network.sms.taken] == [GOOD["Body"]]
    reports = [form["MessageStatus"] for path, form in bench.forms if path == "/sms-status"]
    assert reports == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": "555"}, 21211),
        ({"To": "+15005550004"}, 21610),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"From": "+15005550007"}, 21606),
    ],
)
def test_a_text_twilio_would_refuse_is_refused_with_its_code(
    change: dict[str, str], code: int
) -> None:
    status, answer, bench = texting({**GOOD, **change})
    assert (status, answer["code"]) == (400, code)
    assert bench.network is not None
    assert bench.network.sms.taken == []


def test_a_text_with_another_token_is_not_ours() -> None:
    status, answer, _ = texting(GOOD, token="other")
    assert (status, answer["code"]) == (401, 20003)
