"""What a stack's tables and journals gain while it runs, told piece by piece."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from services.call_page.rows import outer, record
from services.call_page.words import measured
from services.simulator.stack.logs import Logs
from services.simulator.stack.rows import Rows
from services.simulator.talk import acted
from services.simulator.talk.phones import zone_of
from shared import schema

LOOKS_EVERY_S = 0.3
Tell = Callable[[dict[str, Any]], None]
_TURN = ("role", "text", "cut", "heard", "heard_ms", "sent_ms", "latency_ms", "unsure", "seq", "at")
_TOOL = ("tool", "arguments", "result", "took_ms", "seq", "at")


class Watched(Protocol):
    """What is needed of a stack to watch it."""

    @property
    def journals(self) -> Path:
        """The folder of its journals."""

    @property
    def logs(self) -> Logs:
        """What its processes have printed."""

    def rows(self) -> Awaitable[Rows]:
        """Return what its tables hold."""


class Watching:
    """Looks again and again, from `run` on, and tells what is new since the last look."""

    def __init__(self, stack: Watched, tell: Tell) -> None:
        self._stack, self._tell = stack, tell
        self._rows: dict[tuple[str, str, str], Any] = {}  # by table and key, as last told
        self._read: dict[Path, int] = {}  # how many bytes of each journal were read
        self._counts = stack.logs.counts()  # of metrics, as last told

    async def run(self) -> None:
        """Look until cancelled. What the tables hold at the first look is no news."""
        await self.look(tell=False)
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            await self.look()

    async def look(self, *, tell: bool = True) -> None:
        """Take in what there is, and tell what is new."""
        for table, rows in (await self._stack.rows()).items():
            for row in rows:
                if table != schema.AGENT_TURNS and row[schema.SK] != schema.META:
                    continue  # locks, markers and what waits to be sent
                key = (table, str(row[schema.PK]), str(row[schema.SK]))
                if self._rows.get(key) == row:
                    continue
                before, self._rows[key] = self._rows.get(key), row
                if tell:
                    self._tell(_row(key, row, is_new=before is None))
        for piece in await asyncio.to_thread(self._journals):
            if tell:
                self._tell(piece)
        if (counts := self._stack.logs.counts()) != self._counts:
            self._counts = counts
            if tell:
                figures = list(measured(self._stack.logs.metrics))
                self._tell({"kind": "metrics", "metrics": figures})

    def _journals(self) -> list[dict[str, Any]]:
        pieces = []
        for path in sorted(self._stack.journals.glob("*.jsonl")):
            with contextlib.suppress(OSError), path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                whole, _, _ = file.read().rpartition(b"\n")
                if not whole:
                    continue
                self._read[path] = self._read.get(path, 0) + len(whole) + 1
                for line in whole.decode("utf-8", "replace").split("\n"):
                    pieces += [
                        {"kind": "acted", "call": path.stem, "at_ms": each.at_ms,
                         "what": each.what, "text": each.text}
                        for each in acted.read(line)
                    ]  # fmt: skip
        return pieces


def _row(key: tuple[str, str, str], row: Any, *, is_new: bool) -> dict[str, Any]:
    table, pk, sk = key
    if table != schema.AGENT_TURNS:
        shown = record(table, outer(row), zone_of(str(row.get("business_id", ""))))
        told = dict(shown.fields)
        return {
            "kind": "row",
            "table": shown.title,
            "key": f"{pk} {sk}",
            "new": is_new,
            "row": told,
        }
    is_tool = row.get("role") == "tool"
    fields = {name: row[name] for name in (_TOOL if is_tool else _TURN) if name in row}
    return {"kind": "tool" if is_tool else "turn", "call": row.get("call_sid", ""), **fields}
