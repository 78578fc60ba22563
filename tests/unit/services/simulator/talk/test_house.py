"""The page over one stack after the other: what it knows of each, and when it wants another."""

import asyncio
import json
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from services.simulator.phone.calls import CallRecord
from services.simulator.speech import Speech, open_speech
from services.simulator.stack.environment import RealModel
from services.simulator.stack.local import Stack
from services.simulator.talk.house import TalkHouse
from services.simulator.talk.wanted import WantedStack

AT = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
KEY = "sk-a-key-of-nobody"


async def _leaves(_: Stack, _speech: Speech, _call: CallRecord, _before: Mapping[str, int]) -> None:
    """Nothing is kept of a call."""


def a_house(*, real_model: bool = False) -> TalkHouse:
    return TalkHouse("text", WantedStack(AT, "coolcare_hvac"), _leaves, real_model=real_model)


def test_before_a_stack_is_up_there_is_no_time_and_no_call() -> None:
    state = a_house().state()
    assert (state["ready"], state["calling"], state["now"]) == (False, False, "")
    assert state["business"] == "coolcare_hvac"
    assert "+19375550100" in [each["number"] for each in state["businesses"]]
    names = [each["name"] for each in state["scenarios"]]
    assert "spec" in names
    assert "rogue" not in names  # its model is no stack's that stays


def test_a_page_is_told_who_answers_and_no_key() -> None:
    async def run() -> Mapping[str, Any]:
        speech = open_speech("text")
        stack, house = Stack(speech, at=AT, real_model=RealModel(KEY, "")), a_house(real_model=True)
        async with house.serving(stack, speech):
            return house.state()

    state = asyncio.run(run())
    assert state["real_model"] is True
    assert KEY not in json.dumps(state)


def test_while_a_stack_is_up_its_time_is_the_business_s_own() -> None:
    async def run() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        speech, house = open_speech("text"), a_house()
        async with house.serving(Stack(speech, at=AT), speech):
            during = house.state()
        return during, house.state()

    during, after = asyncio.run(run())
    assert during["ready"] is True
    assert str(during["now"]).startswith("2025-08-28T19:12")
    assert timedelta(0) <= datetime.fromisoformat(during["now"]) - AT < timedelta(minutes=1)
    assert (after["ready"], after["now"]) == (False, "")


def test_a_page_that_wants_another_stack_waits_for_the_one_that_starts() -> None:
    async def run() -> tuple[list[dict[str, Any]], WantedStack]:
        house = a_house()
        address = await house.start(0)
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.ws_connect(
                    f"{address}socket", headers={"Origin": address[: address.index("/", 8)]}
                ) as page,
            ):
                asked = {"do": "again", "business": "clearflow_plumbing", "at": "2025-08-29T08:00"}
                await page.send_json(asked)
                told = [await page.receive_json()]
                house.progress("AWS: tables")
                house.failed("no business is like that")
                while len(told) < 4:
                    told.append(await page.receive_json())
                return told, house.wanted
        finally:
            await house.stop()

    told, wanted = asyncio.run(asyncio.wait_for(run(), 20))
    said = {each.get("text") for each in told[1:]}
    assert said == {"the stack is still starting", "AWS: tables", "no business is like that"}
    assert wanted == WantedStack(AT, "coolcare_hvac")


def test_the_page_waits_no_longer_than_the_bridge_lives() -> None:
    house, stack = a_house(), Stack(open_speech("text"), at=AT)
    assert asyncio.run(house.until_again(stack, 0.01)) is False


def test_a_port_that_is_taken_is_an_error_of_the_system() -> None:
    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError):
            await a_house().start(taken.getsockname()[1])

    asyncio.run(run())
