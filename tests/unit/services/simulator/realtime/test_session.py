"""One session through a real socket: turns, interruptions, and items put in by the client."""

from collections.abc import Callable
from typing import Any

Talk = Callable[..., None]

AGENT_TURN = [  # as in the GA capture of 2025-12
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
    "response.created",
    "conversation.item.input_audio_transcription.delta",
    "conversation.item.input_audio_transcription.completed",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio_transcript.delta",
    "response.output_audio.delta",
    "response.output_audio_transcript.delta",
    "response.output_audio.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "response.output_item.done",
    "conversation.item.done",
    "response.done",
]


def test_an_agent_turn_has_the_order_of_the_capture(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        client.events.clear()
        await client.say("My AC stopped cooling.")
        await client.until("response.done")
        assert client.kinds() == AGENT_TURN
        user, started = client.events[3]["item"], client.events[0]
        assert user == {
            "id": started["item_id"],
            "type": "message",
            "status": "completed",
            "role": "user",
            "content": [{"type": "input_audio", "transcript": None}],
        }
        assert len({event["event_id"] for event in client.events}) == len(client.events)

    talk(scenario)


def test_the_caller_speaking_cancels_the_response_by_itself(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        asked = {"instructions": "Say exactly: " + "This is a very long sentence. " * 20}
        await client.send("response.create", response=asked)
        await client.until("response.output_audio.delta")
        client.events.clear()
        await client.say("Wait a moment please.")
        done = (await client.until("response.done"))["response"]
        assert done["status"] == "cancelled"
        assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
        assert done["output"][0]["status"] == "incomplete"
        kinds = client.kinds()
        started = kinds.index("input_audio_buffer.speech_started")
        assert kinds[started + 1 : started + 7] == [
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "response.output_item.done",
            "conversation.item.done",
            "response.done",
        ]
        again = await client.until("response.created")
        assert again["response"]["id"] != done["id"]

    talk(scenario, pace=5.0)


def test_without_interrupt_response_the_agent_goes_on(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        detection = {"type": "server_vad", "interrupt_response": False}
        audio = {"input": {"turn_detection": detection}}
        await client.send("session.update", session={"type": "realtime", "audio": audio})
        await client.until("session.updated")
        asked = {"instructions": "Say exactly: " + "A rather long sentence. " * 8}
        await client.send("response.create", response=asked)
        await client.until("response.output_audio.delta")
        await client.say("Hm.")
        done = (await client.until("response.done"))["response"]
        assert done["status"] == "completed"

    talk(scenario, pace=20.0)


def test_an_item_can_be_put_in_looked_at_and_deleted(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        content = [{"type": "output_text", "text": "This call is recorded."}]
        item = {"id": "clip_1", "type": "message", "role": "assistant", "content": content}
        await client.send("conversation.item.create", item=item)
        added = await client.until("conversation.item.added")
        assert added["previous_item_id"] is None
        assert added["item"]["status"] == "completed"
        await client.send("conversation.item.retrieve", item_id="clip_1")
        assert (await client.until("conversation.item.retrieved"))["item"]["content"] == content
        await client.send("conversation.item.delete", item_id="clip_1")
        assert (await client.until("conversation.item.deleted"))["item_id"] == "clip_1"
        error = await client.refusal("conversation.item.delete", item_id="clip_1")
        assert error["code"] == "item_delete_invalid_item_id"

    talk(scenario)


def test_an_answer_to_a_call_that_was_never_made_is_refused(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        item = {"type": "function_call_output", "call_id": "call_x", "output": "{}"}
        error = await client.refusal("conversation.item.create", event_id="o1", item=item)
        assert error["code"] == "invalid_tool_call_id"
        assert error["message"] == "Tool call ID 'call_x' not found in conversation."

    talk(scenario)
