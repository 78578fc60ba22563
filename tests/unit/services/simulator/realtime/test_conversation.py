"""Truncated items keep what was heard of them, and nothing else can be truncated."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]


def test_truncating_keeps_no_more_than_was_heard(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        item = await client.respond("One two three four five six seven eight nine ten.")
        cut = {"item_id": item["id"], "content_index": 0}
        await client.send("conversation.item.truncate", **cut, audio_end_ms=1000)
        done = await client.until("conversation.item.truncated")
        assert done["audio_end_ms"] == 1000
        await client.send("conversation.item.retrieve", item_id=item["id"])
        kept = (await client.until("conversation.item.retrieved"))["item"]
        assert "transcript" not in kept["content"][0]
        error = await client.refusal("conversation.item.truncate", **cut, audio_end_ms=1001)
        assert error["message"] == "Audio content of 1000ms is already shorter than 1001ms"
        assert error["code"] is None

    talk(scenario)


def test_truncating_nothing_or_too_much_or_another_kind_is_refused(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        item = await client.respond("Hello there, how are you?")
        sound_ms = len(client.sound()) // 8
        cut = {"content_index": 0, "item_id": item["id"]}
        refuse = client.refusal
        error = await refuse("conversation.item.truncate", **cut, audio_end_ms=0)
        assert error["code"] == "unsupported_content_type"
        assert error["message"] == "Only model output audio messages can be truncated"
        error = await refuse("conversation.item.truncate", **cut, audio_end_ms=sound_ms + 1)
        shorter = f"Audio content of {sound_ms}ms is already shorter than {sound_ms + 1}ms"
        assert error["message"] == shorter
        content = [{"type": "input_text", "text": "Hi"}]
        user = {"type": "message", "role": "user", "content": content}
        await client.send("conversation.item.create", item=user)
        user_id = (await client.until("conversation.item.done"))["item"]["id"]
        cut["item_id"] = user_id
        error = await refuse("conversation.item.truncate", **cut, audio_end_ms=100)
        assert error["code"] == "unsupported_content_type"
        cut["item_id"] = "item_nowhere"
        error = await refuse("conversation.item.truncate", **cut, audio_end_ms=100)
        assert error["code"] == "item_truncate_invalid_item_id"

    talk(scenario)
