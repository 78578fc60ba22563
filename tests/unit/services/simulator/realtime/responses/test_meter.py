"""What a response costs, and what is left of the rate limit."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_metadata_comes_back_and_usage_counts_what_was_said(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure("Be brief.")
        asked = {"instructions": "Say exactly: Hello there.", "metadata": {"request": "r1"}}
        await client.send("response.create", response=asked)
        created = await client.until("response.created")
        assert created["response"]["metadata"] == {"request": "r1"}
        done = (await client.until("response.done"))["response"]
        usage = done["usage"]
        spoken_ms = len(client.sound()) // 8
        assert usage["output_token_details"]["audio_tokens"] == spoken_ms // 50
        assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
        assert usage["input_token_details"]["cached_tokens"] == 0
        assert done["status_details"] is None
        limits = (await client.until("rate_limits.updated"))["rate_limits"]
        assert limits[0]["name"] == "tokens"

    talk(scenario)
