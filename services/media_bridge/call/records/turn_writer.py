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


class TurnWriter:
    """The turns of one call, written in its threads. `opened` is the business time of at_ms 0."""

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
        self._lock = threading.Lock()  # around the turns below: two threads take them
        self._unwritten: list[Turn] = []  # noted since the last write began
        self.lost = 0  # turns given up after the last attempt

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
