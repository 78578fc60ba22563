"""Slow work of a call, done in threads: in order, tried again, never in the way of the audio."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, wait
from typing import Final

from shared.domain.errors import PortError

log = logging.getLogger(__name__)

TURNS_S: Final = 0.4  # the row has to be there when /after-stream asks, see line_closer
PAUSES_S: Final = (0.2, 1.0)  # between the three attempts at a write
Work = Callable[[], None]


class SerialExecutor:
    """Work done in threads, one piece after the other.

    A call has its own: its pieces keep their order, and those of other calls run beside them in
    the same pool. A piece that raises is logged and the next one runs: the caller is on the line,
    and nothing that fails to be written may end the call.
    """

    def __init__(self, threads: Executor, call_sid: Callable[[], str] = str) -> None:
        self._threads = threads
        self._call_sid = call_sid  # for the log alone
        self._lock = threading.Lock()  # around the two below: `add` and `_run` are in two threads
        self._waiting: deque[tuple[Work, Future[None]]] = deque()
        self._running = False  # a thread of the pool is at it, and will do what is added

    def add(self, work: Work) -> "Future[None]":
        """Do `work` after all that was added before; the future is done when it is."""
        done: Future[None] = Future()
        with self._lock:
            self._waiting.append((work, done))
            if not self._running:
                self._running = True
                self._threads.submit(self._run)
        return done

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = False
                    return
                work, done = self._waiting.popleft()
            try:
                work()
            except Exception:
                log.exception("a write of a call failed", extra={"call_sid": self._call_sid()})
            finally:
                done.set_result(None)


class CallThreads:
    """Where one call's slow work is done, and the way back to its event loop."""

    def __init__(self, writers: Executor, tools: Executor) -> None:
        self._loop = asyncio.get_running_loop()
        self.call_sid = ""  # for the log; known when the line is opened
        self.writes = SerialExecutor(writers, lambda: self.call_sid)
        # Texts to the on-call technician wait for no write of the row, however slow the table is.
        self.alerts = SerialExecutor(tools, lambda: self.call_sid)

    def on_loop(self, work: Work) -> None:
        """Do `work` on the event loop soon; called from any thread."""
        try:
            self._loop.call_soon_threadsafe(work)
        except RuntimeError:
            log.warning("too late: the process is ending", extra={"call_sid": self.call_sid})

    def let_pass(self, turns: "Future[None]") -> None:
        """Whoever reads what is written from now on is to find the turns, if their table is well:
        it waits for them, for a moment."""

        def wait_a_moment() -> None:
            wait([turns], TURNS_S)

        self.writes.add(wait_a_moment)

    def after_writes(self, then: Work) -> None:
        """Do `then` on the event loop once all writes added before are done."""
        self.writes.add(lambda: None).add_done_callback(lambda _: self.on_loop(then))


def attempted(
    work: Work, pause: Callable[[float], None], pauses: Iterable[float] = PAUSES_S
) -> bool:
    """Do `work`, again after each pause while a port fails; False when it never went through."""
    for wait_s in (*pauses, None):
        try:
            work()
        except PortError:
            if wait_s is None:
                return False
            pause(wait_s)
        else:
            return True
    return False
