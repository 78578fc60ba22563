"""What a session holds, and what an update may change when."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_the_first_event_is_session_created_in_the_shape_of_the_capture(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        session = client.events[0]["session"]
        assert client.events[0]["event_id"].startswith("event_")
        assert session["id"].startswith("sess_")
        assert session["audio"]["input"]["format"] == {"type": "audio/pcm", "rate": 24000}
        assert session["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 200
        assert session["audio"]["output"]["voice"] == "alloy"
        assert session["expires_at"] > 1_700_000_000

    talk(scenario)


def test_an_update_changes_what_it_names_and_nothing_else(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        updated = (await client.configure("Be brief."))["session"]
        assert updated["instructions"] == "Be brief."
        assert updated["audio"]["input"]["format"] == {"type": "audio/pcmu"}
        assert updated["audio"]["input"]["turn_detection"]["prefix_padding_ms"] == 300
        assert updated["tool_choice"] == "auto"
        await client.send("session.update", session={"type": "realtime", "tool_choice": "none"})
        again = (await client.until("session.updated"))["session"]
        assert again["tool_choice"] == "none"
        assert again["instructions"] == "Be brief."

    talk(scenario)


def test_reasoning_is_refused_by_a_model_without_it(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        session = {"type": "realtime", "reasoning": {"effort": "low"}}
        error = await client.refusal("session.update", session=session)
        assert error["param"] == "session.reasoning"

    talk(scenario, model="gpt-realtime-1.5")


def test_the_voice_is_fixed_once_it_has_been_heard(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.respond("Hello.")
        session = {"type": "realtime", "audio": {"output": {"voice": "cedar"}}}
        error = await client.refusal("session.update", session=session)
        assert error["code"] == "cannot_update_voice"
        same = {"type": "realtime", "audio": {"output": {"voice": "marin"}}}
        await client.send("session.update", session=same)
        await client.until("session.updated")

    talk(scenario)
