"""OpenAI Realtime (GA): commands to client events. The other way is in server_events.py."""

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec

from services.media_bridge.core import commands as do
from services.media_bridge.core.speaking.phrases import say_exactly


@dataclass(frozen=True, slots=True)
class SessionTuning:
    """How a session listens, speaks and thinks: what the product chose among what the protocol
    allows. Each value goes into session.update as it is."""

    transcription_model: str  # writes down what the caller says
    languages: tuple[str, ...]  # ISO 639-1: what may be spoken
    noise_reduction: str  # near_field or far_field
    vad_threshold: float  # 0 to 1: from how loud on a sound is speech
    prefix_padding_ms: int  # of sound before the speech that belongs to the turn
    silence_ms: int  # so much silence ends the caller's turn
    max_output_tokens: int  # the longest response, in tokens
    retention_ratio: float  # 0 to 1: what is kept of a conversation that grew too long
    reasoning_effort: str | None  # minimal to high; None for models that refuse the field


_encoder = msgspec.json.Encoder()


# The client event for a frame of the caller's, which is base64 to the letter, see `sound`.
APPEND: Final = b'{"type":"input_audio_buffer.append","audio":"%b"}'


def encode(command: do.Command, tuning: SessionTuning) -> bytes | None:
    """Return the client event for a command to the model, None for any other command.

    `tuning` is what a command that opens a session leaves to the product.
    """
    if type(command) is do.HearAudio:
        return APPEND % command.payload.encode()
    event = _client_event(command, tuning)
    return None if event is None else _encoder.encode(event)


def _client_event(command: do.Command, tuning: SessionTuning) -> dict[str, object] | None:
    match command:
        case do.OpenSession():
            return _session_update(command, tuning)
        case do.Respond():
            return _response_create(command)
        case do.CommitAudio():
            return {"type": "input_audio_buffer.commit", "event_id": command.request_id}
        case do.CancelResponse():
            return {
                "type": "response.cancel",
                "event_id": command.request_id,
                "response_id": command.response_id,
            }
        case do.Truncate():
            return {
                "type": "conversation.item.truncate",
                "event_id": command.request_id,
                "item_id": command.item_id,
                "content_index": 0,
                "audio_end_ms": command.heard_ms,
            }
        case do.ForgetItem():
            return {
                "type": "conversation.item.delete",
                "event_id": command.request_id,
                "item_id": _anew(command.item_id) if command.retold else command.item_id,
            }
        case do.TellModel():
            return _message("system", "input_text", command.text, command.item_id)
        case do.TellSpoken():
            item_id = None if command.item_id is None else _anew(command.item_id)
            return _message("assistant", "output_text", command.text, item_id)
        case do.TellHeard():
            return _message("user", "input_text", command.text, _anew(command.item_id))
        case do.RecallTool():
            arguments = _encoder.encode(command.arguments or {}).decode()
            called = {"name": command.name, "call_id": command.call_id, "arguments": arguments}
            return _item({"type": "function_call", **called})
        case do.AnswerTool():
            output = {"call_id": command.call_id, "output": command.output}
            return _item({"type": "function_call_output", **output})
    return None


def _anew(item_id: str) -> str:
    """The name of an item of a lost session in the next one: its own may not be used there."""
    return f"anew_{hashlib.sha256(item_id.encode()).hexdigest()[:24]}"


def _item(item: dict[str, object]) -> dict[str, object]:
    return {"type": "conversation.item.create", "item": item}


def _message(role: str, kind: str, text: str, item_id: str | None = None) -> dict[str, object]:
    named = {"id": item_id} if item_id is not None else {}
    content = [{"type": kind, "text": text}]
    return _item({**named, "type": "message", "role": role, "content": content})


def _response_create(command: do.Respond) -> dict[str, object]:
    # The metadata comes back in response.created: so we know our response from the server's own.
    response: dict[str, object] = {"metadata": {"request_id": command.request_id}}
    if command.sentence is not None:
        # Its own context, the sentence alone: there is nothing to paraphrase from.
        response |= {"conversation": "none", "input": []}
        response |= {"instructions": say_exactly(command.sentence), "tool_choice": "none"}
    if command.instructions is not None:
        response["instructions"] = command.instructions
        response["tool_choice"] = "none"
    return {"type": "response.create", "event_id": command.request_id, "response": response}


def _session_update(command: do.OpenSession, tuning: SessionTuning) -> dict[str, object]:
    session: dict[str, object] = {
        "type": "realtime",
        "model": command.model,
        "output_modalities": ["audio"],
        "instructions": command.instructions,
        "max_output_tokens": tuning.max_output_tokens,
        "audio": {
            "input": _input(command, tuning),
            "output": {"format": {"type": "audio/pcmu"}, "voice": command.voice},
        },
        "tools": list(command.tools),
        "tool_choice": "auto",
        "truncation": {"type": "retention_ratio", "retention_ratio": tuning.retention_ratio},
    }
    if tuning.reasoning_effort is not None:
        session["reasoning"] = {"effort": tuning.reasoning_effort}
    return {"type": "session.update", "session": session}


def _input(command: do.OpenSession, tuning: SessionTuning) -> dict[str, object]:
    return {
        # pcmu takes no rate: the server refuses one.
        "format": {"type": "audio/pcmu"},
        "noise_reduction": {"type": tuning.noise_reduction},
        "transcription": _transcription(command, tuning),
        "turn_detection": {
            "type": "server_vad",
            "threshold": tuning.vad_threshold,
            "prefix_padding_ms": tuning.prefix_padding_ms,
            "silence_duration_ms": tuning.silence_ms,
            # The core counts on both: it asks for every response itself, and the server stops
            # one that the caller speaks over.
            "create_response": False,
            "interrupt_response": True,
        },
    }


def _transcription(command: do.OpenSession, tuning: SessionTuning) -> dict[str, object]:
    asked: dict[str, object] = {"model": tuning.transcription_model}
    asked["languages"] = list(tuning.languages)
    if command.keywords:
        asked["keywords"] = list(command.keywords)
    return asked
