"""The Realtime codec: OpenAI's events are read as meant, whatever else they hold."""

import json

import pytest

from services.media_bridge.core import events as ev
from services.media_bridge.wire.frames import WireError
from services.media_bridge.wire.realtime.server_events import MoreWords, decode

_DEEP = 100_000  # 3.13 reads some ten thousand levels, 3.12 and older fewer


def read(event: dict[str, object]) -> ev.Event | MoreWords | None:
    return decode(json.dumps(event).encode(), 7)


@pytest.mark.parametrize(
    ("event", "meaning"),
    [
        ({"type": "session.created", "session": {}}, ev.ModelOpened(7)),
        ({"type": "session.updated", "session": {}}, ev.ModelReady(7)),
        (
            {"type": "input_audio_buffer.speech_started", "audio_start_ms": 9, "item_id": "i"},
            ev.CallerSpoke(7, "i"),
        ),
        (
            {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 9, "item_id": "i"},
            ev.CallerStopped(7, "i"),
        ),
        (
            {
                "type": "conversation.item.input_audio_transcription.completed",
                "item_id": "i",
                "content_index": 0,
                "transcript": "Bye.\n",
            },
            ev.CallerSaid(7, "i", "Bye."),
        ),
        (
            {
                "type": "conversation.item.input_audio_transcription.failed",
                "item_id": "i",
                "error": {"type": "x", "message": "no"},
            },
            ev.CallerUnheard(7, "i"),
        ),
        (
            {"type": "response.created", "response": {"id": "R", "metadata": None}},
            ev.ResponseStarted(7, "R", None),
        ),
        (
            {"type": "response.created", "response": {"id": "R", "metadata": {"request_id": "r1"}}},
            ev.ResponseStarted(7, "R", "r1"),
        ),
        (
            {
                "type": "response.output_audio.delta",
                "response_id": "R",
                "item_id": "i",
                "delta": "AAAA",
                "obfuscation": "x",
            },
            ev.AgentAudio(7, "R", "i", "AAAA"),
        ),
        (
            {
                "type": "response.output_audio_transcript.done",
                "response_id": "R",
                "item_id": "i",
                "transcript": "Hi.",
            },
            ev.AgentSaid(7, "R", "i", "Hi."),
        ),
        (
            {
                "type": "response.done",
                "response": {
                    "id": "R",
                    "status": "cancelled",
                    "status_details": {"type": "cancelled", "reason": "turn_detected"},
                    "usage": None,
                },
            },
            ev.ResponseEnded(7, "R", "cancelled", "turn_detected"),
        ),
        (
            {
                "type": "response.done",
                "response": {
                    "id": "R",
                    "status": "failed",
                    "status_details": {"error": {"type": "x", "code": "insufficient_quota"}},
                },
            },
            ev.ResponseEnded(7, "R", "failed", "insufficient_quota"),
        ),
        (
            {
                "type": "error",
                "error": {"type": "invalid_request_error", "code": None, "message": "m"},
            },
            ev.ModelRefused(7, "invalid_request_error", "m", None),
        ),
        (
            {"type": "error", "error": {"code": "c", "message": "m", "event_id": "r9"}},
            ev.ModelRefused(7, "c", "m", "r9"),
        ),
        (
            {"type": "error", "error": {"code": "session_expired", "message": "60 minutes"}},
            ev.ModelLost(7, "session_expired"),
        ),
    ],
)
def test_what_a_server_event_means(event: dict[str, object], meaning: ev.Event) -> None:
    assert read(event) == meaning


def item_done(**item: object) -> dict[str, object]:
    return {"type": "response.output_item.done", "response_id": "R", "item": item}


def test_a_completed_function_call_is_a_tool_call() -> None:
    done = item_done(
        id="i", type="function_call", status="completed", name="n", call_id="c", arguments="{}"
    )

    assert read(done) == ev.ToolCalled(7, "R", "c", "n", {})


def test_an_incomplete_function_call_is_none() -> None:
    done = item_done(
        id="i", type="function_call", status="incomplete", name="n", call_id="c", arguments='{"a'
    )

    assert read(done) is None


def test_the_words_of_a_message_cut_short_are_read_too() -> None:
    content = [{"type": "output_audio", "transcript": "Thanks for"}]
    done = item_done(id="i", type="message", role="assistant", status="incomplete", content=content)

    assert read(done) == ev.AgentSaid(7, "R", "i", "Thanks for")


def test_usage_counts_cached_tokens_as_text_where_no_details_say_otherwise() -> None:
    usage = {
        "input_tokens": 132,
        "output_tokens": 188,
        "input_token_details": {"text_tokens": 59, "audio_tokens": 73, "cached_tokens": 40},
        "output_token_details": {"text_tokens": 41, "audio_tokens": 147},
    }
    ended = read(
        {"type": "response.done", "response": {"id": "R", "status": "completed", "usage": usage}}
    )

    assert isinstance(ended, ev.ResponseEnded)
    assert ended.usage == ev.Usage(59, 40, 41, 73, 0, 147)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "rate_limits.updated", "rate_limits": []},
        {"type": "response.audio.delta", "delta": "beta"},
        {"type": "brand.new", "delta": {"of": "another shape"}, "item": 3},
        {"type": "conversation.item.truncated", "item_id": "i", "audio_end_ms": 3},
    ],
)
def test_events_that_tell_us_nothing_are_ignored(event: dict[str, object]) -> None:
    assert read(event) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b'{"no":"type"}',
        b'{"type":7}',
        b"\xff\xfe",
        b'{"type":"response.output_audio.delta","delta":{"a":1}}',
        b'{"type":"response.done"}',
        b'{"type":"error","error":"text"}',
        b'{"type":"x","y":' + b'{"a":' * _DEEP + b"1" + b"}" * _DEEP + b"}",
    ],
)
def test_anything_else_is_refused_as_no_server_event(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data, 7)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "input_audio_buffer.speech_started", "audio_start_ms": 9},
        {"type": "conversation.item.input_audio_transcription.completed", "transcript": "4242"},
        {"type": "response.output_audio.delta", "response_id": "R", "delta": "AAAA"},
        {"type": "response.output_audio_transcript.done", "item_id": "i", "transcript": "Hi."},
        {"type": "response.output_audio_transcript.delta", "item_id": "i", "delta": "Hi."},
        {"type": "response.output_item.done", "item": {"id": "i", "type": "message"}},
        {"type": "response.created", "response": {"id": ""}},
        {"type": "response.done", "response": {"status": "completed"}},
    ],
)
def test_what_is_told_of_nothing_by_name_is_refused(event: dict[str, object]) -> None:
    with pytest.raises(WireError):
        read(event)
