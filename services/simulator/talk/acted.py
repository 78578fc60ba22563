"""What code decided in a call, in words: read from the journal that the bridge writes.

The journal masks what is masked in rows; nothing of it is asked for again here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DISCLOSED = "disclosed"


@dataclass(frozen=True, slots=True)
class Acted:
    """Code acted: `what` is moment, guard, cut or call; `at_ms` counts from the line's opening."""

    at_ms: int
    what: str
    text: str


def read(line: str) -> list[Acted]:
    """Return what one line of a journal tells; nothing where it is no entry."""
    try:
        entry = json.loads(line)
        return [*_of_event(entry), *_of_commands(entry)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _of_event(entry: dict[str, Any]) -> Iterator[Acted]:
    at_ms = int(entry.get("at_ms", 0))
    match entry["event"]:
        case "CallerSaid" if entry.get("hazard") not in (None, "none"):
            yield Acted(at_ms, "guard", f"danger heard in the caller's words: {entry['hazard']}")
        case "ModelLost":
            yield Acted(at_ms, "guard", "the model was lost")


def _of_commands(entry: dict[str, Any]) -> Iterator[Acted]:
    at_ms, event = int(entry.get("at_ms", 0)), str(entry["event"])
    for name, fields in entry.get("do", ()):
        match name:
            case "Respond" if sentence := fields.get("sentence"):
                yield Acted(at_ms, "moment", f"code has it said word for word: {sentence}")
            case "CancelResponse":
                yield Acted(at_ms, "guard", f"the model was stopped ({_WHY.get(event, event)})")
            case "ClearPlayback":
                yield Acted(at_ms, "cut", f"what was being said is cut ({_WHY.get(event, event)})")
            case "NoteTurn" if kinds := fields.get("unsure"):
                yield Acted(at_ms, "guard", f"no tool bears this out: {kinds}")
            case "NoteCall" if stage := fields.get("stage"):
                yield Acted(at_ms, "call", _STAGES.get(stage, f"the call is {stage}"))
            case "ReopenModel":
                yield Acted(at_ms, "guard", "the model is opened anew within the call")
            case "EndCall":
                yield Acted(at_ms, "call", f"the call ends: {fields.get('reason', '')}")


_WHY = {
    "CallerSpoke": "the caller speaks",
    "CallerSaid": "the caller has said something that code answers",
    "CallerPressed": "a key was pressed",
    "ResponseStarted": "code has something to say first",
    "AgentSaid": "its words were no word for word reading, or claimed what no tool bears out",
    "AgentAudio": "more was said than may be",
    "ToolAnswered": "a tool's answer is told first",
    "Tick": "its time was up",
}
_STAGES = {
    DISCLOSED: "the disclosure was heard to its end",
    "qualified": "the danger question is answered",
}
