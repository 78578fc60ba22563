"""The scripted caller: hears the agent, picks her line, speaks it. Sans I/O, on media time alone.

The phone calls `tick` once per 20 ms of media. Nothing in here knows the wall clock; only the
transcription of a real voice takes real time, in one thread, while media time goes on.

    agent speaks ------------+                      +------ the next turn ...
                             | understood           |
    caller                   +-- THINKING_MS --[ her line ]
                                                ^ turns that begin before its end need no answer
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.simulator.caller.listening import HeardTurn, Listening
from services.simulator.caller.script import ScriptProgress
from services.simulator.caller.sending import CallerLine, CallerTick, Sending, sounds
from services.simulator.scenarios.scenario import Scenario, matches
from services.simulator.speech import Speech
from services.simulator.speech.sound import FRAME_MS

THINKING_MS = 300
STATEMENT_PATIENCE_MS = 8000
QUESTION_PATIENCE_MS = 1500
GOODBYE_PATIENCE_MS = 10_000

_CODE = re.compile(r"\bcode is (\d{6})\b")
# Nobody who was asked to wait asks back.
WAIT = r"\b(hold|one moment|just a (moment|second)|let me|connect(ing)?)\b"
GOODBYE = r"\b(good\s?bye|bye|take care|have a (good|great|nice|safe)|see you)\b"


@dataclass(slots=True)
class Unanswered:
    """What the agent has said and she has not reacted to yet."""

    text: str = ""  # empty when there is nothing to react to
    line: int | None = None  # the line of the scenario that answers it, if one does
    understood_ms: int = 0  # when the last turn of it was understood
    goodbye: bool = False  # the last thing understood was a goodbye that needs no answer
    answered_until_ms: int = 0  # turns that began before this need no answer any more


class ScriptedCaller:
    """Plays one scenario's caller."""

    def __init__(
        self,
        scenario: Scenario,
        speech: Speech,
        on_line: Callable[[CallerLine], None],
        texted: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """`texted`: what the phones she can look at were texted, the newest last."""
        self._scenario, self._texted = scenario, texted
        self._on_line = on_line
        self._script = ScriptProgress(scenario)
        self._sending = Sending(sounds(scenario, speech), on_line)
        self._listening = Listening(speech)
        self._open = Unanswered()
        self._now = 0  # ms of media since the call was answered

    def tick(self, heard: bytes) -> CallerTick:
        """Hear 20 ms and return what she sends in the same 20 ms."""
        if self._sending.hung_up:
            return CallerTick()
        self._now += FRAME_MS
        for turn in self._listening.hear(heard):
            self._understand(turn)
        if self._sending.busy:
            return self._sending.send(self._now)
        if self._listening.speaking:
            self._interrupt()
        elif self._open.text and self._now - self._open.understood_ms >= THINKING_MS:
            self._answer()
        elif self._is_tired():
            self._sending.hang_up()
        return self._sending.send(self._now) if self._sending.busy else CallerTick()

    def close(self) -> None:
        """Let go of the transcribing thread."""
        self._listening.close()

    def _understand(self, turn: HeardTurn) -> None:
        text = turn.words.result()
        self._on_line(CallerLine(turn.began_ms, "heard", text))
        if text and turn.began_ms >= self._open.answered_until_ms:
            self._open.text = f"{self._open.text} {text}".strip()
            self._open.understood_ms = self._now
            self._open.line = self._script.line_for(self._open.text)

    def _answer(self) -> None:
        """Say the line that fits; else wait, in case the agent goes on, and then ask again."""
        if self._listening.busy:
            return
        if self._open.line is not None:
            self._use(self._open.line)
        elif matches(GOODBYE, self._open.text) and "?" not in self._open.text:
            self._open.goodbye = True
            self._open.text = ""
        else:
            self._ask_again()

    def _interrupt(self) -> None:
        """Cut in on the turn going on, where a line wants that and matches what was said so far."""
        may_cut_in = self._script.interrupting(self._now - self._listening.began_ms)
        if not may_cut_in:
            return
        so_far = self._listening.glimpse(self._now)
        for index in may_cut_in:
            if matches(self._scenario.lines[index].hears, so_far):
                self._use(index)
                return

    def _use(self, index: int) -> None:
        line = self._scenario.lines[index]
        wording = self._script.wording(index)
        if wording is not None:
            self._sending.say(wording, index, self._now)
        self._sending.press(self._code() if line.keys_code else line.keys, index, self._now)
        if line.hangs_up:
            self._sending.hang_up()
        self._script.use(index)
        self._settle()

    def _code(self) -> str:
        """The code of the newest text, with the key that ends it; "" where there is none."""
        found = [code for body in self._texted() for code in _CODE.findall(body)]
        return f"{found[-1]}#" if found else ""

    def _ask_again(self) -> None:
        """Ask again, at most as often as she has words for it, unless she was told to wait."""
        asked = "?" in self._open.text
        patience = QUESTION_PATIENCE_MS if asked else STATEMENT_PATIENCE_MS
        if self._now - self._open.understood_ms < patience:
            return
        told_to_wait = not asked and matches(WAIT, self._open.text)
        if not told_to_wait and (wording := self._script.ask_again()) is not None:
            self._sending.say(wording, None, self._now)
        self._settle()

    def _settle(self) -> None:
        """Whatever was heard is dealt with, and so is what is said until she has finished."""
        self._open.text = ""
        self._open.goodbye = False
        self._open.answered_until_ms = self._now + self._sending.left_ms

    def _is_tired(self) -> bool:
        """Whether it has been quiet for so long that she hangs up."""
        if self._listening.busy or self._open.text:
            return False
        quiet_ms = self._now - max(self._sending.silent_since_ms, self._listening.ended_ms)
        patience = GOODBYE_PATIENCE_MS if self._open.goodbye else self._scenario.patience_s * 1000
        return quiet_ms >= patience
