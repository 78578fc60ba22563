"""A caller without ears: waits for sound and for silence, plays one recording, hangs up.

It understands nothing, so it can ring any deployment, whatever model and voice answer there.
"""

from collections import deque

from services.simulator.caller.sending import CallerTick
from services.simulator.speech.sound import BYTES_PER_MS, FRAME, FRAME_MS, SAMPLES, frames

LOUD = tuple(abs(sample) > 400 for sample in SAMPLES)
LOUD_BYTES = 3  # of a frame's 160; a click is fewer
PAUSE_MS = 1200  # this long without a sound, and the agent has finished
NOTHING_MS = 20_000  # nobody waits longer for a first word
LONGEST_MS = 90_000


def sounds(frame: bytes) -> bool:
    """Whether somebody speaks in these 20 ms."""
    return sum(map(LOUD.__getitem__, frame)) >= LOUD_BYTES


def first_sound(audio: bytes, after_ms: int = 0) -> int | None:
    """When the first sound from `after_ms` on begins, in ms of the audio; None for silence."""
    for start in range(after_ms * BYTES_PER_MS // FRAME * FRAME, len(audio), FRAME):
        if sounds(audio[start : start + FRAME]):
            return start // BYTES_PER_MS
    return None


def last_sound(audio: bytes) -> int | None:
    """When the last sound ends; None for silence."""
    starts = range(0, len(audio), FRAME)
    loud = [start for start in starts if sounds(audio[start : start + FRAME])]
    return (loud[-1] + FRAME) // BYTES_PER_MS if loud else None


class SmokePhone:
    """Hears the disclosure, says one sentence, hears an answer, hangs up."""

    def __init__(self, sentence: bytes) -> None:
        self._sentence = sentence
        self._outgoing: deque[bytes] = deque()  # the sentence, while it is being said
        self._now = 0  # ms of media
        self._waits_since = 0  # when it began to wait for the agent
        self._quiet_since: int | None = None  # the agent's last sound; None until there was one
        self._asked = False  # it has said its sentence
        self._gone = False  # it has hung up

    def tick(self, heard: bytes) -> CallerTick:
        """Hear 20 ms and return what is sent in the same 20 ms."""
        self._now += FRAME_MS
        if self._gone:
            return CallerTick()
        if sounds(heard):
            self._quiet_since = self._now
        if self._outgoing:
            # What was heard meanwhile is still the sentence before.
            self._waits_since, self._quiet_since = self._now, None
            return CallerTick(self._outgoing.popleft())
        if self._is_over():
            self._gone = True
            return CallerTick(hangs_up=True)
        if self._has_finished():
            self._asked = True
            self._outgoing.extend(frames(self._sentence))
        return CallerTick()

    def _has_finished(self) -> bool:
        return self._quiet_since is not None and self._now - self._quiet_since >= PAUSE_MS

    def _is_over(self) -> bool:
        nothing = self._quiet_since is None and self._now - self._waits_since >= NOTHING_MS
        return (self._asked and self._has_finished()) or nothing or self._now >= LONGEST_MS
