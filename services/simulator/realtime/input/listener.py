"""Hears the caller: the input buffer, and the user items that are made of it.

fed_ms  0 ............ start ............ stop ........... idle_at
        | buffer: the  | utterance: all   | committed as   | the agent has been quiet for
        | last second  | of it is kept    | a user item    | idle_timeout_ms: a turn of silence
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from services.simulator.realtime import ids
from services.simulator.realtime.conversation import Conversation, Item
from services.simulator.realtime.input.transcription import Transcriptions
from services.simulator.realtime.input.turn_detection import TurnDetector
from services.simulator.realtime.protocol.server_events import Emit
from services.simulator.realtime.protocol.validate import InvalidEvent
from services.simulator.speech import Speech, SpeechStarted
from services.simulator.speech.sound import BYTES_PER_MS

SHORTEST_COMMIT_MS = 100
KEPT_SILENCE_MS = 1000


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
        self._conversation = conversation
        self._emit = emit
        self._do = reactions
        self._turns = TurnDetector(speech)
        self._transcriptions = Transcriptions(speech, pool, emit, reactions.transcribed)
        self._settings: dict[str, Any] = {}  # the session's audio.input
        self._buffer = bytearray()  # sound that is in no item yet
        self._fed_ms = 0.0  # all the sound of the session so far
        self._utterance: str | None = None  # item id of what is being said, while it is
        # When the caller's patience with a silent agent ends, in ms of sound fed.
        self._idle_at: float | None = None

    def configure(self, settings: dict[str, Any]) -> None:
        """Take the session's audio.input."""
        self._settings = settings
        self._turns.configure(settings["turn_detection"], int(self._fed_ms))
        self._transcriptions.announced = settings["transcription"] is not None

    def hear(self, audio: bytes) -> None:
        """Take in some sound.

        Raises:
            InvalidEvent: the session was not switched to audio/pcmu.
        """
        if self._settings["format"]["type"] != "audio/pcmu":
            message = "This local server hears audio/pcmu only; set session.audio.input.format."
            raise InvalidEvent("unsupported_format", message, "audio")
        self._buffer += audio
        self._fed_ms += len(audio) / BYTES_PER_MS
        if not self._turns.listens:
            return
        for event in self._turns.hear(audio):
            if isinstance(event, SpeechStarted):
                self._began(event.at_ms)
            else:
                self._stopped(event.at_ms, event.clip)
        if self._utterance is None:
            del self._buffer[: -KEPT_SILENCE_MS * BYTES_PER_MS]
            self._look_idle()

    def commit(self) -> None:
        """Make a user item of the buffer, as the client asked.

        Raises:
            InvalidEvent: there is too little in it.
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
        self._turns.forget(int(self._fed_ms))
        self._emit("input_audio_buffer.cleared", {})

    def agent_ends(self, in_ms: int) -> None:
        """The agent will have spoken in `in_ms`: the caller's patience is counted from there."""
        detection = self._settings.get("turn_detection") or {}
        patience = detection.get("idle_timeout_ms")
        self._idle_at = self._fed_ms + in_ms + patience if patience else None

    def transcribe(self, item: Item, clip: bytes) -> None:
        """Begin to find out the words of a user item."""
        self._transcriptions.begin(item, clip)

    async def close(self) -> None:
        await self._transcriptions.close()

    def _began(self, at_ms: int) -> None:
        self._idle_at = None
        self._utterance = ids.new("item")
        padding = self._settings["turn_detection"].get("prefix_padding_ms", 0)
        fields = {"audio_start_ms": max(0, at_ms - padding), "item_id": self._utterance}
        self._emit("input_audio_buffer.speech_started", fields)
        self._do.spoke()

    def _stopped(self, at_ms: int, clip: bytes) -> None:
        item_id = self._utterance or ids.new("item")
        fields = {"audio_end_ms": at_ms, "item_id": item_id}
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
