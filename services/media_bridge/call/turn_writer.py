"""What is written about a call: in order, in threads, never in the way of the audio."""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from typing import Final

from services.media_bridge.core import commands as do
from shared.actions.ports import Turns
from shared.domain.errors import PortError
from shared.domain.models import Turn

log = logging.getLogger(__name__)

PAUSES_S: Final = (0.2, 1.0)  # between the three attempts at a write
Work = Callable[[], None]


class SerialExecutor:
    """Work done in threads, one piece after the other; strands of several calls run side by side.

    A piece that raises is logged and the next one runs: what is written about a call never ends it.
    """

    def __init__(self, threads: Executor, call_sid: Callable[[], str] = str) -> None:
        self._threads, self._call_sid = threads, call_sid
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Work, Future[None]]] = deque()
        self._running = False

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
                # A bug or a dead table, and a caller on the line.
                log.exception("a write of a call failed", extra={"call_sid": self._call_sid()})
            finally:
                done.set_result(None)


class TurnWriter:
    """The turns of one call, on its strand. `opened` is the business time of at_ms 0."""

    def __init__(
        self,
        call_sid: str,
        opened: datetime,
        turns: Turns,
        writes: SerialExecutor,
        pause: Callable[[float], None] = time.sleep,
        *,
        synthetic: bool = False,
    ) -> None:
        self._call_sid, self._opened, self._turns = call_sid, opened, turns
        self._synthetic = synthetic
        self._writes, self._pause = writes, pause
        self._lock = threading.Lock()
        self._unwritten: list[Turn] = []
        self.lost = 0  # turns given up

    def turn(self, note: do.NoteTurn) -> None:
        """Write a turn soon; turns that wait are written together."""
        with self._lock:
            self._unwritten.append(self._row(note))
            first = len(self._unwritten) == 1
        if first:
            self._writes.add(self._write)

    def _write(self) -> None:
        with self._lock:
            turns, self._unwritten = self._unwritten, []
        if not attempted(lambda: self._turns.add(turns), self._pause):
            self.lost += len(turns)
            log.error(
                "turns were not written",
                extra={"call_sid": self._call_sid, "turns": len(turns)},
            )

    def _row(self, note: do.NoteTurn) -> Turn:
        return Turn(
            call_sid=self._call_sid,
            seq=note.seq,
            role=note.role,
            text=note.text,
            at=self._opened + timedelta(milliseconds=note.at_ms),
            latency_ms=note.latency_ms,
            cut=note.cut,
            heard=note.heard,
            heard_ms=note.heard_ms,
            sent_ms=note.sent_ms,
            item_id=note.item_id,
            tool=note.tool,
            arguments=None if note.tool is None else _as_json(note.arguments),
            result=note.result,
            took_ms=note.took_ms,
            synthetic=self._synthetic,
        )


def _as_json(arguments: Mapping[str, object] | None) -> str:
    """A tool's arguments as the row keeps them; "null" where the model gave no JSON object."""
    return json.dumps(arguments, ensure_ascii=False)


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
