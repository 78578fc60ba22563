"""What leaves the caller's phone: her recorded words, the keys she presses, her hanging up."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from services.simulator.caller.recordings import MissingRecording, Recordings
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import Speech
from services.simulator.speech.sound import FRAME_MS, SILENCE, frames
from services.simulator.speech.textline import encode

KEY_SPACING_MS = 240


@dataclass(frozen=True, slots=True)
class CallerLine:
    """Something the caller heard or did; `line` counts the scenario's lines."""

    at_ms: int
    kind: Literal["heard", "said", "keys", "hung_up"]
    text: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class CallerTick:
    """What leaves the caller's phone in one frame."""

    audio: bytes = SILENCE
    keys: str = ""
    hangs_up: bool = False


class Sending:
    """The frames that are still to be sent. Whatever is begun is also told to `on_line`."""

    def __init__(
        self, sound: Callable[[str], bytes], on_line: Callable[[CallerLine], None]
    ) -> None:
        self._sound, self._on_line = sound, on_line
        self._frames: deque[CallerTick] = deque()
        self.silent_since_ms = 0  # when she last sent anything of her own
        self.hung_up = False  # set with the frame that hangs up; nothing is sent after it

    @property
    def busy(self) -> bool:
        """Whether something is still to be sent."""
        return bool(self._frames)

    @property
    def left_ms(self) -> int:
        """How long it takes until all of it is sent."""
        return len(self._frames) * FRAME_MS

    def say(self, text: str, line: int | None, now_ms: int) -> None:
        """Begin to speak `text`, which is of a line of the scenario or of none."""
        self._on_line(CallerLine(now_ms, "said", text, line))
        self._frames.extend(CallerTick(audio) for audio in frames(self._sound(text)))

    def press(self, keys: str, line: int, now_ms: int) -> None:
        """Begin to press `keys`, one after the other."""
        if keys:
            self._on_line(CallerLine(now_ms, "keys", keys, line))
        for n, key in enumerate(keys):
            if n:
                self._frames.extend([CallerTick()] * (KEY_SPACING_MS // FRAME_MS - 1))
            self._frames.append(CallerTick(keys=key))

    def hang_up(self) -> None:
        """Put the phone down once everything before it is sent."""
        self._frames.append(CallerTick(hangs_up=True))

    def send(self, now_ms: int) -> CallerTick:
        """Return the next frame. Only to be called while `busy`."""
        tick = self._frames.popleft()
        self.silent_since_ms = now_ms
        if tick.hangs_up:
            self.hung_up = True
            self._on_line(CallerLine(now_ms, "hung_up"))
        return tick


def sounds(scenario: Scenario, speech: Speech) -> Callable[[str], bytes]:
    """Return what turns her words into sound: recordings, or in text mode words as data.

    Raises:
        MissingRecording: it is voice mode, and a line was never recorded with this voice.
    """
    if speech.mode == "text":
        return encode
    recordings = Recordings(scenario.voice)
    if missing := recordings.missing(scenario.wordings):
        raise MissingRecording(
            f"scenario {scenario.name}: voice {scenario.voice} has not recorded {missing[0]!r}"
            f" and {len(missing) - 1} more: run services/simulator/caller/recordings/render.py"
        )
    return recordings.sound
