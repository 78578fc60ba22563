"""Hears the caller: the input buffer, voice activity, and the transcription of each utterance."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Conversation, Item
from services.simulator.realtime.protocol.validate import InvalidEvent
from services.simulator.realtime.responses.response import Emit
from services.simulator.realtime.usage import HEARD_MS, tokens
from services.simulator.speech import Ears, Speech, SpeechStarted

BYTES_PER_MS = 8
SHORTEST_COMMIT_MS = 100
# semantic_vad decides by meaning; here each eagerness is a patience with silence.
_PATIENCE_MS = {"low": 1200, "medium": 800, "auto": 800, "high": 400}


@dataclass(frozen=True, slots=True)
class Reactions:
    """What the session does about what is heard."""

    spoke: Callable[[], None]
    ended: Callable[[], None]
    idle: Callable[[], None]
    transcribed: Callable[[str], None]


class Listener:
    """The ears of one session. Only G.711 mu-law is heard here."""

    def __init__(
        self,
        speech: Speech,
        pool: ThreadPoolExecutor,
        conversation: Conversation,
        emit: Emit,
        reactions: Reactions,
    ) -> None:
        self._speech = speech
        self._pool = pool
        self._conversation = conversation
        self._emit = emit
        self._do = reactions
        self._settings: dict[str, Any] = {}
        self._ears: Ears | None = None
        self._ears_began_ms = 0
        self._buffer = bytearray()
        self._fed_ms = 0.0
        self._utterance: str | None = None  # item id of the one being spoken
        self._idle_at: float | None = None
        self._tasks: set[asyncio.Task[str]] = set()

    def configure(self, settings: dict[str, Any]) -> None:
        """Take the session's audio.input; ears are opened anew only when their patience changed."""
        before = self._settings.get("turn_detection")
        self._settings = settings
        detection = settings["turn_detection"]
        if detection is None:
            self._ears = None
        elif self._ears is None or _patience(before) != _patience(detection):
            self._ears = self._speech.ears(silence_ms=_patience(detection))
            self._ears_began_ms = int(self._fed_ms)

    def hear(self, audio: bytes) -> None:
        """Take in some sound.

        Raises:
            Refused: the session was not switched to audio/pcmu.
        """
        if self._settings["format"]["type"] != "audio/pcmu":
            message = "This local server hears audio/pcmu only; set session.audio.input.format."
            raise InvalidEvent("unsupported_format", message, "audio")
        self._buffer += audio
        self._fed_ms += len(audio) / BYTES_PER_MS
        if self._ears is None:
            return
        for event in self._ears.hear(audio):
            if isinstance(event, SpeechStarted):
                self._began(event.at_ms)
            else:
                self._stopped(event.at_ms, event.clip)
        if self._utterance is None:
            del self._buffer[: -1000 * BYTES_PER_MS]
            self._look_idle()

    def commit(self) -> None:
        """Make a user item of the buffer, as the client asked.

        Raises:
            Refused: there is too little in it.
        """
        held = len(self._buffer) / BYTES_PER_MS
        if held < SHORTEST_COMMIT_MS:
            message = (
                "Error committing input audio buffer: buffer too small. Expected at least "
                f"{SHORTEST_COMMIT_MS}ms of audio, but buffer only has {held:.2f}ms of audio."
            )
            raise InvalidEvent("input_audio_buffer_commit_empty", message)
        self._commit(self._utterance or ids.new("item"), bytes(self._buffer))

    def clear(self) -> None:
        """Forget what has not been committed."""
        self._buffer.clear()
        self._utterance = None
        if self._ears is not None:
            self._ears = self._speech.ears(silence_ms=_patience(self._settings["turn_detection"]))
            self._ears_began_ms = int(self._fed_ms)
        self._emit("input_audio_buffer.cleared", {})

    def agent_ends(self, in_ms: int) -> None:
        """The agent will have spoken in `in_ms`: the caller's patience is counted from there."""
        detection = self._settings.get("turn_detection") or {}
        patience = detection.get("idle_timeout_ms")
        self._idle_at = self._fed_ms + in_ms + patience if patience else None

    def transcribe(self, item: Item, clip: bytes) -> None:
        """Begin to find out the words of a user item."""
        item.audio_ms = len(clip) // BYTES_PER_MS
        item.transcription = asyncio.get_running_loop().create_task(self._words(item, clip))
        self._tasks.add(item.transcription)
        item.transcription.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _began(self, at_ms: int) -> None:
        self._idle_at = None
        self._utterance = ids.new("item")
        padding = self._settings["turn_detection"].get("prefix_padding_ms", 0)
        start = max(0, self._ears_began_ms + at_ms - padding)
        fields = {"audio_start_ms": start, "item_id": self._utterance}
        self._emit("input_audio_buffer.speech_started", fields)
        self._do.spoke()

    def _stopped(self, at_ms: int, clip: bytes) -> None:
        item_id = self._utterance or ids.new("item")
        fields = {"audio_end_ms": self._ears_began_ms + at_ms, "item_id": item_id}
        self._emit("input_audio_buffer.speech_stopped", fields)
        self._commit(item_id, clip)
        self._do.ended()

    def _look_idle(self) -> None:
        if self._idle_at is None or self._fed_ms < self._idle_at:
            return
        self._idle_at = None
        item_id = ids.new("item")
        span = min(len(self._buffer) // BYTES_PER_MS, int(self._fed_ms))
        fields = {"audio_start_ms": int(self._fed_ms) - span, "audio_end_ms": int(self._fed_ms)}
        self._emit("input_audio_buffer.timeout_triggered", {**fields, "item_id": item_id})
        self._commit(item_id, bytes(self._buffer))
        self._do.idle()

    def _commit(self, item_id: str, clip: bytes) -> None:
        self._buffer.clear()
        self._utterance = None
        previous = self._conversation.last_id
        place = {"previous_item_id": previous}
        self._emit("input_audio_buffer.committed", {**place, "item_id": item_id})
        item = Item(item_id, "message", role="user")
        item.content = [{"type": "input_audio", "transcript": None}]
        self._conversation.add(item)
        for event in ("added", "done"):
            self._emit(f"conversation.item.{event}", {**place, "item": item.wire()})
        self.transcribe(item, clip)

    async def _words(self, item: Item, clip: bytes) -> str:
        """Return the words of a clip; the client is told them where it asked to be."""
        loop = asyncio.get_running_loop()
        place = {"item_id": item.id, "content_index": 0}
        event = "conversation.item.input_audio_transcription"
        try:
            text = await loop.run_in_executor(self._pool, self._speech.transcriber.text, clip)
        except (RuntimeError, ValueError, OSError):
            error = {
                "type": "transcription_error",
                "code": "audio_unintelligible",
                "message": "The audio could not be transcribed.",
                "param": None,
            }
            self._emit(f"{event}.failed", {**place, "error": error})
            return ""
        item.content = [{"type": "input_audio", "transcript": text}]
        self._do.transcribed(text)
        if self._settings["transcription"] is not None:
            if text:
                self._emit(f"{event}.delta", {**place, "delta": text})
            counts = _usage(item.audio_ms, text)
            self._emit(f"{event}.completed", {**place, "transcript": text, "usage": counts})
        return text


def _patience(detection: dict[str, Any] | None) -> int:
    if detection is None:
        return -1
    if detection["type"] == "semantic_vad":
        return _PATIENCE_MS[detection["eagerness"]]
    return int(detection["silence_duration_ms"])


def _usage(audio_ms: int, text: str) -> dict[str, Any]:
    heard, written = audio_ms // HEARD_MS, tokens(text)
    return {
        "type": "tokens",
        "total_tokens": heard + written,
        "input_tokens": heard,
        "input_token_details": {"text_tokens": 0, "audio_tokens": heard},
        "output_tokens": written,
    }
