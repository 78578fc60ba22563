"""The caller's ears: the agent's turns in words, and a glimpse of the one going on.

Media time only; in voice mode one thread transcribes, and its words come with a later frame.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from services.simulator.speech import Speech, SpeechStarted, SpeechStopped
from services.simulator.speech.sound import BYTES_PER_MS

TURN_END_MS = 700
GLIMPSE_EVERY_MS = 400
GLIMPSE_MS = 3000  # transcribing costs time: only the last words are looked at
PRE_ROLL_MS = 400


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """What the agent said without a break, being transcribed."""

    began_ms: int
    ended_ms: int
    words: Future[str]


class Listening:
    """Her ears: the agent's turns, and a glimpse of the one going on."""

    def __init__(self, speech: Speech) -> None:
        self._ears = speech.ears(silence_ms=TURN_END_MS)
        self._transcriber = speech.transcriber
        # Transcribing a voice takes time; words as data are read at once.
        self._pool = ThreadPoolExecutor(1) if speech.mode == "voice" else None
        self._turns: deque[HeardTurn] = deque()  # ended, and not all understood yet
        self._recent = bytearray()  # the sound of the turn going on, for a glimpse of it
        self._glimpse: Future[str] | None = None  # one that is being transcribed
        self._glimpsed = ""  # the words of the last one
        self._glimpsed_at = 0  # media time at which the last one was begun
        self.speaking = False  # whether the agent is in the middle of a turn
        self.began_ms = 0  # media time at which the last turn began
        self.ended_ms = 0  # media time at which the last turn ended

    @property
    def busy(self) -> bool:
        """Whether something said is not understood yet."""
        return self.speaking or bool(self._turns)

    def hear(self, audio: bytes) -> list[HeardTurn]:
        """Return the turns understood by now."""
        self._recent += audio
        for event in self._ears.hear(audio):
            match event:
                case SpeechStarted():
                    self.speaking, self.began_ms = True, event.at_ms
                    self._glimpse, self._glimpsed = None, ""
                case SpeechStopped():
                    self.speaking, self.ended_ms = False, event.at_ms
                    words = self._transcribe(event.clip)
                    self._turns.append(HeardTurn(self.began_ms, event.at_ms, words))
        if not self.speaking:
            del self._recent[: -PRE_ROLL_MS * BYTES_PER_MS]
        understood = []
        while self._turns and self._turns[0].words.done():
            understood.append(self._turns.popleft())
        return understood

    def glimpse(self, now_ms: int) -> str:
        """Return the last words of the turn going on, as far as they are understood."""
        if self._glimpse is not None and self._glimpse.done():
            self._glimpsed, self._glimpse = self._glimpse.result(), None
        if self._glimpse is None and now_ms - self._glimpsed_at >= GLIMPSE_EVERY_MS:
            self._glimpse = self._transcribe(bytes(self._recent[-GLIMPSE_MS * BYTES_PER_MS :]))
            self._glimpsed_at = now_ms
        return self._glimpsed

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _transcribe(self, clip: bytes) -> Future[str]:
        if self._pool is not None:
            return self._pool.submit(self._transcriber.text, clip)
        done: Future[str] = Future()
        done.set_result(self._transcriber.text(clip))
        return done
