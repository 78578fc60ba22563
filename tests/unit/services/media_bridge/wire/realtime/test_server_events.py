"""The Realtime codec: every event we send is one of OpenAI's, and theirs are read as meant."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai.types.realtime import RealtimeClientEventParam

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.wire.frames import WireError
from services.media_bridge.wire.realtime.server_events import decode, encode
from tests.strict_types import faults

TOOL: dict[str, object] = {
    "type": "function",
    "name": "end_call",
    "description": "Hang up.",
    "parameters": {"type": "object", "properties": {"reason": {"type": "string"}}},
}
COMMANDS: tuple[do.Command, ...] = (
    do.OpenSession("You answer the phone.", (TOOL,), "gpt-realtime-2.1", "marin"),
    do.OpenSession("You answer the phone.", (), "gpt-realtime-1.5", "cedar"),
    do.HearAudio("f39/fw=="),
    do.Respond("r1"),
    do.Respond("r2", "Say exactly: Hello."),
    do.CommitAudio("b2"),
    do.CancelResponse("c3", "resp_1"),
    do.Truncate("t4", "item_1", 1480),
    do.ForgetItem("f5", "item_2"),
    do.TellModel("The caller keyed 45501."),
    do.TellModel("The caller keyed 45501.", "keys1200"),
    do.TellSpoken("Thanks for calling."),
    do.AnswerTool("call_1", '{"deposit":206}'),
)


def sent(command: do.Command) -> dict[str, Any]:
    data = encode(command)
    assert data is not None
    event = json.loads(data)
    assert isinstance(event, dict)
    return event


def read(event: dict[str, object]) -> ev.Event | None:
    return decode(json.dumps(event).encode(), 7)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_every_event_we_send_is_one_of_openais_with_no_unknown_key(command: do.Command) -> None:
    assert faults(sent(command), RealtimeClientEventParam) == []


def keys_of(event: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(event, dict):
        for key, value in event.items():
            yield (*path, key)
            yield from keys_of(value, (*path, key))
    elif isinstance(event, list):
        for index, value in enumerate(event):
            yield from keys_of(value, (*path, index))


def misspelt(event: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    wrong = copy.deepcopy(event)
    place: Any = wrong
    for step in path[:-1]:
        place = place[step]
    place[path[-1] + "s"] = place.pop(path[-1])
    return wrong


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_a_misspelt_key_anywhere_is_refused(command: do.Command) -> None:
    event = sent(command)
    free = ("parameters", "metadata")  # whatever is in there is not the protocol's
    paths = [path for path in keys_of(event) if not set(free) & set(path[:-1])]

    assert paths
    for path in paths:
        assert faults(misspelt(event, path), RealtimeClientEventParam), path


def test_a_wrong_value_is_refused() -> None:
    event = sent(do.Truncate("t4", "item_1", 1480))

    assert faults({**event, "audio_end_ms": "1480"}, RealtimeClientEventParam)
    assert faults({**event, "type": "conversation.item.cut"}, RealtimeClientEventParam)


# -- the values ----------------------------------------------------------------------------------


def test_the_session_hears_and_speaks_mu_law_without_a_rate() -> None:
    session = sent(COMMANDS[0])["session"]

    assert session["audio"]["input"]["format"] == {"type": "audio/pcmu"}
    assert session["audio"]["output"] == {"format": {"type": "audio/pcmu"}, "voice": "marin"}
    assert session["type"] == "realtime"
    assert session["model"] == "gpt-realtime-2.1"
    assert session["output_modalities"] == ["audio"]
    assert session["instructions"] == "You answer the phone."
    assert session["tools"] == [TOOL]


def test_the_server_ends_turns_answers_them_and_stops_when_interrupted() -> None:
    heard = sent(COMMANDS[0])["session"]["audio"]["input"]

    assert heard["turn_detection"] == {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "create_response": True,
        "interrupt_response": True,
    }
    assert heard["transcription"] == {"model": "gpt-transcribe"}  # in whatever language is spoken


def test_reasoning_is_only_asked_of_models_that_know_it() -> None:
    assert sent(COMMANDS[0])["session"]["reasoning"] == {"effort": "low"}
    assert "reasoning" not in sent(COMMANDS[1])["session"]


def test_a_response_bears_our_id_in_its_event_and_its_metadata() -> None:
    assert sent(do.Respond("r1")) == {
        "type": "response.create",
        "event_id": "r1",
        "response": {"metadata": {"request_id": "r1"}},
    }
    assert sent(do.Respond("r2", "Say exactly: Hi."))["response"] == {
        "metadata": {"request_id": "r2"},
        "instructions": "Say exactly: Hi.",
        "tool_choice": "none",
    }


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (do.HearAudio("AAAA"), {"type": "input_audio_buffer.append", "audio": "AAAA"}),
        (do.CommitAudio("b2"), {"type": "input_audio_buffer.commit", "event_id": "b2"}),
        (
            do.CancelResponse("c3", "resp_1"),
            {"type": "response.cancel", "event_id": "c3", "response_id": "resp_1"},
        ),
        (
            do.Truncate("t4", "item_1", 1480),
            {
                "type": "conversation.item.truncate",
                "event_id": "t4",
                "item_id": "item_1",
                "content_index": 0,
                "audio_end_ms": 1480,
            },
        ),
        (
            do.ForgetItem("f5", "item_2"),
            {"type": "conversation.item.delete", "event_id": "f5", "item_id": "item_2"},
        ),
        (
            do.AnswerTool("call_1", "{}"),
            {
                "type": "conversation.item.create",
                "item": {"type": "function_call_output", "call_id": "call_1", "output": "{}"},
            },
        ),
        (
            do.TellModel("x"),
            {
                "type": "conversation.item.create",
                "item": {
                    "type": "message",
                    "role": "system",
                    "content": [{"type": "input_text", "text": "x"}],
                },
            },
        ),
        (
            do.TellSpoken("x"),
            {
                "type": "conversation.item.create",
                "item": {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "x"}],
                },
            },
        ),
    ],
)
def test_what_each_command_becomes(command: do.Command, event: dict[str, object]) -> None:
    assert sent(command) == event


@pytest.mark.parametrize("command", [do.PlayAudio(""), do.ClearPlayback(), do.EndCall("x")])
def test_commands_of_other_legs_are_not_sent(command: do.Command) -> None:
    assert encode(command) is None


# -- what the server sends -----------------------------------------------------------------------


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
    ],
)
def test_anything_else_is_refused_as_no_server_event(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data, 7)
