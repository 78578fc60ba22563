"""Token counts as billed: 1 for 100 ms heard, 1 for 50 ms spoken, text by its length."""

import json
from typing import Any

from services.simulator.realtime.conversation import Item

CHARACTERS = 4
HEARD_MS = 100
SPOKEN_MS = 50
CACHE_STEP = 64


def tokens(text: str) -> int:
    """Return about how many tokens `text` is."""
    return -(-len(text) // CHARACTERS)


def usage(
    session: dict[str, Any], context: list[Item], output: list[Item], seen: int
) -> dict[str, Any]:
    """Return the `usage` of one response; `seen` input tokens were there the last time."""
    text = tokens(session["instructions"]) + tokens(json.dumps(session["tools"]))
    audio = 0
    for item in context:
        if item.audio_ms:
            audio += item.audio_ms // (SPOKEN_MS if item.role == "assistant" else HEARD_MS)
        else:
            text += tokens(item.text)
    spoken = sum(item.audio_ms // SPOKEN_MS for item in output)
    written = sum(tokens(item.text) for item in output)
    cached = min(seen, text + audio) // CACHE_STEP * CACHE_STEP
    cached_text = min(cached, text)
    return {
        "total_tokens": text + audio + written + spoken,
        "input_tokens": text + audio,
        "output_tokens": written + spoken,
        "input_token_details": {
            "text_tokens": text,
            "audio_tokens": audio,
            "image_tokens": 0,
            "cached_tokens": cached,
            "cached_tokens_details": {
                "text_tokens": cached_text,
                "audio_tokens": cached - cached_text,
                "image_tokens": 0,
            },
        },
        "output_token_details": {"text_tokens": written, "audio_tokens": spoken},
    }
