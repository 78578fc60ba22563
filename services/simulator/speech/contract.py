"""What hearing and speaking mean in the simulator, whatever does it: the types both modes share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

Mode = Literal["voice", "text"]


class SpeechUnavailable(RuntimeError):
    """Voice was asked for, but a package it needs is not installed here."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak; `at_ms` counts the audio fed so far (prefix padding excluded)."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """Somebody fell silent; `at_ms` is where the speech ended, the silence after it not counted."""

    at_ms: int
    clip: bytes


class Ears(Protocol):
    """Hears where speech begins and ends in one stream of 8 kHz mu-law."""

    def hear(self, audio: bytes) -> list[SpeechStarted | SpeechStopped]:
        """Return what became certain with `audio`, which may have any length."""


class Transcriber(Protocol):
    """Tells the words of a clip. Shared by all; slow in voice mode: call it from a thread."""

    def text(self, clip: bytes) -> str:
        """Return the words in a mu-law clip, "" when there are none."""


class Voice(Protocol):
    """Says a text aloud."""

    def speak(self, text: str) -> Iterator[bytes]:
        """Yield mu-law chunks of any length, clause by clause, the first one soon."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Hearing and speaking in one mode."""

    mode: Mode
    transcriber: Transcriber
    voice: Voice
    open_ears: Callable[[int], Ears]

    def ears(self, silence_ms: int = 500) -> Ears:
        """Return ears for one stream, which call it an end after `silence_ms` without speech."""
        return self.open_ears(silence_ms)
