"""Finds out the words of what the caller said, in a thread, while the session goes on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.simulator.realtime.conversation import Item
from services.simulator.realtime.protocol.server_events import Emit
from services.simulator.realtime.usage import HEARD_MS, tokens
from services.simulator.speech import Speech
from services.simulator.speech.sound import BYTES_PER_MS

_EVENT = "conversation.item.input_audio_transcription"


class Transcriptions:
    """The transcriptions of one session; `on_words` is told of each that succeeded."""

    def __init__(
        self,
        speech: Speech,
        pool: ThreadPoolExecutor,
        emit: Emit,
        on_words: Callable[[str], None],
    ) -> None:
        self._transcriber = speech.transcriber
        self._pool = pool
        self._emit, self._on_words = emit, on_words
        self._tasks: set[asyncio.Task[str]] = set()
        # Whether the client asked for the words. The agent is given them either way.
        self.announced = False

    def begin(self, item: Item, clip: bytes) -> None:
        """Begin to find out the words of a user item; `item.transcription` will have them."""
        item.audio_ms = len(clip) // BYTES_PER_MS
        item.transcription = asyncio.get_running_loop().create_task(self._words(item, clip))
        self._tasks.add(item.transcription)
        item.transcription.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _words(self, item: Item, clip: bytes) -> str:
        loop = asyncio.get_running_loop()
        place = {"item_id": item.id, "content_index": 0}
        try:
            text = await loop.run_in_executor(self._pool, self._transcriber.text, clip)
        except (RuntimeError, ValueError, OSError):
            error = {
                "type": "transcription_error",
                "code": "audio_unintelligible",
                "message": "The audio could not be transcribed.",
                "param": None,
            }
            self._emit(f"{_EVENT}.failed", {**place, "error": error})
            return ""
        item.content = [{"type": "input_audio", "transcript": text}]
        self._on_words(text)
        if self.announced:
            if text:
                self._emit(f"{_EVENT}.delta", {**place, "delta": text})
            counts = _usage(item.audio_ms, text)
            self._emit(f"{_EVENT}.completed", {**place, "transcript": text, "usage": counts})
        return text


def _usage(audio_ms: int, text: str) -> dict[str, Any]:
    heard, written = audio_ms // HEARD_MS, tokens(text)
    return {
        "type": "tokens",
        "total_tokens": heard + written,
        "input_tokens": heard,
        "input_token_details": {"text_tokens": 0, "audio_tokens": heard},
        "output_tokens": written,
    }
