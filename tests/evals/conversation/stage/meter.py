"""What a session's responses are billed: tokens of text and sound, and which of them are cached.

An estimate: a token is four letters, a tenth of a second heard or a twentieth spoken.
"""

import json

from tests.evals.conversation.stage.response import Message, Response
from tests.evals.conversation.stage.sound import timed

HEARD_MS, SPOKEN_MS = 100, 50
LETTERS = 4
CACHE_STEP = 64
CALLER_WPM = 160


class Meter:
    """Counts one session; its context only ever grows, and what a response repeats is cached."""

    def __init__(self) -> None:
        self._session = 0  # text of instructions and tools
        self._text = self._sound = 0  # of the conversation's items
        self._seen = 0  # input of the response before

    def session(self, instructions: str, tools: object) -> None:
        self._session = _tokens(instructions) + _tokens(json.dumps(tools))

    def told(self, text: str) -> None:
        self._text += _tokens(text)

    def heard(self, words: str) -> None:
        self._sound += timed(words, CALLER_WPM).ms // HEARD_MS

    def usage(self, response: Response) -> Message:
        """Of a response that has ended."""
        spoken, written = response.sent_ms // SPOKEN_MS, _tokens(response.said)
        if response.in_conversation:
            text, sound = self._session + self._text, self._sound
            cached = min(self._seen, text + sound) // CACHE_STEP * CACHE_STEP
            self._seen = text + sound
            self._sound += spoken
        else:
            text, sound, cached = _tokens(response.asked.get("instructions") or ""), 0, 0
        of_text = min(cached, text)
        return {
            "input_tokens": text + sound,
            "output_tokens": written + spoken,
            "input_token_details": {
                "text_tokens": text,
                "audio_tokens": sound,
                "cached_tokens": cached,
                "cached_tokens_details": {"text_tokens": of_text, "audio_tokens": cached - of_text},
            },
            "output_token_details": {"text_tokens": written, "audio_tokens": spoken},
        }


def _tokens(text: str) -> int:
    return -(-len(text) // LETTERS)
