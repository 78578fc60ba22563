"""The Realtime protocol, rule by rule, through a real socket."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

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


@pytest.mark.parametrize(
    ("session", "code", "param"),
    [
        ({"instructions": "x"}, "missing_required_parameter", "session.type"),
        ({"type": "realtime", "voice": "marin"}, "unknown_parameter", "session.voice"),
        ({"type": "realtime", "temperature": 0.8}, "unknown_parameter", "session.temperature"),
        (
            {
                "type": "realtime",
                "audio": {"input": {"format": {"type": "audio/pcmu", "rate": 8000}}},
            },
            "unknown_parameter",
            "session.audio.input.format.rate",
        ),
        (
            {
                "type": "realtime",
                "audio": {"input": {"format": {"type": "audio/pcm", "rate": 8000}}},
            },
            "invalid_value",
            "session.audio.input.format.rate",
        ),
        (
            {"type": "realtime", "audio": {"output": {"voice": "bob"}}},
            "invalid_value",
            "session.audio.output.voice",
        ),
        (
            {"type": "realtime", "output_modalities": ["audio", "text"]},
            "invalid_value",
            "session.output_modalities",
        ),
        (
            {
                "type": "realtime",
                "audio": {"input": {"turn_detection": {"type": "server_vad", "silence_ms": 1}}},
            },
            "unknown_parameter",
            "session.audio.input.turn_detection.silence_ms",
        ),
        (
            {
                "type": "realtime",
                "audio": {
                    "input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 4000}}
                },
            },
            "invalid_value",
            "session.audio.input.turn_detection.idle_timeout_ms",
        ),
        (
            {"type": "realtime", "max_output_tokens": 5000},
            "invalid_value",
            "session.max_output_tokens",
        ),
        (
            {"type": "realtime", "tools": [{"type": "function", "name": "a b"}]},
            "invalid_value",
            "session.tools[0].name",
        ),
        ({"type": "realtime", "model": "gpt-realtime"}, "invalid_value", "session.model"),
    ],
)
def test_a_wrong_session_field_is_refused_by_name(
    talk: Talk, session: dict[str, Any], code: str, param: str
) -> None:
    async def scenario(client: Any) -> None:
        error = await client.refusal("session.update", event_id="u1", session=session)
        assert (error["type"], error["code"]) == ("invalid_request_error", code)
        assert error["param"] == param
        assert error["event_id"] == "u1"

    talk(scenario)


def test_reasoning_is_refused_by_a_model_without_it(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        session = {"type": "realtime", "reasoning": {"effort": "low"}}
        error = await client.refusal("session.update", session=session)
        assert error["param"] == "session.reasoning"

    talk(scenario, model="gpt-realtime")


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


def test_what_is_spoken_is_what_the_transcript_says(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        item = await client.respond("Thanks for calling. This call is recorded.")
        assert item["content"] == [
            {"type": "output_audio", "transcript": "Thanks for calling. This call is recorded."}
        ]
        assert client.spoken() == "Thanks for calling. This call is recorded."

    talk(scenario)


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


@pytest.mark.parametrize(
    ("response", "param"),
    [
        ({"modalities": ["audio"]}, "response.modalities"),
        ({"temperature": 1.0}, "response.temperature"),
        ({"metadata": {"a": 1}}, "response.metadata.a"),
    ],
)
def test_a_wrong_response_field_is_refused_by_name(
    talk: Talk, response: dict[str, Any], param: str
) -> None:
    async def scenario(client: Any) -> None:
        error = await client.refusal("response.create", response=response)
        assert error["param"] == param

    talk(scenario)


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


@pytest.mark.parametrize(
    ("role", "content"),
    [
        ("system", "output_text"),
        ("assistant", "input_text"),
        ("user", "output_text"),
        ("user", "text"),
    ],
)
def test_the_content_of_a_message_must_fit_its_role(talk: Talk, role: str, content: str) -> None:
    async def scenario(client: Any) -> None:
        item = {"type": "message", "role": role, "content": [{"type": content, "text": "x"}]}
        error = await client.refusal("conversation.item.create", item=item)
        assert (error["code"], error["param"]) == ("invalid_value", "item.content[0].type")

    talk(scenario)


def test_an_answer_to_a_call_that_was_never_made_is_refused(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        item = {"type": "function_call_output", "call_id": "call_x", "output": "{}"}
        error = await client.refusal("conversation.item.create", event_id="o1", item=item)
        assert error["code"] == "invalid_tool_call_id"
        assert error["message"] == "Tool call ID 'call_x' not found in conversation."

    talk(scenario)


def test_sound_must_be_base64_and_telephone_sound(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        error = await client.refusal("input_audio_buffer.append", audio="%%%")
        assert error["param"] == "audio"
        error = await client.refusal("input_audio_buffer.append", audio="//8=")
        assert error["code"] == "unsupported_format"

    talk(scenario)


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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "invalid_json"),
        ("[]", "invalid_event"),
        ("{}", "invalid_event"),
        ('{"type": "response.audio.delta"}', "invalid_value"),
        ('{"type": "output_audio_buffer.clear"}', "invalid_value"),
        ('{"type": "response.cancel", "why": 1}', "unknown_parameter"),
        ('{"type": "conversation.item.truncate", "item_id": "i"}', "missing_required_parameter"),
    ],
)
def test_what_is_no_event_is_refused_and_the_session_goes_on(
    talk: Talk, text: str, code: str
) -> None:
    async def scenario(client: Any) -> None:
        await client.socket.send_str(text)
        assert (await client.until("error"))["error"]["code"] == code
        await client.configure()

    talk(scenario)


def test_audio_is_sent_no_faster_than_its_pace(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        loop_time = asyncio.get_running_loop().time
        began = loop_time()
        await client.respond("A sentence of some length, so that there is something to measure.")
        sent_ms = len(client.sound()) / 8
        passed_ms = (loop_time() - began) * 1000
        assert sent_ms - 600 <= passed_ms * 20.0

    talk(scenario, pace=20.0)


def test_the_socket_is_dropped_as_drilled(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.respond("Hello.")
        message = await client.socket.receive(timeout=5)
        while message.type is aiohttp.WSMsgType.TEXT:
            message = await client.socket.receive(timeout=5)
        assert client.socket.close_code == 1011

    talk(scenario, drop_after=1)


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
