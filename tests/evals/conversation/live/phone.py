"""The scenario's caller at a phone of the local stack's network, on media time.

The caller hears the agent's turns as the product has written them down, with what was heard of one
that was cut: the words are the model's own of its sound. So no ear of ours stands between the model
and its grade; whoever cuts in over the agent's voice is not played, for a turn is read at its end.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from services.simulator.caller.sending import CallerTick
from services.simulator.speech import Speech
from services.simulator.speech.sound import FRAME_MS, SILENCE, frames
from tests.evals.conversation.callers.answer import Utterance
from tests.evals.conversation.callers.caller import Caller
from tests.evals.conversation.callers.turns import HANGS_UP_AFTER_MS, PATIENCE_MS, TURN_OVER_MS

LONGEST_MS = 600_000


class LivePhone:
    """Implements the simulator's `Phone`: 20 ms in, 20 ms out."""

    def __init__(
        self, caller: Caller, speech: Speech, note: Callable[[int, str, str, int], None]
    ) -> None:
        """`note` is told of each utterance: when it began, who spoke, the words, its end."""
        self._caller, self._speech, self._note = caller, speech, note
        self._voice = ThreadPoolExecutor(1)  # speaking takes longer than a frame
        self.now_ms = 0  # of media
        self._read: set[int] = set()  # turns of the agent's by number
        self._heard: list[str] = []  # their words that are not answered yet
        self._considered = ""  # what the caller thought about last, answered or not
        self._has_opened = False
        self._next: tuple[int, Utterance, Future[bytes]] | None = None  # not before this time
        self._frames: deque[bytes] = deque()
        self._hangs_up_ms: int | None = None
        self._sound_ms = 0  # when the agent was heard last
        self._spoke_ms: int | None = None  # when the caller fell silent last
        self._nudged_ms = 0
        self._waits = False
        self.waits: list[tuple[int, int]] = []  # from falling silent to the agent's first sound

    def read(self, turns: Iterable[Mapping[str, Any]]) -> None:
        """Take the turns of the call as they are written by now."""
        for row in sorted(turns, key=lambda row: int(row["seq"])):
            if row["role"] == "assistant" and row.get("text") and row["seq"] not in self._read:
                self._read.add(row["seq"])
                self._heard.append(str(row.get("heard") or "") if row.get("cut") else row["text"])

    def hang_up(self) -> None:
        """Put the phone down with the next frame."""
        self._hangs_up_ms = 0

    def close(self) -> None:
        """Let go of the voice's thread."""
        self._voice.shutdown(wait=False, cancel_futures=True)

    def tick(self, heard: bytes) -> CallerTick:
        """Hear 20 ms and return what is sent in the same 20 ms."""
        self.now_ms += FRAME_MS
        if heard != SILENCE:
            self._sound()
        leaves = self._hangs_up_ms is not None and self.now_ms >= self._hangs_up_ms
        if leaves or self.now_ms >= LONGEST_MS:
            return CallerTick(hangs_up=True)
        if not self._frames and self._next is None and self._hangs_up_ms is None:
            self._decide()
        self._begin()
        return self._send()

    def _sound(self) -> None:
        if self._waits and self._spoke_ms is not None:
            self._waits = False
            self.waits.append((self._spoke_ms, self.now_ms - FRAME_MS))
        self._sound_ms = self.now_ms

    def _decide(self) -> None:
        """Speak after what was heard, or because nobody says anything."""
        quiet_ms = self.now_ms - max(self._sound_ms, self._nudged_ms, self._spoke_ms or 0)
        heard = " ".join(filter(None, self._heard))
        if self._heard and self.now_ms - self._sound_ms >= TURN_OVER_MS:
            if not self._has_opened:
                self._has_opened = True
                self._answer(self._caller.opening())
                return
            if heard != self._considered:
                self._considered = heard
                if utterance := self._caller.reply(heard):
                    self._answer(utterance)
                    return
        if self._has_opened and quiet_ms >= PATIENCE_MS:
            self._nudged_ms = self.now_ms
            self._speak(self._caller.silence())

    def _answer(self, utterance: Utterance | None) -> None:
        self._heard.clear()
        self._considered = ""
        self._speak(utterance)

    def _speak(self, utterance: Utterance | None) -> None:
        if utterance is not None:
            words, voice = utterance.text.strip(), self._speech.voice
            sound = self._voice.submit(lambda: b"".join(voice.speak(words)))
            self._next = self.now_ms + self._caller.pause_ms, utterance, sound

    def _begin(self) -> None:
        if self._next is None or self.now_ms < self._next[0] or not self._next[2].done():
            return
        _, utterance, sound = self._next
        self._next = None
        self._frames.extend(frames(sound.result()))
        until_ms = self.now_ms + len(self._frames) * FRAME_MS
        self._note(self.now_ms, "caller", utterance.text.strip(), until_ms)
        if utterance.hangs_up:
            self._hangs_up_ms = until_ms + HANGS_UP_AFTER_MS

    def _send(self) -> CallerTick:
        if not self._frames:
            return CallerTick()
        frame = self._frames.popleft()
        if not self._frames:
            self._spoke_ms, self._waits = self.now_ms, True
        return CallerTick(frame)
