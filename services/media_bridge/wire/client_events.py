"""OpenAI Realtime (GA): commands to client events."""

import msgspec

from services.media_bridge.core import commands as do

TRANSCRIPTION_MODEL = "gpt-transcribe"
# A caller's pause for breath is shorter, a wait for an answer longer.
SILENCE_MS = 500
# About 50 seconds of speech: no turn of a phone call is longer.
MAX_OUTPUT_TOKENS = 1024

_encoder = msgspec.json.Encoder()


def encode(command: do.Command) -> bytes | None:
    """Return the client event for a command to the model, None for any other command."""
    if type(command) is do.HearAudio:  # fifty a second
        return _encoder.encode({"type": "input_audio_buffer.append", "audio": command.payload})
    event = _client_event(command)
    return None if event is None else _encoder.encode(event)


def _client_event(command: do.Command) -> dict[str, object] | None:
    match command:
        case do.OpenSession():
            return _session_update(command)
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
                "item_id": command.item_id,
            }
        case do.TellModel():
            return _message("system", "input_text", command.text, command.item_id)
        case do.TellSpoken():
            return _message("assistant", "output_text", command.text)
        case do.AnswerTool():
            output = {"call_id": command.call_id, "output": command.output}
            return _item({"type": "function_call_output", **output})
    return None


def _item(item: dict[str, object]) -> dict[str, object]:
    return {"type": "conversation.item.create", "item": item}


def _message(role: str, kind: str, text: str, item_id: str | None = None) -> dict[str, object]:
    named = {"id": item_id} if item_id is not None else {}
    content = [{"type": kind, "text": text}]
    return _item({**named, "type": "message", "role": role, "content": content})


def _response_create(command: do.Respond) -> dict[str, object]:
    # The metadata comes back in response.created: so we know our response from the server's own.
    response: dict[str, object] = {"metadata": {"request_id": command.request_id}}
    if command.instructions is not None:
        response["instructions"] = command.instructions
        response["tool_choice"] = "none"
    return {"type": "response.create", "event_id": command.request_id, "response": response}


def _session_update(command: do.OpenSession) -> dict[str, object]:
    session: dict[str, object] = {
        "type": "realtime",
        "model": command.model,
        "output_modalities": ["audio"],
        "instructions": command.instructions,
        "max_output_tokens": MAX_OUTPUT_TOKENS,
        "audio": {
            # pcmu takes no rate: the server refuses one.
            "input": {
                "format": {"type": "audio/pcmu"},
                "noise_reduction": {"type": "far_field"},
                # No language: pinned to English, a danger told in Spanish comes as English noise.
                "transcription": {"model": TRANSCRIPTION_MODEL},
                "turn_detection": {
                    "type": "server_vad",
                    "threshold": 0.5,
                    "prefix_padding_ms": 300,
                    "silence_duration_ms": SILENCE_MS,
                    "create_response": True,
                    "interrupt_response": True,
                },
            },
            "output": {"format": {"type": "audio/pcmu"}, "voice": command.voice},
        },
        "tools": list(command.tools),
        "tool_choice": "auto",
        # Only ever cut in big steps: each cut makes the whole conversation be billed uncached.
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.8},
    }
    if command.model.startswith("gpt-realtime-2"):
        session["reasoning"] = {"effort": "low"}  # other models refuse the field
    return {"type": "session.update", "session": session}
