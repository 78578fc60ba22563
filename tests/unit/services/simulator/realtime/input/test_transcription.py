"""The words of what the caller said, told to a client that asked for them."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_what_was_heard_is_transcribed_only_when_asked_for(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.say("The furnace is noisy.")
        done = await client.until("conversation.item.input_audio_transcription.completed")
        assert done["transcript"] == "The furnace is noisy."
        assert done["usage"]["type"] == "tokens"
        await client.until("response.done")
        audio = {"input": {"transcription": None}}
        await client.send("session.update", session={"type": "realtime", "audio": audio})
        await client.until("session.updated")
        client.events.clear()
        await client.say("No, nothing like that.")
        await client.until("response.done")
        assert not [kind for kind in client.kinds() if "transcription" in kind]

    talk(scenario)
