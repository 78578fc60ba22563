"""One response at a time, others beside it, and how they are stopped."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_a_second_response_is_refused_while_one_is_active(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.send("response.create", event_id="r1")
        first = (await client.until("response.created"))["response"]
        error = await client.refusal("response.create", event_id="r2")
        assert error["code"] == "conversation_already_has_active_response"
        assert first["id"] in error["message"]
        assert error["event_id"] == "r2"
        done = await client.until("response.done")
        assert done["response"]["status"] == "completed"

    talk(scenario, pace=5.0)


def test_a_response_beside_the_conversation_is_allowed_meanwhile(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.send("response.create")
        await client.until("response.created")
        aside = {"conversation": "none", "output_modalities": ["text"], "metadata": {"for": "log"}}
        await client.send("response.create", response=aside)
        done = await client.until("response.done")
        assert done["response"]["metadata"] == {"for": "log"}
        assert done["response"]["conversation_id"] is None
        assert done["response"]["output"][0]["content"][0]["type"] == "output_text"

    talk(scenario, pace=5.0)


def test_cancelling_stops_the_response_and_a_second_time_nothing_is_active(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        asked = {"instructions": "Say exactly: " + "This is a very long sentence. " * 20}
        await client.send("response.create", response=asked)
        response = (await client.until("response.created"))["response"]
        await client.until("response.output_audio.delta")
        await client.send("response.cancel", response_id=response["id"])
        done = (await client.until("response.done"))["response"]
        assert done["status"] == "cancelled"
        assert done["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
        assert done["output"][0]["status"] == "incomplete"
        error = await client.refusal("response.cancel", event_id="c2")
        assert error["code"] == "response_cancel_not_active"
        assert error["message"] == "Cancellation failed: no active response found"
        assert error["event_id"] == "c2"

    talk(scenario, pace=5.0)


def test_a_response_fails_as_drilled_and_only_that_one(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.send("response.create")
        failed = (await client.until("response.done"))["response"]
        assert failed["status"] == "failed"
        assert failed["status_details"]["error"]["code"] == "insufficient_quota"
        assert failed["usage"] is None
        item = await client.respond("Hello.")
        assert item["status"] == "completed"

    talk(scenario, fail_next_response="insufficient_quota")
