"""The receiver of a phone that a person holds: what they say, type and press, 20 ms at a time."""

from collections import deque
from collections.abc import Callable

from services.simulator.caller.sending import KEY_SPACING_MS, CallerTick
from services.simulator.phone.media.line import Phone
from services.simulator.speech.sound import FRAME, FRAME_MS, frames

AHEAD_FRAMES = 15  # more of a microphone than this was late: the oldest of it is left out
KEYS = "0123456789*#"


class Receiver:
    """Implements `Phone` for a person.

    What is typed is said from its first frame to its last; the microphone is not sent meanwhile.
    """

    def __init__(self) -> None:
        self._microphone: deque[bytes] = deque(maxlen=AHEAD_FRAMES)
        self._typed: deque[CallerTick] = deque()
        self._hangs_up = False

    def tick(self, heard: bytes) -> CallerTick:
        """Return what is sent in the same 20 ms as `heard`, which goes to who listens."""
        if self._hangs_up:
            return CallerTick(hangs_up=True)
        if self._typed:
            self._microphone.clear()
            return self._typed.popleft()
        return CallerTick(self._microphone.popleft()) if self._microphone else CallerTick()

    def hear(self, frame: bytes) -> None:
        """Take 20 ms of a microphone; anything of another length is none."""
        if len(frame) == FRAME:
            self._microphone.append(frame)

    def say(self, sound: bytes) -> None:
        """Say what was typed, as sound or as words in frames, behind what is being said."""
        self._typed.extend(CallerTick(piece) for piece in frames(sound))

    def press(self, key: str) -> None:
        """Press one key; anything else is none."""
        if len(key) == 1 and key in KEYS:
            self._typed.append(CallerTick(keys=key))
            self._typed.extend([CallerTick()] * (KEY_SPACING_MS // FRAME_MS - 1))

    def hang_up(self) -> None:
        self._hangs_up = True


class Overheard:
    """Implements `Phone` by another one; `heard` is told both sides of each 20 ms."""

    def __init__(self, phone: Phone, heard: Callable[[bytes, bytes], None]) -> None:
        self._phone, self._heard = phone, heard

    def tick(self, heard: bytes) -> CallerTick:
        tick = self._phone.tick(heard)
        self._heard(heard, tick.audio)
        return tick
