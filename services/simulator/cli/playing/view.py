"""The call as it happens, on a terminal: who speaks, what was heard, tools, texts."""

import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from services.simulator.caller.sending import CallerLine
from services.simulator.cli.playing.report import TranscriptLine
from services.simulator.phone.calls import PhoneEvent
from services.simulator.realtime import RealtimeNote

_COLOURS = {
    "caller": "36", "agent": "32", "tool": "33", "text": "35", "phone": "34",
    "heard": "2", "warning": "31", "model": "2",
}  # fmt: skip
_QUIET = ("webhook",)
_LABEL = 14


class LiveView:
    """Collects the transcript and, with `out`, shows it line by line."""

    def __init__(self, out: TextIO | None, *, phonebook: dict[str, str] | None = None) -> None:
        self.transcript: list[TranscriptLine] = []
        self._out, self._phonebook = out, phonebook or {}
        self._colours = out is not None and out.isatty()
        self._now = 0  # media time of the last event that had one
        # The last line of each speaker: what was heard is not shown when it only repeats it.
        self._last: dict[str, str] = {}

    def progress(self, text: str) -> None:
        """Show how far the start has come; on stderr, whatever else is printed where."""
        print(f"  {text}", file=sys.stderr, flush=True)

    def caller(self, line: CallerLine) -> None:
        """Take what the caller heard, said or did."""
        self._now = max(self._now, line.at_ms)
        match line.kind:
            case "said":
                self._note("caller", line.text)
            case "heard":
                self._note("caller heard", line.text, same_as="agent")
            case "keys":
                self._note("caller", f"[presses {line.text}]")
            case "hung_up":
                self._note("caller", "[hangs up]")

    def model(self, note: RealtimeNote) -> None:
        """Take what happened at the model's side."""
        match note.kind:
            case "said":
                self._note("agent", note.text)
            case "heard":
                self._note("agent heard", note.text, same_as="caller")
            case "tool":
                self._note("tool", note.text)
            case "answer":
                pass  # shown from its row, which has the bridge's own milliseconds
            case _:
                self._note("model", f"{note.kind} {note.text}".strip())

    def phone(self, event: PhoneEvent) -> None:
        """Take what the phone network did."""
        self._now = max(self._now, event.at_ms)
        match event.kind:
            case "text":
                number, _, body = event.text.removeprefix("to ").partition(": ")
                self._note("text", f"to {self._phonebook.get(number, 'other')} {number}: {body}")
            case "warning":
                self._note("warning", event.text)
            case kind if kind not in _QUIET:
                self._note("phone", event.text if kind == "said" else f"{kind}: {event.text}")

    def tool(self, row: Mapping[str, Any]) -> None:
        """Take a tool call that was answered."""
        took = f"{row.get('took_ms')} ms"
        self._note("tool", f"{row.get('tool')} answered in {took}: {row.get('result')}")

    def say(self, who: str, text: str) -> None:
        """Show a line of our own."""
        self._note(who, text)

    def _note(self, who: str, text: str, same_as: str = "") -> None:
        self.transcript.append(TranscriptLine(self._now, who, text))
        repeated = same_as and _words(text) in _words(self._last.get(same_as, ""))
        self._last[who] = text
        if self._out is None or repeated:
            return
        label = f"{who:<{_LABEL}}"
        if self._colours:
            colour = _COLOURS.get("heard" if who.endswith("heard") else who, "0")
            label = f"\033[{colour}m{label}\033[0m"
        minutes, seconds = divmod(self._now // 1000, 60)
        print(f"{minutes:>3}:{seconds:02}  {label}{text}", file=self._out, flush=True)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
