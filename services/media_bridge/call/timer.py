"""The one timer of a call: the session owns the deadline, the loop owns the clock."""

import asyncio
from collections.abc import Callable


class Deadline:
    """Rings once the session's deadline has come. `now` and `due` are in `at_ms`.

    The deadline moves with almost every frame. One that moves away leaves the timer alone: it
    looks again when it fires. So a frame costs a comparison and no timer.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        now: Callable[[], int],
        due: Callable[[], int | None],
        ring: Callable[[int], None],
    ) -> None:
        self._loop, self._now, self._due, self._ring = loop, now, due, ring
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = 0

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
