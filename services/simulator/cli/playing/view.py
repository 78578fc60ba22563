"""The call as it happens, on a terminal: who speaks, what was heard, tools, texts."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from services.call_page.words import decoded, gist
from services.simulator.caller.sending import CallerLine
from services.simulator.cli.playing.paper import MediaClock, Paper
from services.simulator.cli.playing.report import TranscriptLine
from services.simulator.cli.playing.spoken import NotHeardYet, words
from services.simulator.phone.calls import PhoneEvent
from services.simulator.realtime import RealtimeNote

_QUIET = ("webhook",)


class LiveView:
    """Collects the transcript and, with `out`, shows it line by line.

    What the agent said is shown once its sound has reached the caller, at the time at which it
    did; what never did is not shown as said. `verbose` shows that too, and tools' whole answers.
    """

    def __init__(
        self,
        out: TextIO | None,
        *,
        phonebook: dict[str, str] | None = None,
        verbose: bool = False,
        speed: float = 1.0,
        columns: int | None = None,
        fixed: Sequence[str] = (),  # clips: no model says them while the call goes on
    ) -> None:
        self.transcript: list[TranscriptLine] = []
        self._paper = Paper(out, columns=columns)
        self._phonebook, self._verbose = phonebook or {}, verbose
        self._clock = MediaClock(speed)
        self._spoken = NotHeardYet()  # what the model said and nobody has heard yet
        for sentence in fixed:
            self._spoken.add(sentence)
        self._last_said = ""  # by the caller: what was understood is shown where it differs

    def progress(self, text: str) -> None:
        """Show how far the start has come; on stderr, whatever else is printed where."""
        print(f"  {text}", file=sys.stderr, flush=True)

    def begins_anew(self) -> None:
        """The call before is over: what comes is of another one."""
        self.transcript, self._spoken, self._last_said = [], NotHeardYet(), ""
        self._clock.begins_anew()

    def caller(self, line: CallerLine) -> None:
        """Take what the caller heard, said or did."""
        match line.kind:
            case "said":
                self._last_said = line.text
                self._clock.set(line.at_ms)
                self._note("caller", line.text)
            case "heard":
                self._heard(line)
            case "keys":
                self._clock.set(line.at_ms)
                self._note("caller", f"[presses {line.text}]")
            case "hung_up":
                self._clock.set(line.at_ms)
                self._note("caller", "[hangs up]")

    def model(self, note: RealtimeNote) -> None:
        """Take what happened at the model's side."""
        match note.kind:
            case "said":
                self._keep("agent", note.text)
                self._spoken.add(note.text)
            case "heard":
                other = words(note.text) != words(self._last_said)
                self._note("agent heard", note.text, shown=other)
            case "tool":
                self._note("tool", note.text, shown=self._verbose)
            case "answer":
                pass  # shown from its row, which has the bridge's own milliseconds
            case _:
                self._note("model", f"{note.kind} {note.text}".strip(), shown=self._verbose)

    def phone(self, event: PhoneEvent) -> None:
        """Take what the phone network did."""
        if event.at_ms:
            self._clock.set(event.at_ms)
        match event.kind:
            case "text":
                number, _, body = event.text.removeprefix("to ").partition(": ")
                self._note("text", f"to {self._phonebook.get(number, 'other')} {number}: {body}")
            case "warning":
                self._note("warning", event.text)
            case "stream":
                self._note("phone", f"{event.kind}: {event.text}", shown=self._verbose)
            case kind if kind not in _QUIET:
                self._note("phone", event.text if kind == "said" else f"{kind}: {event.text}")

    def tool(self, row: Mapping[str, Any]) -> None:
        """Take a tool call that was answered."""
        name, took = row.get("tool"), f"{row.get('took_ms')} ms"
        self._keep("tool", f"{name} answered in {took}: {row.get('result')}")
        came = row.get("result") if self._verbose else gist(decoded(row.get("result")))
        self._paper.line(self._clock.now_ms, "tool", f"{name}, {took}: {came}")

    def say(self, who: str, text: str) -> None:
        """Show a line of our own."""
        self._note(who, text)

    def _heard(self, line: CallerLine) -> None:
        """The caller heard something: what of it the agent is known to have said is shown."""
        self.transcript.append(TranscriptLine(line.at_ms, "caller heard", line.text))
        said, never = self._spoken.heard(line.text)
        for text in never:
            if self._verbose:
                self._paper.line(line.at_ms, "not heard", text)
        for text in said or ([] if self._spoken.repeats(line.text) else [line.text]):
            self._paper.line(line.at_ms, "agent", text)
        if said and self._verbose and words(line.text) not in words(" ".join(said)):
            self._paper.line(line.at_ms, "caller's ears", line.text)

    def _keep(self, who: str, text: str) -> None:
        self.transcript.append(TranscriptLine(self._clock.now_ms, who, text))

    def _note(self, who: str, text: str, *, shown: bool = True) -> None:
        self._keep(who, text)
        if shown:
            self._paper.line(self._clock.now_ms, who, text)
