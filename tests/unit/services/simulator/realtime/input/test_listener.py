"""The input buffer: committed and cleared by hand, and a silence that lasts too long."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_the_buffer_is_committed_and_cleared_by_hand(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        audio = {"input": {"turn_detection": None}}
        await client.send("session.update", session={"type": "realtime", "audio": audio})
        await client.until("session.updated")
        error = await client.refusal("input_audio_buffer.commit")
        assert error["code"] == "input_audio_buffer_commit_empty"
        client.events.clear()
        await client.say("Hello from the buffer.")
        await client.send("input_audio_buffer.commit")
        heard = await client.until("conversation.item.input_audio_transcription.completed")
        assert heard["transcript"] == "Hello from the buffer."
        assert "response.created" not in client.kinds()
        await client.say("Forget this.")
        await client.send("input_audio_buffer.clear")
        await client.until("input_audio_buffer.cleared")
        error = await client.refusal("input_audio_buffer.commit")
        assert error["code"] == "input_audio_buffer_commit_empty"

    talk(scenario)


def test_a_silent_caller_is_noticed_after_the_agent_has_finished(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        detection = {"type": "server_vad", "idle_timeout_ms": 5000}
        audio = {"input": {"turn_detection": detection}}
        await client.send("session.update", session={"type": "realtime", "audio": audio})
        await client.until("session.updated")
        await client.respond("How can I help?")
        spoken_ms = len(client.sound()) // 8
        await client.hear(b"\xff" * 8 * (spoken_ms + 4900))
        await client.send("conversation.item.retrieve", item_id="none")
        await client.until("error")
        assert "input_audio_buffer.timeout_triggered" not in client.kinds()
        await client.hear(b"\xff" * 8 * 200)
        await client.until("input_audio_buffer.timeout_triggered")
        await client.until("response.done")

    talk(scenario)
