"""What the legs and the call they belong to know of each other."""

from collections.abc import Callable
from typing import Protocol

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev

# A perf_counter reading, in seconds, as `at_ms` of the call: milliseconds since its socket opened.
AtMs = Callable[[float], int]


class Feed(Protocol):
    """Where a leg's events go. It never raises and never waits."""

    def __call__(self, event: ev.Event, read_at: float | None = None) -> None:
        """Take one event. `read_at` is the perf_counter reading, in seconds, at which the frame
        it was made of had been read; None where no frame was."""


class ModelLeg(Protocol):
    """The connection to a speaking model.

    It feeds ModelOpened once it is connected, then what the model does, and ModelLost at the end:
    that at most once, and nothing after `close`.
    """

    def open(self, caller: str | None) -> None:
        """Connect in the background. `caller` goes to the model's owner as a hash only."""

    def hear(self, payload: str) -> None:
        """Send a frame of the caller's (base64 mu-law), as `perform` would."""

    def perform(self, command: do.Command) -> None:
        """Do a command meant for the model; before it is open, or after, nothing happens."""

    def close(self) -> None:
        """Close the connection, or give up connecting. A second time changes nothing."""
