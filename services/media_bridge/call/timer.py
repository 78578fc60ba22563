"""The time of a call: the session owns the deadlines, the event loop owns the clock."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter


@dataclass(frozen=True, slots=True)
class CallClock:
    """Milliseconds since the call's socket opened: the `at_ms` of its events and commands."""

    zero: float  # the perf_counter reading, in seconds, when the socket opened
    opened_at: datetime  # the business time of that moment

    def at_ms(self, reading: float) -> int:
        """A perf_counter reading, in seconds, as milliseconds of this call."""
        return int((reading - self.zero) * 1000)

    def now(self) -> int:
        return self.at_ms(perf_counter())

    def business_time(self, at_ms: int) -> datetime:
        return self.opened_at + timedelta(milliseconds=at_ms)


class Deadline:
    """Calls `ring` once the session's deadline has come.

    The deadline moves with almost every frame, mostly later. Setting the loop's timer anew each
    time would cost more than the frame itself, so one that moves later leaves the timer alone:
    the timer fires at the old time, finds the deadline further on, and is set again.

        frame at   0     20    40    60 ms ...
        due      800    820   840   860          timer set once, for 800
        at 800 the deadline is 1600: nothing rings, the timer is set for 1600

    So a frame costs a comparison. Only a deadline that moves nearer sets the timer at once.

    Args:
        now: the call's time, in ms as `at_ms`.
        due: the deadline in the same milliseconds, None where there is none.
        ring: is told the time.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        now: Callable[[], int],
        due: Callable[[], int | None],
        ring: Callable[[int], None],
    ) -> None:
        self._loop, self._now, self._due, self._ring = loop, now, due, ring
        self._timer: asyncio.TimerHandle | None = None  # None: none is set
        self._fires_at = 0  # ms; of the timer that is set

    def look(self) -> None:
        """Make sure that the timer fires no later than the deadline."""
        due = self._due()
        if due is None:
            return
        if self._timer is not None:
            if self._fires_at <= due:
                return
            self._timer.cancel()
        self._fires_at = due
        self._timer = self._loop.call_later(max(1, due - self._now()) / 1000, self._fired)

    def stop(self) -> None:
        """Never ring again."""
        if self._timer is not None:
            self._timer.cancel()
        self._due = lambda: None

    def _fired(self) -> None:
        self._timer = None
        now, due = self._now(), self._due()
        if due is not None and now >= due:
            self._ring(now)
        else:
            self.look()
