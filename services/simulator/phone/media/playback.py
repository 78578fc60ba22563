"""What Twilio still has to play, and what became of it: sans I/O, counted in bytes of mu-law.

All marks are placed by the amount of audio before them, so "has been played" is exact to the
byte. The log is what a test needs to know how much of an utterance the caller heard.
"""

import re
from collections import deque
from dataclasses import dataclass
from typing import Literal

from services.simulator.speech.sound import BYTES_PER_MS, FRAME, SILENT

Kind = Literal["media", "mark", "echo", "clear", "ended"]


@dataclass(frozen=True, slots=True)
class Played:
    """One message of the server, or a mark's way back. Positions count audio of the whole stream.

    For `clear`, `utterance_ms` is how much of what was playing had been played without a break.
    `ended` is no message: from there on nobody listens.
    """

    kind: Kind
    at_ms: int
    played_ms: float
    received_ms: float
    name: str = ""
    utterance_ms: float = 0.0
    returned: tuple[str, ...] = ()


class PhonePlayback:
    """The buffer between the server and the caller's ear.

        0 .............. _played ............... _received      bytes of the whole stream
        already heard    | waits in _buffer      |
                         a mark goes back to the server when _played reaches its place

    `clear` throws the buffer away: _received falls back to _played, and every mark still waiting
    goes back at once.
    """

    def __init__(self) -> None:
        self.log: list[Played] = []  # every message of the server and every mark that went back
        self._buffer = bytearray()  # what was received and not played yet
        # The marks that wait, in order, each with its place in the stream.
        self._marks: deque[tuple[int, str]] = deque()
        self._played = 0
        self._run_began = 0  # where the sound began that has been playing without a break

    @property
    def _received(self) -> int:
        return self._played + len(self._buffer)

    def media(self, audio: bytes, at_ms: int) -> None:
        if not self._buffer:
            self._run_began = self._played
        self._buffer += audio
        self._note("media", at_ms)

    def mark(self, name: str, at_ms: int) -> list[str]:
        """Place a mark behind all audio so far; returned at once when nothing is waiting."""
        self._note("mark", at_ms, name)
        self._marks.append((self._received, name))
        return self._reached(self._played, at_ms)

    def clear(self, at_ms: int) -> list[str]:
        """Throw away what was not played and return all marks that were still waiting."""
        return self._thrown_away("clear", at_ms)

    def end(self, at_ms: int) -> None:
        """The line is gone: what was not played is played to nobody, and no mark returns."""
        self._thrown_away("ended", at_ms)

    def _thrown_away(self, kind: Kind, at_ms: int) -> list[str]:
        pending = [name for _, name in self._marks]
        utterance = (self._played - self._run_began) / BYTES_PER_MS if self._buffer else 0.0
        self._note(kind, at_ms, utterance_ms=utterance, returned=tuple(pending))
        self._buffer.clear()
        self._marks.clear()
        return pending

    def frame(self, at_ms: int) -> tuple[bytes, list[str], list[str]]:
        """Return the next 20 ms, the marks inside them, and those at their very end."""
        piece = bytes(self._buffer[:FRAME])
        del self._buffer[:FRAME]
        self._played += len(piece)
        inside = self._reached(self._played - 1, at_ms)
        return piece.ljust(FRAME, bytes([SILENT])), inside, self._reached(self._played, at_ms)

    def _reached(self, played: int, at_ms: int) -> list[str]:
        reached = []
        while self._marks and self._marks[0][0] <= played:
            reached.append(self._marks.popleft()[1])
            self._note("echo", at_ms, reached[-1])
        return reached

    def _note(
        self,
        kind: Kind,
        at_ms: int,
        name: str = "",
        utterance_ms: float = 0.0,
        returned: tuple[str, ...] = (),
    ) -> None:
        played, received = self._played / BYTES_PER_MS, self._received / BYTES_PER_MS
        self.log.append(Played(kind, at_ms, played, received, name, utterance_ms, returned))


def heard_of(log: list[Played], item: str) -> float | None:
    """Return how many ms of an item had been played when a clear, or the line's end, cut it.

    An item is known by the marks whose names contain it: its audio begins where the mark before
    its first one stands. None when nothing cut it.
    """
    named = re.compile(rf"(?<!\w){re.escape(item)}(?!\w)")
    began: float | None = None
    before = 0.0
    over = False
    for entry in log:
        if entry.kind == "mark":
            if began is None and named.search(entry.name):
                if over:
                    return 0.0
                began = before
            before = entry.received_ms
        elif entry.kind in ("clear", "ended"):
            over = over or entry.kind == "ended"
            if began is not None and any(map(named.search, entry.returned)):
                return max(0.0, entry.played_ms - began)
            before = entry.played_ms  # what was thrown away takes no place
    return None
