"""The call's clock and its one timer, on a loop that is moved by hand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from services.media_bridge.call.timer import CallClock, Deadline

OPENED = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)


@dataclass
class Handle:
    due_ms: int
    work: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class HandLoop:
    """What Deadline uses of an event loop; time goes on with `until`."""

    now_ms: int = 0
    timers: list[Handle] = field(default_factory=list)

    def call_later(self, delay_s: float, work: Callable[[], None]) -> Handle:
        self.timers.append(Handle(self.now_ms + round(delay_s * 1000), work))
        return self.timers[-1]

    def until(self, now_ms: int) -> None:
        self.now_ms = now_ms
        for timer in [timer for timer in self.timers if timer.due_ms <= now_ms]:
            self.timers.remove(timer)
            if not timer.is_cancelled:
                timer.work()


@dataclass
class Call:
    """A deadline and when it rang."""

    due: int | None = 800
    rang: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loop = HandLoop()
        self.deadline = Deadline(
            cast(asyncio.AbstractEventLoop, self.loop),
            lambda: self.loop.now_ms,
            lambda: self.due,
            self._ring,
        )

    def _ring(self, now: int) -> None:
        self.rang.append(now)
        self.due = None


def test_a_deadline_rings_once_at_its_time() -> None:
    call = Call()
    call.deadline.look()

    call.loop.until(799)
    assert call.rang == []
    call.loop.until(800)
    call.loop.until(5000)
    assert call.rang == [800]


def test_a_deadline_that_moves_away_with_every_frame_takes_one_timer() -> None:
    call = Call()
    for now in range(0, 800, 20):
        call.loop.now_ms, call.due = now, now + 800
        call.deadline.look()
    assert len(call.loop.timers) == 1

    call.loop.until(800)
    assert call.rang == []
    call.loop.until(1580)
    assert call.rang == [1580]


def test_a_deadline_that_moves_nearer_rings_in_time() -> None:
    call = Call()
    call.deadline.look()
    call.due = 100
    call.deadline.look()

    call.loop.until(100)
    call.loop.until(1000)
    assert call.rang == [100]


def test_without_a_deadline_there_is_no_timer() -> None:
    call = Call(due=None)
    call.deadline.look()
    assert call.loop.timers == []


def test_a_stopped_deadline_never_rings() -> None:
    call = Call()
    call.deadline.look()
    call.deadline.stop()
    call.deadline.look()
    call.loop.until(5000)
    assert call.rang == []


def test_the_calls_milliseconds_begin_when_its_socket_opened() -> None:
    clock = CallClock(zero=1000.0, opened_at=OPENED)

    assert clock.at_ms(1001.5) == 1500
    assert clock.business_time(1500) == OPENED + timedelta(seconds=1.5)
