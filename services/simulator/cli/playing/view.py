"""The call as it happens, on a terminal: who speaks, what was heard, tools, texts."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.call_page.words import decoded, gist
from services.simulator.caller.sending import CallerLine
from services.simulator.cli.playing.items import Sentences
from services.simulator.cli.playing.paper import MediaClock, Paper
from services.simulator.cli.playing.report import TranscriptLine
from services.simulator.phone.calls import PhoneEvent
from services.simulator.phone.media.playback import Played
from services.simulator.realtime import RealtimeNote
from shared import schema

_QUIET = ("webhook",)
DISCLOSURE = "clip-disclosure"  # its item, as the bridge names it


class LiveView:
    """Collects the transcript and shows it on `paper` line by line.

    What the agent said is shown once the phone plays it, at the time at which that began; what
    never was played is not shown as said. `verbose` shows that too, tools' whole answers, and what
    the scripted caller's own ears made of it: they are the stand-in's, and mis-hear names.
    """

    def __init__(
        self,
        paper: Paper,
        *,
        phonebook: Mapping[str, str] | None = None,
        verbose: bool = False,
        speed: float = 1.0,
        progress: Callable[[str], None] = lambda _: None,
        opening: str = "",  # the disclosure: a clip, which no model says
    ) -> None:
        self.transcript: list[TranscriptLine] = []
        self.logs: Callable[[], Iterable[Iterable[Played]]] = tuple  # of the call's phone
        self.progress = progress  # told how far the start has come
        self._paper = paper
        self._phonebook, self._verbose = phonebook or {}, verbose
        self._clock = MediaClock(speed)
        self._opening = opening
        self._sentences = Sentences({DISCLOSURE: opening})
        self._turns: set[str] = set()  # rows that were shown, by their place in the call
        self._last_said = ""  # by the caller: what was understood is shown where it differs

    def begins_anew(self) -> None:
        """The call before is over: what comes is of another one."""
        self.transcript, self._last_said = [], ""
        self._sentences = Sentences({DISCLOSURE: self._opening})
        self._turns.clear()
        self._clock.begins_anew()

    def caller(self, line: CallerLine) -> None:
        """Take what the caller heard, said or did."""
        match line.kind:
            case "said":
                self._last_said = line.text
                self._clock.set(line.at_ms)
                self._note("caller", line.text)
            case "heard":
                self._keep("caller heard", line.text, line.at_ms)
                if self._verbose:
                    self._paper.line(line.at_ms, "caller's ears", line.text)
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
                self._sentences.add(note.item, note.text)
            case "heard":
                other = _words(note.text) != _words(self._last_said)
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

    def look(self, turns: Iterable[Mapping[str, Any]] = ()) -> None:
        """Show what the phone has begun to play since the last look, and these turns."""
        rows = sorted(turns, key=lambda row: int(row.get("seq") or 0))
        fresh = [row for row in rows if row[schema.SK] not in self._turns]
        self._turns |= {row[schema.SK] for row in fresh}
        for row in fresh:
            if row.get("role") == "assistant":  # code's own sentences are no model's
                self._sentences.add(str(row.get("item_id") or ""), str(row.get("text") or ""))
        for spoken in self._sentences.played(self.logs()):
            self._keep("agent", spoken.text, spoken.at_ms)
            self._paper.line(spoken.at_ms, "agent", spoken.text)
        for row in fresh:
            if row.get("role") == "tool":
                self._tool(row)
            elif row.get("cut") and row.get("heard_ms"):
                after = f"after {int(row['heard_ms']) / 1000:.1f} s"
                self._note("cut", f"{after}; heard of it: {row.get('heard') or 'no whole word'}")

    def over(self) -> None:
        """The call is over: with `verbose` name what was prepared and nobody heard."""
        for text in self._sentences.never_heard() if self._verbose else ():
            self._paper.line(self._clock.now_ms, "not heard", text)

    def say(self, who: str, text: str) -> None:
        """Show a line of our own."""
        self._note(who, text)

    def _tool(self, row: Mapping[str, Any]) -> None:
        name, took = row.get("tool"), f"{row.get('took_ms')} ms"
        self._keep("tool", f"{name} answered in {took}: {row.get('result')}")
        came = row.get("result") if self._verbose else gist(decoded(row.get("result")))
        self._paper.line(self._clock.now_ms, "tool", f"{name}, {took}: {came}")

    def _keep(self, who: str, text: str, at_ms: int | None = None) -> None:
        at_ms = self._clock.now_ms if at_ms is None else at_ms
        self.transcript.append(TranscriptLine(at_ms, who, text))

    def _note(self, who: str, text: str, *, shown: bool = True) -> None:
        self.look()  # what has begun before is shown before
        self._keep(who, text)
        if shown:
            self._paper.line(self._clock.now_ms, who, text)


def _words(text: str) -> str:
    """The words of a text, for comparing."""
    return " ".join(re.findall(r"\w+", text.lower()))
