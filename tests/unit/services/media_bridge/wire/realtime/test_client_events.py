"""The Realtime codec: every event we send is one of OpenAI's, with the values we mean."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai.types.realtime import RealtimeClientEventParam

from services.media_bridge.call.opening.setup import session_tuning
from services.media_bridge.core import commands as do
from services.media_bridge.wire.realtime.client_events import encode
from shared.domain.outcomes import EndReason
from tests.strict_types import faults

TOOL: dict[str, object] = {
    "type": "function",
    "name": "end_call",
    "description": "Hang up.",
    "parameters": {"type": "object", "properties": {"reason": {"type": "string"}}},
}
COMMANDS: tuple[do.Command, ...] = (
    do.OpenSession(
        "You answer the phone.",
        (TOOL,),
        "gpt-realtime-2.1",
        "marin",
        ("CoolCare HVAC", "carbon monoxide"),
    ),
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
    model = command.model if isinstance(command, do.OpenSession) else "gpt-realtime-2.1"
    data = encode(command, session_tuning(model))
    assert data is not None
    event = json.loads(data)
    assert isinstance(event, dict)
    return event


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
        "silence_duration_ms": 340,
        "create_response": False,
        "interrupt_response": True,
    }


def test_nothing_a_caller_says_is_traced_at_openai() -> None:
    assert sent(COMMANDS[0])["session"].get("tracing") is None


def test_the_transcriber_knows_both_languages_and_what_it_may_hear() -> None:
    told = [sent(c)["session"]["audio"]["input"]["transcription"] for c in COMMANDS[:2]]

    both = {"model": "gpt-transcribe", "languages": ["en", "es"]}
    assert told == [{**both, "keywords": ["CoolCare HVAC", "carbon monoxide"]}, both]


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


@pytest.mark.parametrize(
    "command", [do.PlayAudio(""), do.ClearPlayback(), do.EndCall(EndReason.GOODBYE)]
)
def test_commands_of_other_legs_are_not_sent(command: do.Command) -> None:
    assert encode(command, session_tuning("gpt-realtime-2.1")) is None
