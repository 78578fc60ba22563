"""The session object: what a new one holds, and what an update may change when."""

import copy
from typing import Any

from pydantic import BaseModel

from services.simulator.realtime.protocol.session_fields import Audio, SessionFields
from services.simulator.realtime.protocol.validate import InvalidEvent

REASONING = frozenset({"gpt-realtime-2", "gpt-realtime-2.1", "gpt-realtime-2.1-mini"})
# Without those that OpenAI shuts down on 2027-01-20.
MODELS = REASONING | {"gpt-realtime-1.5"}
HINTED = frozenset({"gpt-transcribe", "gpt-live-transcribe"})  # take languages and keywords
SESSION_SECONDS = 3600
_INSTRUCTIONS = "Your knowledge cutoff is 2023-10. You are a helpful, witty, and friendly AI."
_PCM = {"type": "audio/pcm", "rate": 24000}
_TURN_DETECTION = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 300,
    "silence_duration_ms": 200,  # as captured; the guide says 500
    "idle_timeout_ms": None,
    "create_response": True,
    "interrupt_response": True,
}


def fresh(session_id: str, model: str, now: float) -> dict[str, Any]:
    """Return the session object of session.created, as in the GA capture."""
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": session_id,
        "model": model,
        "output_modalities": ["audio"],
        "instructions": _INSTRUCTIONS,
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "truncation": "auto",
        "prompt": None,
        "expires_at": int(now) + SESSION_SECONDS,
        "audio": {
            "input": {
                "format": dict(_PCM),
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": dict(_TURN_DETECTION),
            },
            "output": {"format": dict(_PCM), "voice": "alloy", "speed": 1.0},
        },
        "include": None,
    }


def updated(session: dict[str, Any], asked: SessionFields, *, has_spoken: bool) -> dict[str, Any]:
    """Return the session with `asked` applied; what was not sent stays.

    Raises:
        InvalidEvent: a field cannot be changed any more, or not with this model.
    """
    _may_change(session, asked, has_spoken=has_spoken)
    new = copy.deepcopy(session)
    for field in asked.model_fields_set - {"audio", "type", "model"}:
        new[field] = _plain(getattr(asked, field))
    if asked.audio is not None:
        _merge_audio(new["audio"], asked.audio)
    return new


def _may_change(session: dict[str, Any], asked: SessionFields, *, has_spoken: bool) -> None:
    if asked.model is not None and asked.model != session["model"]:
        message = "The model of a session cannot be changed."
        raise InvalidEvent("invalid_value", message, "session.model")
    for field in ("reasoning", "parallel_tool_calls"):
        if field in asked.model_fields_set and session["model"] not in REASONING:
            message = f"Unsupported parameter: '{field}' is not supported with this model."
            raise InvalidEvent("unsupported_parameter", message, f"session.{field}")
    if "tracing" in asked.model_fields_set and session["tracing"] is not None:
        message = "Tracing cannot be changed once it is enabled."
        raise InvalidEvent("invalid_value", message, "session.tracing")
    _may_transcribe(asked)
    output = asked.audio.output if asked.audio is not None else None
    if output is None or not has_spoken or "voice" not in output.model_fields_set:
        return
    if _plain(output.voice) != session["audio"]["output"]["voice"]:
        message = "Cannot update a conversation's voice if assistant audio is present."
        raise InvalidEvent("cannot_update_voice", message, "session.audio.output.voice")


def _may_transcribe(asked: SessionFields) -> None:
    """Hints go to the models that take them, and one way of naming languages at a time."""
    told = asked.audio.input.transcription if asked.audio is not None else None
    if told is None:
        return
    path = "session.audio.input.transcription"
    if told.model not in HINTED:
        for field in ("languages", "keywords"):
            if getattr(told, field) is not None:
                message = f"Unsupported parameter: '{field}' is not supported with this model."
                raise InvalidEvent("unsupported_parameter", message, f"{path}.{field}")
    if told.language is not None and told.languages is not None:
        message = "Give either 'language' or 'languages', not both."
        raise InvalidEvent("invalid_value", message, f"{path}.languages")


def _merge_audio(audio: dict[str, Any], asked: Audio) -> None:
    for side in ("input", "output"):
        if side in asked.model_fields_set:
            fields = getattr(asked, side)
            for field in fields.model_fields_set:
                audio[side][field] = _plain(getattr(fields, field))


def _plain(value: Any) -> Any:
    """Return a model as JSON: turn detection with its defaults, the rest without empty fields."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if not isinstance(value, BaseModel):
        return value
    return value.model_dump(exclude_none=getattr(value, "type", "") != "server_vad")
