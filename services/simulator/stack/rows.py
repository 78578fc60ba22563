"""What the five tables of a local stack hold, as plain dicts."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from services.simulator.stack import aws
from services.simulator.stack.clip_file import ClipFile
from services.simulator.stack.environment import PREFIX
from shared import schema

SETTLES_WITHIN_S = 15.0
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


class Front(Protocol):
    """What may stand between the product and its tables."""

    async def start(self, url: str) -> str:
        """Stand before what is at `url`; return the address to be used instead."""

    async def stop(self) -> None:
        """Let go of the address; it may never have been started."""


class LocalTables:
    """The tables of one run; `clips` outlive it, None keeps none.

    The product reaches them through `front`, where there is one; rows are read behind it.
    """

    def __init__(self, clips: ClipFile | None, front: Front | None = None) -> None:
        self._clips, self._front = clips, front
        self._emulator = aws.MiniStack()
        self._client: Any = None  # until `start`

    @property
    def pid(self) -> int | None:
        """The emulator's process, while it runs."""
        return self._emulator.pid

    async def stop(self) -> None:
        if self._front is not None:
            await self._front.stop()
        await self._emulator.stop()

    async def start(self) -> str:
        """Start the emulator and make the tables, with the fixed sentences that an earlier run
        rendered; return the address for the product.

        Raises:
            ChildFailed: it did not come up.
        """
        url = await self._emulator.start()
        self._client = aws.dynamodb(url)
        await asyncio.to_thread(aws.make_tables, self._client, PREFIX)
        await asyncio.to_thread(aws.make_business_store, url)
        if self._clips is not None:
            kept = self._clips.kept()
            await asyncio.to_thread(aws.put, self._client, PREFIX, schema.CALLS, kept)
        return url if self._front is None else await self._front.start(url)

    async def keep_clips(self) -> None:
        """Keep the fixed sentences for the next run."""
        if self._clips is not None:
            self._clips.keep(await self.rows_of(schema.CALLS))

    async def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return what the five tables hold, by table."""
        return await asyncio.to_thread(aws.rows, self._client, PREFIX)

    async def rows_of(self, table: str) -> list[dict[str, Any]]:
        """Return what one table holds."""
        return await asyncio.to_thread(aws.rows_of, self._client, PREFIX, table)


def meta(rows: Rows, table: str) -> list[Mapping[str, Any]]:
    """Return the rows of a table that analysts read; locks and markers are not among them."""
    if table == schema.AGENT_TURNS:
        return list(rows[table])
    return [row for row in rows[table] if row[schema.SK] == schema.META]


def of_call(
    rows: Rows, call_sid: str, caller: str, *, earlier: tuple[str, ...] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Return what one call left, of tables that hold others' rows, too; with the jobs of `earlier`
    calls, which it may have changed."""
    pk = f"CALL#{call_sid}"
    sids = (call_sid, *earlier)
    jobs = [row for row in rows[schema.JOBS] if row.get("call_sid") in sids]
    ids = {row.get("job_id") for row in jobs}
    theirs = {caller, *(row.get("phone", {}).get("normalised") for row in jobs)}
    mine: dict[str, Callable[[Mapping[str, Any]], bool]] = {
        schema.CALLS: lambda row: row[schema.PK] == pk,
        schema.AGENT_TURNS: lambda row: row[schema.PK] == pk,
        schema.CUSTOMERS: lambda row: row.get("phone") in theirs,
        schema.JOBS: lambda row: row[schema.PK] == pk or row.get("job_id") in ids,
        schema.PAYMENTS: lambda row: row.get("job_id") in ids,
    }
    return {table: [dict(row) for row in rows[table] if mine[table](row)] for table in rows}


async def settled(read: Callable[[], Awaitable[Rows]], calls: int = 1) -> Rows:
    """Return the rows once so many calls have their outcome, or after `SETTLES_WITHIN_S`.

    Whether the outcome is the right one is judged later, and so is one that never came.
    """
    deadline = time.monotonic() + SETTLES_WITHIN_S
    while True:
        rows = await read()
        ended = [row for row in meta(rows, schema.CALLS) if row.get("outcome")]
        if len(ended) >= calls or time.monotonic() > deadline:
            return rows
        await asyncio.sleep(0.2)
