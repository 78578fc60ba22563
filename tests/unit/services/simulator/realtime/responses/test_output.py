"""What the agent says: its sound, and the transcript of it."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_what_is_spoken_is_what_the_transcript_says(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        item = await client.respond("Thanks for calling. This call is recorded.")
        assert item["content"] == [
            {"type": "output_audio", "transcript": "Thanks for calling. This call is recorded."}
        ]
        assert client.spoken() == "Thanks for calling. This call is recorded."

    talk(scenario)
