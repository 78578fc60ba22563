"""The turns of all calls, written together soon after they were spoken."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.media_bridge.call.records.writes import SerialExecutor, attempted
from services.media_bridge.core import commands as do
from shared.actions.ports import Turns
from shared.domain.errors import PortError
from shared.domain.models import Turn

log = logging.getLogger(__name__)

# A request for each turn costs a fifth of a call's CPU. What a killed process loses is this much.
WINDOW_S: Final = 0.15
RETRY_S: Final = 1.0
MOST_WAITING: Final = 5_000  # turns; a hundred calls in an outage of ten minutes, about 10 MB
MOST_TRIED: Final = 2  # calls by themselves, after a write of all failed: else it is an outage


@dataclass(frozen=True, slots=True)
class TurnsOf:
    """Whose turns they are. `opened` is the business time of at_ms 0."""

    call_sid: str
    opened: datetime
    synthetic: bool = False  # a smoke call's turns are marked, so that no KPI counts them

    def row(self, note: do.NoteTurn) -> Turn:
        return Turn(
            call_sid=self.call_sid,
            seq=note.seq,
            role=note.role,
            text=note.text,
            at=self.opened + timedelta(milliseconds=note.at_ms),
            latency_ms=note.latency_ms,
            cut=note.cut,
            heard=note.heard,
            heard_ms=note.heard_ms,
            sent_ms=note.sent_ms,
            item_id=note.item_id,
            unsure=note.unsure,
            tool=note.tool,
            arguments=None if note.tool is None else _as_json(note.arguments),
            result=note.result,
            took_ms=note.took_ms,
            synthetic=self.synthetic,
        )


class TurnWriter:
    """What was said in all calls of this process, written in a thread of its own.

        turn ─┐
        turn ─┼─ WINDOW_S ─► one write of all ──► done
        turn ─┘                    └─ fails ──► each call by itself ──► waits, RETRY_S ─► again

    While the table does not answer turns wait here, to the end of the process: no caller waits for
    them, and none is lost to an outage that the process outlives.
    """

    def __init__(
        self, turns: Turns, threads: Executor, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._turns, self._pause = turns, pause
        self._writes = SerialExecutor(threads)
        self._lock = threading.Lock()  # around the four below: two threads take them
        self._noted: list[tuple[TurnsOf, do.NoteTurn]] = []  # since the last write
        self._is_asked = False  # a write is on its way, after its pause
        self._soon: Future[None] | None = None  # a write at once is on its way
        self._is_closed = False
        # Rows that were tried, of each call the oldest first; the writing thread's own.
        self._waiting: list[Turn] = []
        self.lost = 0  # turns given up

    def note(self, call: TurnsOf, turn: do.NoteTurn) -> None:
        """Write a turn soon, with those of all calls that come within the window."""
        with self._lock:
            self._noted.append((call, turn))
        self._write_in(WINDOW_S)

    def soon(self) -> "Future[None]":
        """Write what there is by now; the future is done when that was tried."""
        with self._lock:
            if self._soon is None:
                self._soon = self._writes.add(self._write)
            return self._soon

    def close(self) -> "Future[None]":
        """The process ends: write what waits still, or give it up."""
        with self._lock:
            self._is_closed = True
        return self._writes.add(self._write_last)

    def _write_in(self, seconds: float) -> None:
        with self._lock:
            asked, self._is_asked = self._is_asked or self._is_closed, True
        if not asked:
            self._writes.add(lambda: self._write_after(seconds))

    def _write_after(self, seconds: float) -> None:
        self._pause(seconds)
        with self._lock:
            self._is_asked = False
        self._write()

    def _write(self) -> None:
        rows = self._rows()
        left = self._left(rows)
        self._waiting = left[-MOST_WAITING:]
        self._lose(len(left) - len(self._waiting))
        if left:
            log.warning("turns wait", extra={"turns": len(left)})
            self._write_in(RETRY_S)

    def _write_last(self) -> None:
        rows = self._rows()
        self._waiting = []
        if rows and not attempted(lambda: self._turns.add(rows), self._pause):
            self._lose(len(rows))

    def _rows(self) -> list[Turn]:
        """All that is to be written. What cannot be a row is a bug of ours, and costs no other."""
        with self._lock:
            self._soon = None
            noted, self._noted = self._noted, []
        rows = list(self._waiting)
        for call, turn in noted:
            try:
                rows.append(call.row(turn))
            except Exception:
                log.exception("a turn is no row", extra={"call_sid": call.call_sid})
                self.lost += 1
        return rows

    def _left(self, rows: list[Turn]) -> list[Turn]:
        """Write them, and return what is to be tried again: one call's row may be what the table
        refuses, and the others are not to wait for it."""
        if not rows or self._is_written(rows):
            return []
        calls = dict[str, list[Turn]]()
        for row in rows:
            calls.setdefault(row.call_sid, []).append(row)
        failed, written = list[str](), list[str]()
        for call_sid, its in calls.items():
            if len(calls) == 1 or len(failed) == MOST_TRIED:
                break
            (written if self._is_written(its) else failed).append(call_sid)
        left = [row for row in rows if row.call_sid not in {*written, *failed}]
        tried = [row for call_sid in failed for row in calls[call_sid]]
        if written:  # so it is they, and not the table
            self._lose(len(tried))
            return left
        return [*left, *tried]  # the next time others are tried first

    def _is_written(self, rows: list[Turn]) -> bool:
        try:
            self._turns.add(rows)
        except PortError:
            return False
        return True

    def _lose(self, turns: int) -> None:
        if turns:
            self.lost += turns
            log.error("turns were not written", extra={"turns": turns})


def _as_json(arguments: Mapping[str, object] | None) -> str:
    """A tool's arguments as the row keeps them; "null" where the model gave no JSON object."""
    return json.dumps(arguments, ensure_ascii=False)
