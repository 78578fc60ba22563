"""The gauges of this process: how many calls there are, and whether their frames are in time."""

import asyncio
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Final

from services.media_bridge.call.call_metrics import Traffic
from services.media_bridge.call.runner import CallRunner
from shared.actions.ports import Metrics

GAUGE_S: Final = 15.0
BEAT_S: Final = 0.02  # one audio frame
IDLE_BEAT_S: Final = 0.25
# Counters that alarms divide by one another. A zero of each is written with the gauges: without
# it a minute in which one of them counted nothing would have no ratio at all.
AT_REST: Final = ("StreamStarted", "CallsEnded", "CallsEndedAbnormally", "ModelSessionFailed")


class Gauges:
    """ActiveCalls, FramesSent and FramesLate every `every_s` seconds, zeros too.

    A frame is late when the event loop was so busy that a 20 ms frame waited for more than
    another 20 ms. Who sleeps for 20 ms at a time sees that: to wake L ms too late
    means that all frames of all calls that came in the first L - 20 ms were late.

        asleep    |-- 20 ms --|                       due     L = 60 ms of somebody's work
        frames    x     x     x     x     x           each call's, every 20 ms
        late      x     x                             (L - 20) / 20 of each call's
    """

    def __init__(
        self,
        metrics: Metrics,
        traffic: Traffic,
        calls: Callable[[], Iterable[CallRunner]],
        every_s: float = GAUGE_S,
    ) -> None:
        self._metrics, self._traffic, self._every_s = metrics, traffic, every_s
        self._calls = calls  # those there are now
        self._told = 0  # frames of the traffic that FramesSent has told of
        self._late = 0.0  # frames that were late since it was last told
        self._next_write = 0.0
        self._beat: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._next_write = perf_counter() + self._every_s
        self._sleep(perf_counter())

    def stop(self) -> None:
        """Write the gauges a last time; nothing where they were never started."""
        if self._beat is not None:
            self._beat.cancel()
            self._write()

    def _sleep(self, now: float) -> None:
        asleep_s = BEAT_S if any(True for _ in self._calls()) else IDLE_BEAT_S
        loop = asyncio.get_running_loop()
        self._beat = loop.call_later(asleep_s, self._awake, now + asleep_s)

    def _awake(self, due: float) -> None:
        now = perf_counter()
        if now - due > BEAT_S:
            self._late += self._active() * (now - due - BEAT_S) / BEAT_S
        if now >= self._next_write:
            self._next_write = now + self._every_s
            self._write()
        self._sleep(now)

    def _active(self) -> int:
        """Calls of real people; smoke calls count nowhere."""
        return sum(not call.synthetic for call in self._calls())

    def _write(self) -> None:
        sent = self._traffic.frames
        self._metrics.count("ActiveCalls", self._active())
        self._metrics.count("FramesSent", sent - self._told)
        self._metrics.count("FramesLate", round(self._late))
        for metric in AT_REST:
            self._metrics.count(metric, 0)
        self._told, self._late = sent, 0.0
