"""The caller's ears: the agent's turns in words, and a glimpse of the one going on.

Media time only; in voice mode one thread transcribes, and its words come with a later frame.
"""

from collections import deque
from collections.abc import Callable
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


class Glimpse:
    """The last words of the turn going on, looked at now and then while it goes on."""

    def __init__(self, transcribe: Callable[[bytes], Future[str]]) -> None:
        self._transcribe = transcribe
        self._recent = bytearray()  # the sound of the turn, and a little from before it
        self._pending: Future[str] | None = None  # a glimpse that is being transcribed
        self._words = ""  # of the last glimpse of this turn
        self._begun_ms = 0  # media time at which the last one was begun

    def hear(self, audio: bytes) -> None:
        self._recent += audio

    def begin(self) -> None:
        """A turn has begun: what was understood before is of another one."""
        self._pending, self._words = None, ""

    def forget(self) -> None:
        """Nobody speaks: keep no more than a turn may have begun in."""
        del self._recent[: -PRE_ROLL_MS * BYTES_PER_MS]

    def words(self, now_ms: int) -> str:
        """Return what is understood by now, and begin another look when one is due."""
        if self._pending is not None and self._pending.done():
            self._words, self._pending = self._pending.result(), None
        if self._pending is None and now_ms - self._begun_ms >= GLIMPSE_EVERY_MS:
            self._pending = self._transcribe(bytes(self._recent[-GLIMPSE_MS * BYTES_PER_MS :]))
            self._begun_ms = now_ms
        return self._words


class Listening:
    """Her ears: the agent's turns, and a glimpse of the one going on."""

    def __init__(self, speech: Speech) -> None:
        self._ears = speech.ears(silence_ms=TURN_END_MS)
        self._transcriber = speech.transcriber
        # Transcribing a voice takes time; words as data are read at once.
        self._pool = ThreadPoolExecutor(1) if speech.mode == "voice" else None
        self._turns: deque[HeardTurn] = deque()  # ended, and not all understood yet
        self._glimpse = Glimpse(self._transcribe)
        self.speaking = False  # whether the agent is in the middle of a turn
        self.began_ms = 0  # media time at which the last turn began
        self.ended_ms = 0  # media time at which the last turn ended

    @property
    def busy(self) -> bool:
        """Whether something said is not understood yet."""
        return self.speaking or bool(self._turns)

    def hear(self, audio: bytes) -> list[HeardTurn]:
        """Return the turns understood by now."""
        self._glimpse.hear(audio)
        for event in self._ears.hear(audio):
            match event:
                case SpeechStarted():
                    self.speaking, self.began_ms = True, event.at_ms
                    self._glimpse.begin()
                case SpeechStopped():
                    self.speaking, self.ended_ms = False, event.at_ms
                    words = self._transcribe(event.clip)
                    self._turns.append(HeardTurn(self.began_ms, event.at_ms, words))
        if not self.speaking:
            self._glimpse.forget()
        understood = []
        while self._turns and self._turns[0].words.done():
            understood.append(self._turns.popleft())
        return understood

    def glimpse(self, now_ms: int) -> str:
        """Return the last words of the turn going on, as far as they are understood."""
        return self._glimpse.words(now_ms)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _transcribe(self, clip: bytes) -> Future[str]:
        if self._pool is not None:
            return self._pool.submit(self._transcriber.text, clip)
        done: Future[str] = Future()
        done.set_result(self._transcriber.text(clip))
        return done
