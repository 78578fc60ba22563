"""The scripted caller: hears the agent, picks her line, speaks it. Sans I/O, on media time alone.

The phone calls `tick` once per 20 ms of media. Nothing in here knows the wall clock; only the
transcription of a real voice takes real time, in one thread, while media time goes on.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from services.simulator.caller.listening import HeardTurn, Listening
from services.simulator.caller.recordings import MissingRecording, Recordings
from services.simulator.scenarios.scenario import Scenario, ScriptLine, matches
from services.simulator.speech import Speech
from services.simulator.speech.sound import FRAME_MS, SILENCE, frames
from services.simulator.speech.textline import encode

THINKING_MS = 300
STATEMENT_PATIENCE_MS = 8000
QUESTION_PATIENCE_MS = 1500
GOODBYE_PATIENCE_MS = 10_000
KEY_SPACING_MS = 240

# Nobody who was asked to wait asks back.
WAIT = r"\b(hold|one moment|just a (moment|second)|let me|connect(ing)?)\b"
GOODBYE = r"\b(good\s?bye|bye|take care|have a (good|great|nice|safe)|see you)\b"


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


class ScriptedCaller:
    """Plays one scenario's caller."""

    def __init__(
        self, scenario: Scenario, speech: Speech, on_line: Callable[[CallerLine], None]
    ) -> None:
        self._scenario = scenario
        self._on_line = on_line
        self._sound = _sounds(scenario, speech)
        self._listening = Listening(speech)
        self._now = 0
        self._outgoing: deque[CallerTick] = deque()
        self._silent_since = 0  # when she last finished speaking herself
        self._unanswered = ""
        self._choice: int | None = None  # the line that answers it
        self._ready_at = 0  # when the last of it was understood
        self._answered_until = 0  # turns that began before this need no answer any more
        self._used: Counter[int] = Counter()
        self._puzzled = 0
        self._goodbye = False
        self._gone = False

    def tick(self, heard: bytes) -> CallerTick:
        """Hear 20 ms and return what she sends in the same 20 ms."""
        if self._gone:
            return CallerTick()
        self._now += FRAME_MS
        for turn in self._listening.hear(heard):
            self._understand(turn)
        if self._outgoing:
            return self._send()
        if self._listening.speaking:
            self._interrupt()
        elif self._unanswered and self._now - self._ready_at >= THINKING_MS:
            self._answer()
        elif self._is_tired():
            self._outgoing.append(CallerTick(hangs_up=True))
        return self._send() if self._outgoing else CallerTick()

    def close(self) -> None:
        """Let go of the transcribing thread."""
        self._listening.close()

    def _send(self) -> CallerTick:
        tick = self._outgoing.popleft()
        self._silent_since = self._now
        if tick.hangs_up:
            self._gone = True
            self._note("hung_up")
        return tick

    def _understand(self, turn: HeardTurn) -> None:
        text = turn.words.result()
        self._on_line(CallerLine(turn.began_ms, "heard", text))
        if text and turn.began_ms >= self._answered_until:
            self._unanswered = f"{self._unanswered} {text}".strip()
            self._ready_at = self._now
            self._choice = self._line_for(self._unanswered)

    def _answer(self) -> None:
        """Say the line that fits; else wait, in case the agent goes on, and then ask again."""
        if self._listening.busy:
            return
        if self._choice is not None:
            self._use(self._choice)
        elif matches(GOODBYE, self._unanswered) and "?" not in self._unanswered:
            self._goodbye = True
            self._unanswered = ""
        else:
            self._puzzle()

    def _interrupt(self) -> None:
        waiting = [
            (index, line.interrupts_after_ms)
            for index, line in enumerate(self._scenario.lines)
            if line.interrupts_after_ms is not None and self._used[index] < line.uses
        ]
        spoken_ms = self._now - self._listening.began_ms
        if not any(spoken_ms >= after for _, after in waiting):
            return
        so_far = self._listening.glimpse(self._now)
        for index, after in waiting:
            if spoken_ms >= after and matches(self._scenario.lines[index].hears, so_far):
                self._use(index)
                return

    def _line_for(self, text: str) -> int | None:
        for index, line in enumerate(self._scenario.lines):
            if self._used[index] < line.uses and matches(line.hears, text):
                return index
        return None

    def _use(self, index: int) -> None:
        line = self._scenario.lines[index]
        if line.says:
            self._say(line.says[self._used[index] % len(line.says)], index)
        self._press(line, index)
        if line.hangs_up:
            self._outgoing.append(CallerTick(hangs_up=True))
        self._used[index] += 1
        self._puzzled = 0
        self._settle()

    def _puzzle(self) -> None:
        """Ask again, at most as often as she has words for it, unless she was told to wait."""
        asked = "?" in self._unanswered
        patience = QUESTION_PATIENCE_MS if asked else STATEMENT_PATIENCE_MS
        if self._now - self._ready_at < patience:
            return
        told_to_wait = not asked and matches(WAIT, self._unanswered)
        if self._puzzled < len(self._scenario.puzzled) and not told_to_wait:
            self._say(self._scenario.puzzled[self._puzzled], None)
            self._puzzled += 1
        self._settle()

    def _settle(self) -> None:
        """Whatever was heard is dealt with, and so is what is said until she has finished."""
        self._unanswered = ""
        self._goodbye = False
        self._answered_until = self._now + len(self._outgoing) * FRAME_MS

    def _say(self, text: str, index: int | None) -> None:
        self._note("said", text, index)
        self._outgoing.extend(CallerTick(audio) for audio in frames(self._sound(text)))

    def _press(self, line: ScriptLine, index: int) -> None:
        if line.keys:
            self._note("keys", line.keys, index)
        for key in line.keys:
            self._outgoing.append(CallerTick(keys=key))
            self._outgoing.extend([CallerTick()] * (KEY_SPACING_MS // FRAME_MS - 1))

    def _is_tired(self) -> bool:
        if self._listening.busy or self._unanswered:
            return False
        quiet_ms = self._now - max(self._silent_since, self._listening.ended_ms)
        patience = GOODBYE_PATIENCE_MS if self._goodbye else self._scenario.patience_s * 1000
        return quiet_ms >= patience

    def _note(
        self, kind: Literal["said", "keys", "hung_up"], text: str = "", index: int | None = None
    ) -> None:
        self._on_line(CallerLine(self._now, kind, text, index))


def _sounds(scenario: Scenario, speech: Speech) -> Callable[[str], bytes]:
    """Return what turns her words into sound; in voice mode every recording must be there."""
    if speech.mode == "text":
        return encode
    recordings = Recordings(scenario.voice)
    if missing := recordings.missing(scenario.wordings):
        raise MissingRecording(
            f"scenario {scenario.name}: voice {scenario.voice} has not recorded {missing[0]!r}"
            f" and {len(missing) - 1} more: run services/simulator/caller/recordings/render.py"
        )
    return recordings.sound
