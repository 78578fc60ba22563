"""The deadlines of one call. Nothing here knows the time: the session is told it."""

from enum import StrEnum


class Timer(StrEnum):
    """What a deadline is for. Bounds, and what happens then: `waiting`, and docs/calls.md.

    Of deadlines at the same millisecond the one whose word comes first in the alphabet rings first.
    """

    START = "start"  # Twilio's `start` after the socket opened
    REDEEM = "redeem"  # the calls row
    MODEL = "model"  # the model's session
    CLIP = "clip"  # the last mark of an announcement, by clip or by the model
    TURN = "turn"  # the end of the caller's turn
    WORDS = "words"  # the transcript of an utterance
    STALLED = "stalled"  # the next sign of life of a response
    UNHEARD = "unheard"  # any sound for a caller who is owed an answer
    TOOLS = "tools"  # the answer of a tool that is open
    PLAYED = "played"  # marks and frames of the phone network
    FRAMES = "frames"  # the caller's next frame
    KEYS = "keys"  # the caller's next key
    QUIET = "quiet"  # any word of the caller's
    WARN = "warn"  # little time is left
    CAP = "cap"  # the longest time a call may last
    CLOSE = "close"  # the end of the last sentence


class Timers:
    """Deadlines in `at_ms`, one for each Timer; setting one again moves it."""

    def __init__(self) -> None:
        self._at: dict[Timer, int] = {}
        # The earliest of them, None when nothing is waited for. Kept ready because the shell asks
        # for it after every frame.
        self.next: int | None = None

    def set(self, timer: Timer, at_ms: int) -> None:
        was = self._at.get(timer)
        self._at[timer] = at_ms
        if self.next is None or at_ms < self.next:
            self.next = at_ms
        elif was == self.next:
            self.next = min(self._at.values())

    def clear(self, timer: Timer) -> None:
        if self._at.pop(timer, None) is not None:
            self.next = min(self._at.values(), default=None)

    def running(self, timer: Timer) -> bool:
        return timer in self._at

    def due(self, now_ms: int) -> list[Timer]:
        """Take out those that have come, earliest first."""
        come = sorted((at, timer) for timer, at in self._at.items() if at <= now_ms)
        for _, timer in come:
            self.clear(timer)
        return [timer for _, timer in come]

    def stop(self) -> None:
        """The call is over: nothing is waited for any more."""
        self._at.clear()
        self.next = None
