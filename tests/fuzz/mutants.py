"""Messages as their senders send them, and what may become of one."""

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st

FRAME: Final = "/" * 214 + "=="  # 160 bytes of near silence

TWILIO: Final[Sequence[dict[str, Any]]] = (
    {"event": "connected", "protocol": "Call", "version": "1.0.0"},
    {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": "MZ1",
        "start": {
            "accountSid": "AC1",
            "streamSid": "MZ1",
            "callSid": "CA1",
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": "t"},
        },
    },
    {
        "event": "media",
        "sequenceNumber": "3",
        "streamSid": "MZ1",
        "media": {"track": "inbound", "chunk": "1", "timestamp": "62", "payload": FRAME},
    },
    {"event": "mark", "streamSid": "MZ1", "mark": {"name": "g1:item:200"}},
    {"event": "dtmf", "streamSid": "MZ1", "dtmf": {"track": "inbound_track", "digit": "0"}},
    {"event": "stop", "streamSid": "MZ1", "stop": {"accountSid": "AC1", "callSid": "CA1"}},
)

_OF_ITEM: Final = {"response_id": "R", "item_id": "i", "output_index": 0, "content_index": 0}
_CALL: Final = {"name": "get_pricing_quote", "call_id": "call_1", "arguments": "{}"}
REALTIME: Final[Sequence[dict[str, Any]]] = (
    {"type": "session.created", "session": {"id": "sess_1", "model": "gpt-realtime"}},
    {"type": "session.updated", "session": {"id": "sess_1"}},
    {"type": "input_audio_buffer.speech_started", "audio_start_ms": 9, "item_id": "i"},
    {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 900, "item_id": "i"},
    {"type": "input_audio_buffer.committed", "previous_item_id": None, "item_id": "i"},
    {
        "type": "conversation.item.input_audio_transcription.completed",
        "item_id": "i",
        "content_index": 0,
        "transcript": "My card is 4242 4242 4242 4242 and I smell gas.",
    },
    {
        "type": "conversation.item.input_audio_transcription.failed",
        "item_id": "i",
        "error": {"type": "transcription_error", "message": "no"},
    },
    {"type": "response.created", "response": {"id": "R", "metadata": {"request_id": "r1"}}},
    {"type": "response.output_audio.delta", "delta": FRAME, **_OF_ITEM},
    {"type": "response.output_audio_transcript.delta", "delta": "It is $165.", **_OF_ITEM},
    {"type": "response.output_audio_transcript.done", "transcript": "It is $165.", **_OF_ITEM},
    {"type": "response.function_call_arguments.done", **_OF_ITEM, **_CALL},
    {
        "type": "response.done",
        "response": {
            "id": "R",
            "status": "completed",
            "metadata": None,
            "output": [{"id": "f", "type": "function_call", **_CALL}],
            "usage": {"input_tokens": 3, "output_tokens": 5},
        },
    },
    {"type": "error", "error": {"type": "invalid_request_error", "code": "x", "event_id": "r1"}},
)

_words = st.sampled_from(
    ["", "\x00", "\u202e", "💥", "-1", "NaN", "1e999", "9" * 400, "../..", "R"]
)
_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutant(draw: st.DrawFn, samples: Sequence[dict[str, Any]]) -> Any:
    """One of `samples`, with up to three of its parts replaced, removed or doubled."""
    message: Any = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, 3))):
        message = _changed(draw, message)
    return message


def _changed(draw: st.DrawFn, part: Any) -> Any:
    """`part` with one place somewhere inside changed; the original is left as it is."""
    if not isinstance(part, dict) or not part or draw(st.integers(0, 9)) == 0:
        return draw(_anything)
    key = draw(st.sampled_from(sorted(part)))
    changed = dict(part)
    what = draw(st.sampled_from(["inside", "removed", "renamed"]))
    if what == "inside":
        changed[key] = _changed(draw, part[key])
    else:
        value = changed.pop(key)
        if what == "renamed":
            changed[draw(_words)] = value
    return changed
