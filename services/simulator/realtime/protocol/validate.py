"""Reads one client message or refuses it as the real server does: code, message, param."""

import base64
import binascii
import json

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.simulator.realtime.protocol.client_events import EVENTS, AnyClientEvent

MAX_APPEND_BYTES = 15 * 1024 * 1024
# pydantic names the branch of a union in an error's place; the real server does not.
_BRANCHES = {
    "audio/pcm",
    "audio/pcmu",
    "audio/pcma",
    "server_vad",
    "semantic_vad",
    "message",
    "system",
    "user",
    "assistant",
    "function_call",
    "function_call_output",
    "input_text",
    "input_audio",
    "int",
    "Pcm",
    "Pcmu",
    "Pcma",
    "CustomVoice",
    "FunctionChoice",
    "RetentionRatio",
    "Tracing",
}


class InvalidEvent(Exception):
    """What an `error` event says; the session goes on."""

    def __init__(
        self,
        code: str | None,
        message: str,
        param: str | None = None,
        event_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.param, self.event_id = code, message, param, event_id


def read(text: str) -> AnyClientEvent:
    """Return the event in `text`.

    Raises:
        InvalidEvent: it is not one that a client may send.
    """
    try:
        raw = json.loads(text)
    except ValueError as exc:
        raise InvalidEvent("invalid_json", f"Invalid JSON: {exc}") from exc
    if not isinstance(raw, dict):
        raise InvalidEvent("invalid_event", "The event must be a JSON object.")
    given = raw.get("event_id")
    event_id = given if isinstance(given, str) else None
    kind = raw.get("type")
    if kind is None:
        raise InvalidEvent("invalid_event", "The 'type' field is missing.", None, event_id)
    model = EVENTS.get(kind) if isinstance(kind, str) else None
    if model is None:
        known = ", ".join(f"'{name}'" for name in EVENTS)
        message = f"Invalid value: '{kind}'. Supported values are: {known}."
        raise InvalidEvent("invalid_value", message, "type", event_id)
    try:
        return model.model_validate(raw)
    except ValidationError as exc:
        raise _refusal(exc.errors(include_url=False)[0], event_id) from exc


def audio_of(event_audio: str) -> bytes:
    """Return the sound in a base64 field.

    Raises:
        InvalidEvent: it is not base64, or more than one event may carry.
    """
    try:
        audio = base64.b64decode(event_audio, validate=True)
    except (binascii.Error, ValueError) as exc:
        message = "Invalid 'audio'. Expected base64-encoded audio bytes."
        raise InvalidEvent("invalid_value", message, "audio") from exc
    if len(audio) > MAX_APPEND_BYTES:
        raise InvalidEvent("invalid_value", "Audio of one event may be 15 MiB at most.", "audio")
    return audio


def _refusal(error: ErrorDetails, event_id: str | None) -> InvalidEvent:
    param = _param(error["loc"])
    if error["type"] in ("union_tag_not_found", "union_tag_invalid"):
        param = f"{param}.{_tag(error)}"
    match error["type"]:
        case "extra_forbidden":
            return InvalidEvent(
                "unknown_parameter", f"Unknown parameter: '{param}'.", param, event_id
            )
        case "missing" | "union_tag_not_found":
            return InvalidEvent(
                "missing_required_parameter",
                f"Missing required parameter: '{param}'.",
                param,
                event_id,
            )
        case "union_tag_invalid":
            context = error.get("ctx", {})
            message = (
                f"Invalid value: '{context.get('tag')}'. "
                f"Supported values are: {context.get('expected_tags')}."
            )
            return InvalidEvent("invalid_value", message, param, event_id)
        case "literal_error":
            expected = error.get("ctx", {}).get("expected")
            message = f"Invalid value: '{error['input']}'. Supported values are: {expected}."
            return InvalidEvent("invalid_value", message, param, event_id)
        case kind if kind.endswith("_type"):
            message = f"Invalid type for '{param}': {_lower(error['msg'])}."
            return InvalidEvent("invalid_type", message, param, event_id)
        case _:
            message = f"Invalid '{param}': {_lower(error['msg'])}."
            return InvalidEvent("invalid_value", message, param, event_id)


def _param(loc: tuple[int | str, ...]) -> str:
    """Return a place as the real server writes it: session.tools[0].name."""
    path = ""
    for step in loc:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step in _BRANCHES or step.startswith(("literal[", "constrained-")):
            continue
        else:
            path += f".{step}" if path else step
    return path


def _tag(error: ErrorDetails) -> str:
    return str(error.get("ctx", {}).get("discriminator", "'type'")).strip("'")


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
