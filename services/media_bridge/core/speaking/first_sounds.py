"""How long the caller waited for a first sound: of the call, and after each of their turns."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.media_bridge.core import commands as do
from services.media_bridge.core.speaking.transcript import AgentTurn


class FirstSounds:
    """The waits of one call."""

    def __init__(self) -> None:
        # `at_ms` of Twilio's `start`; None again once something was played.
        self._opened: int | None = None
        # `at_ms` of the end of the caller's newest turn; None once it was answered with sound, or
        # the caller speaks again.
        self._caller_stopped: int | None = None
        # How many clips told them meanwhile that somebody is there.
        self.clips_played = 0

    def line_opened(self, at_ms: int) -> None:
        self._opened = at_ms

    def caller_stopped(self, at_ms: int) -> None:
        self._caller_stopped = at_ms

    def caller_spoke(self) -> None:
        """Nothing answers the turn before any more."""
        self._caller_stopped = None

    @property
    def awaited(self) -> bool:
        """The caller waits for a first sound."""
        return self._opened is not None or self._caller_stopped is not None

    @contextmanager
    def left_alone(self) -> Iterator[None]:
        """In here nothing that is played is what the caller waits for."""
        waits, self._opened, self._caller_stopped = (self._opened, self._caller_stopped), None, None
        yield
        self._opened, self._caller_stopped = waits

    def played(self, at_ms: int, turn: AgentTurn) -> Iterator[do.Command]:
        """Sound of `turn` is played: measure where it was the first."""
        if self._opened is not None:
            yield do.Measure("FirstAudioMs", at_ms - self._opened)
            self._opened = None
        if self._caller_stopped is not None:
            turn.latency_ms = at_ms - self._caller_stopped
            yield do.Measure("TurnLatencyMs", turn.latency_ms)
            self._caller_stopped = None
