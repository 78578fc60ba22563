"""What a call's page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Lane = Literal["caller", "agent", "tool", "guard", "phone", "text", "payment"]
LANES: tuple[Lane, ...] = ("caller", "agent", "tool", "guard", "phone", "text", "payment")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; times are ms since the call's first sound."""

    at_ms: int
    lane: Lane
    text: str
    lasts_ms: int = 0
    detail: str = ""  # a smaller line below it
    cut: bool = False
    unheard: bool = False  # prepared, but no sound of it reached the caller
    fixed: bool = False  # the sentence of a moment: made by code, said word for word
    extra: str = ""  # opened on demand: whole arguments and answers


@dataclass(frozen=True, slots=True)
class Record:
    """A row as people read it: a title, and names with values in words."""

    title: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Something expected, and what was found instead ("" when it holds)."""

    expected: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """Both channels as 16-bit samples at 8 kHz, the machine's byte order."""

    caller: Sequence[int]
    agent: Sequence[int]


@dataclass(frozen=True, slots=True)
class CallPage:
    """One call. `result` is its one sentence, and `well` whether that is good news."""

    title: str
    facts: Sequence[tuple[str, str]]
    result: str
    well: bool
    events: Sequence[Event]
    records: Sequence[Record] = ()
    expected: Sequence[Expectation] = ()
    metrics: Sequence[tuple[str, str]] = ()
    sound: Sound | None = None
    without_sound: str = "There is no recording of this call here."
    notes: Sequence[str] = ()
    marks: Sequence[int] = ()  # ms at which the phone said that so much had been played
