"""The turns of all calls, written together soon after they were spoken."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
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


Noted = tuple[TurnsOf, do.NoteTurn]


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
        self._lock = threading.Lock()  # around the three below: two threads take them
        # Noted and not written, of each call the oldest first.
        self._unwritten: list[Noted] = []
        self._is_asked = False  # a write of them is on its way
        self._is_closed = False
        self.lost = 0  # turns given up

    def note(self, call: TurnsOf, turn: do.NoteTurn) -> None:
        """Write a turn soon, with those of all calls that come within the window."""
        with self._lock:
            self._unwritten.append((call, turn))
            asked, self._is_asked = self._is_asked, True
        if not asked:
            self._writes.add(lambda: self._write_after(WINDOW_S))

    def soon(self) -> "Future[None]":
        """Write what waits now; the future is done when that was tried."""
        return self._writes.add(self._write)

    def close(self) -> "Future[None]":
        """The process ends: write what waits still, or give it up."""
        with self._lock:
            self._is_closed = True
        return self._writes.add(self._write_last)

    def _write_after(self, seconds: float) -> None:
        self._pause(seconds)
        with self._lock:
            self._is_asked = False
        self._write()

    def _write(self) -> None:
        left = self._left(self._taken())
        if not left:
            return
        with self._lock:
            waiting = [*left, *self._unwritten]
            self._unwritten = waiting[-MOST_WAITING:]
            again = not (self._is_asked or self._is_closed)
            self._is_asked = self._is_asked or again
        self._lose(len(waiting) - len(self._unwritten))
        log.warning("turns wait", extra={"turns": len(waiting)})
        if again:
            self._writes.add(lambda: self._write_after(RETRY_S))

    def _write_last(self) -> None:
        noted = self._taken()
        if noted and not attempted(lambda: self._add(noted), self._pause):
            self._lose(len(noted))

    def _taken(self) -> list[Noted]:
        with self._lock:
            noted, self._unwritten = self._unwritten, []
        return noted

    def _left(self, noted: Sequence[Noted]) -> list[Noted]:
        """Write them, and return what is to be tried again: one call's row may be what the table
        refuses, and the others are not to wait for it."""
        if not noted or self._is_written(noted):
            return []
        calls = dict[TurnsOf, list[Noted]]()
        for one in noted:
            calls.setdefault(one[0], []).append(one)
        failed, written = list[TurnsOf](), list[TurnsOf]()
        for call, its in calls.items():
            if len(calls) == 1 or len(failed) == MOST_TRIED:
                break
            (written if self._is_written(its) else failed).append(call)
        if written:  # so it is they, and not the table
            self._lose(sum(len(calls[call]) for call in failed))
            return [one for one in noted if one[0] not in {*written, *failed}]
        # Others are tried first the next time.
        untried = [one for one in noted if one[0] not in failed]
        return [*untried, *(one for call in failed for one in calls[call])]

    def _is_written(self, noted: Sequence[Noted]) -> bool:
        try:
            self._add(noted)
        except PortError:
            return False
        return True

    def _add(self, noted: Sequence[Noted]) -> None:
        self._turns.add([call.row(turn) for call, turn in noted])

    def _lose(self, turns: int) -> None:
        if turns:
            self.lost += turns
            log.error("turns were not written", extra={"turns": turns})


def _as_json(arguments: Mapping[str, object] | None) -> str:
    """A tool's arguments as the row keeps them; "null" where the model gave no JSON object."""
    return json.dumps(arguments, ensure_ascii=False)
