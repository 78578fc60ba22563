"""What no client may send is refused as the real server refuses it: code, message, param."""

from collections.abc import Callable
from typing import Any

import pytest

Talk = Callable[..., None]


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
        ({"type": "realtime", "model": "gpt-realtime-1.5"}, "invalid_value", "session.model"),
        *(
            (
                {"type": "realtime", "audio": {"input": {"transcription": told}}},
                code,
                f"session.audio.input.transcription.{param}",
            )
            for told, code, param in (
                ({"model": "whisper-1"}, "invalid_value", "model"),
                ({"model": "gpt-transcribe", "languages": []}, "invalid_value", "languages"),
                (
                    {"model": "gpt-transcribe", "languages": ["en-US"]},
                    "invalid_value",
                    "languages[0]",
                ),
                ({"model": "gpt-transcribe", "keywords": [""]}, "invalid_value", "keywords[0]"),
                ({"model": "gpt-transcribe", "keywords": "gas"}, "invalid_type", "keywords"),
                (
                    {"model": "gpt-transcribe", "language": "en", "languages": ["en"]},
                    "invalid_value",
                    "languages",
                ),
                (
                    {"model": "gpt-realtime-whisper", "keywords": ["gas"]},
                    "unsupported_parameter",
                    "keywords",
                ),
            )
        ),
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


def test_sound_must_be_base64_and_telephone_sound(talk: Talk) -> None:
    async def scenario(client: Any) -> None:
        error = await client.refusal("input_audio_buffer.append", audio="%%%")
        assert error["param"] == "audio"
        error = await client.refusal("input_audio_buffer.append", audio="//8=")
        assert error["code"] == "unsupported_format"

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
