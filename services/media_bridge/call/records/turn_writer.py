"""The turns of a call, written soon after they were spoken."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from services.media_bridge.call.records.writes import SerialExecutor, attempted
from services.media_bridge.core import commands as do
from shared.actions.ports import Turns
from shared.domain.models import Turn

log = logging.getLogger(__name__)

MOST_WAITING = 500  # more than a call has; about 1 MB


class TurnWriter:
    """The turns of one call, written in its threads. `opened` is the business time of at_ms 0.

    While the table does not answer they wait here, to be written with the next turn, or at the end
    of the call: no caller waits for them, and none is lost to an outage the call outlives.
    """

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
        self._call_sid, self._opened = call_sid, opened
        self._synthetic = synthetic  # a smoke call's turns are marked, so that no KPI counts them
        self._turns, self._writes, self._pause = turns, writes, pause
        self._lock = threading.Lock()  # around the two below: two threads take them
        # Noted and not written, the oldest first.
        self._unwritten: list[do.NoteTurn] = []
        self._is_asked = False  # a write of them is on its way
        self.lost = 0  # turns given up at the end

    def turn(self, note: do.NoteTurn) -> None:
        """Write a turn soon; turns that wait are written together."""
        with self._lock:
            self._unwritten.append(note)
            asked, self._is_asked = self._is_asked, True
        if not asked:
            self._writes.add(self._write)

    def close(self) -> None:
        """The call is over: write what waits still, or give it up."""
        self._writes.add(self._write_last)

    def _write(self) -> None:
        with self._lock:
            self._is_asked = False
            notes, self._unwritten = self._unwritten, []
        if self._is_written(notes):
            return
        with self._lock:
            waiting = [*notes, *self._unwritten]
            self._unwritten = waiting[-MOST_WAITING:]
            self.lost += len(waiting) - len(self._unwritten)
        log.warning("turns wait", extra={"call_sid": self._call_sid, "turns": len(waiting)})

    def _write_last(self) -> None:
        with self._lock:
            notes, self._unwritten = self._unwritten, []
        if not notes or self._is_written(notes):
            return
        self.lost += len(notes)
        about = {"call_sid": self._call_sid, "turns": len(notes)}
        log.error("turns were not written", extra=about)

    def _is_written(self, notes: list[do.NoteTurn]) -> bool:
        rows = [self._row(note) for note in notes]
        return attempted(lambda: self._turns.add(rows), self._pause)

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
            unsure=note.unsure,
            tool=note.tool,
            arguments=None if note.tool is None else _as_json(note.arguments),
            result=note.result,
            took_ms=note.took_ms,
            synthetic=self._synthetic,
        )


def _as_json(arguments: Mapping[str, object] | None) -> str:
    """A tool's arguments as the row keeps them; "null" where the model gave no JSON object."""
    return json.dumps(arguments, ensure_ascii=False)
