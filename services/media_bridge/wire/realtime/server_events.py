"""OpenAI Realtime (GA): server events to events. The other way is in client_events.py.

Only what the core decides upon is read; events and fields that are unknown are ignored.
"""

from dataclasses import dataclass

import msgspec

from services.media_bridge.core import events as ev
from services.media_bridge.wire.frames import (
    UNREADABLE,
    Data,
    WireError,
    needed,
    refuse_if_known,
    sound,
)
from services.media_bridge.wire.realtime.tool_arguments import parsed


@dataclass(frozen=True, slots=True)
class MoreWords:
    """A piece of the transcript of what is being said."""

    at_ms: int
    response_id: str
    delta: str


class _Content(msgspec.Struct):
    transcript: str | None = None
    text: str | None = None


class _Item(msgspec.Struct):
    id: str = ""
    type: str = ""
    status: str | None = None
    role: str | None = None
    name: str | None = None
    call_id: str | None = None
    arguments: str | None = None
    content: list[_Content] | None = None


class _Cached(msgspec.Struct):
    text_tokens: int = 0
    audio_tokens: int = 0


class _TokensIn(msgspec.Struct):
    text_tokens: int = 0
    audio_tokens: int = 0
    cached_tokens: int = 0
    cached_tokens_details: _Cached | None = None


class _TokensOut(msgspec.Struct):
    text_tokens: int = 0
    audio_tokens: int = 0


class _Usage(msgspec.Struct):
    input_tokens: int = 0
    output_tokens: int = 0
    input_token_details: _TokensIn | None = None
    output_token_details: _TokensOut | None = None


class _Error(msgspec.Struct):
    type: str | None = None
    code: str | None = None
    message: str = ""
    event_id: str | None = None


class _Details(msgspec.Struct):
    reason: str | None = None
    error: _Error | None = None


class _Response(msgspec.Struct):
    id: str = ""
    status: str | None = None
    status_details: _Details | None = None
    usage: _Usage | None = None
    metadata: dict[str, str] | None = None


class _Event(msgspec.Struct):
    type: str
    item_id: str = ""
    response_id: str = ""
    delta: str = ""
    transcript: str | None = None
    item: _Item | None = None
    response: _Response | None = None
    error: _Error | None = None


class _EventKind(msgspec.Struct):
    """A server event of which nothing is read but what it is."""

    type: str


_event = msgspec.json.Decoder(_Event)
_kind = msgspec.json.Decoder(_EventKind)

_KNOWN = frozenset(
    {
        "session.created",
        "session.updated",
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.input_audio_transcription.failed",
        "response.created",
        "response.output_audio.delta",
        "response.output_audio_transcript.delta",
        "response.output_audio_transcript.done",
        "response.output_item.done",
        "response.done",
        "error",
    }
)


def decode(data: Data, at_ms: int) -> ev.Event | MoreWords | None:
    """Return what a server event tells, None for one that tells us nothing.

    Raises:
        WireError: it is no server event, or a known one of another shape.
    """
    try:
        event = _event.decode(data)
    except UNREADABLE as exc:
        refuse_if_known(data, _kind_of, _KNOWN, exc)
        return None
    if event.type == "response.output_audio.delta":  # nine in ten
        return _audio(event, at_ms)
    return _decode(event, at_ms) if event.type in _KNOWN else None


def _audio(event: _Event, at_ms: int) -> ev.AgentAudio:
    response_id, item_id = needed(event.response_id), needed(event.item_id)
    return ev.AgentAudio(at_ms, response_id, item_id, sound(event.delta))


def _kind_of(data: Data) -> str:
    return _kind.decode(data).type


def _decode(event: _Event, at_ms: int) -> ev.Event | MoreWords | None:
    match event.type:
        case "response.output_audio_transcript.delta":
            return MoreWords(at_ms, needed(event.response_id), event.delta)
        case "session.created":
            return ev.ModelOpened(at_ms)
        case "session.updated":
            return ev.ModelReady(at_ms)
        case "input_audio_buffer.speech_started":
            return ev.CallerSpoke(at_ms, needed(event.item_id))
        case "input_audio_buffer.speech_stopped":
            return ev.CallerStopped(at_ms, needed(event.item_id))
        case "conversation.item.input_audio_transcription.completed":
            words = (event.transcript or "").strip()
            return ev.CallerSaid(at_ms, needed(event.item_id), words)
        case "conversation.item.input_audio_transcription.failed":
            return ev.CallerUnheard(at_ms, needed(event.item_id))
        case "response.output_audio_transcript.done":
            said = event.transcript or ""
            return ev.AgentSaid(at_ms, needed(event.response_id), needed(event.item_id), said)
        case "response.output_item.done":
            return _item_done(needed(event.response_id), needed(event.item), at_ms)
        case "response.created":
            response = needed(event.response)
            metadata = response.metadata or {}
            return ev.ResponseStarted(at_ms, needed(response.id), metadata.get("request_id"))
        case "response.done":
            return _response_done(needed(event.response), at_ms)
        case "error":
            return _error(needed(event.error), at_ms)
    raise WireError("a known server event that nothing reads")


def _item_done(response_id: str, item: _Item, at_ms: int) -> ev.Event | None:
    """A finished call of a tool, or the words of a spoken item, also of one cut short."""
    if item.type == "function_call":
        # An incomplete one has cut JSON, and the server takes no answer for it.
        if item.status != "completed" or not item.call_id or not item.name:
            return None
        arguments = parsed(item.arguments or "")
        return ev.ToolCalled(at_ms, response_id, item.call_id, item.name, arguments)
    if item.type == "message" and item.role == "assistant":
        words = " ".join(part.transcript or part.text or "" for part in item.content or ())
        if words := words.strip():
            return ev.AgentSaid(at_ms, response_id, needed(item.id), words)
    return None


def _response_done(response: _Response, at_ms: int) -> ev.ResponseEnded:
    details = response.status_details or _Details()
    reason = details.reason
    if details.error is not None:
        reason = details.error.code or details.error.type or reason
    return ev.ResponseEnded(
        at_ms, needed(response.id), response.status or "completed", reason, _usage(response.usage)
    )


def _usage(usage: _Usage | None) -> ev.Usage | None:
    """Some servers give no details: all tokens then count as text, all cached ones too."""
    if usage is None:
        return None
    into = usage.input_token_details or _TokensIn(text_tokens=usage.input_tokens)
    out = usage.output_token_details or _TokensOut(text_tokens=usage.output_tokens)
    cached = into.cached_tokens_details or _Cached(text_tokens=into.cached_tokens)
    return ev.Usage(
        text_in=into.text_tokens,
        text_cached=min(cached.text_tokens, into.text_tokens),
        text_out=out.text_tokens,
        audio_in=into.audio_tokens,
        audio_cached=min(cached.audio_tokens, into.audio_tokens),
        audio_out=out.audio_tokens,
    )


def _error(error: _Error, at_ms: int) -> ev.Event:
    code = error.code or error.type or ""
    if code == "session_expired":
        return ev.ModelLost(at_ms, code)
    return ev.ModelRefused(at_ms, code, error.message, error.event_id)
