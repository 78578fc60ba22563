"""What tables and journals gain is told once, and what was there before is no news."""

import asyncio
import json
from pathlib import Path
from typing import Any

from services.simulator.stack.logs import Logs
from services.simulator.talk.watching import Watching
from shared import schema


class StackToWatch:
    def __init__(self, journals: Path) -> None:
        self.journals = journals
        self.logs = Logs()
        self.held: dict[str, list[dict[str, Any]]] = {table: [] for table in schema.TABLES}

    async def rows(self) -> dict[str, list[dict[str, Any]]]:
        return {table: [dict(row) for row in rows] for table, rows in self.held.items()}


def job(**fields: object) -> dict[str, Any]:
    return {"pk": "JOB#1", "sk": "META", "deposit": 20600, **fields}


def test_a_row_is_told_when_it_is_new_and_when_it_changes(tmp_path: Path) -> None:
    stack, told = StackToWatch(tmp_path), list[dict[str, Any]]()
    stack.held[schema.CALLS] = [{"pk": "CALL#0", "sk": "META", "outcome": "booked"}]

    async def watch() -> None:
        watching = Watching(stack, told.append)
        await watching.look(tell=False)
        stack.held[schema.JOBS] = [job(), {"pk": "SLOT#1", "sk": "SLOT"}]
        await watching.look()
        await watching.look()
        stack.held[schema.JOBS] = [job(deposit_paid=True)]
        await watching.look()

    asyncio.run(watch())
    assert [(each["kind"], each["new"], each["row"]) for each in told] == [
        ("row", True, {"deposit": "$206.00"}),
        ("row", False, {"deposit": "$206.00", "deposit paid": "yes"}),
    ]


def test_turns_and_tools_are_told_as_what_they_are(tmp_path: Path) -> None:
    stack, told = StackToWatch(tmp_path), list[dict[str, Any]]()
    turn = {"pk": "CALL#1", "call_sid": "CA1", "role": "assistant", "text": "Would tonight"}
    stack.held[schema.AGENT_TURNS] = [
        {**turn, "sk": "T#1", "seq": 1, "cut": True, "heard": "Would"},
        {**turn, "sk": "T#2", "seq": 2, "role": "tool", "tool": "add_note", "took_ms": 4},
    ]
    asyncio.run(Watching(stack, told.append).look())
    assert [each["kind"] for each in told] == ["turn", "tool"]
    assert told[0]["heard"] == "Would"
    assert told[1]["took_ms"] == 4


def test_a_journal_is_read_on_from_where_it_was_read_to(tmp_path: Path) -> None:
    stack, told = StackToWatch(tmp_path), list[dict[str, Any]]()
    journal = tmp_path / "CA1.jsonl"
    line = json.dumps({"event": "CallerSpoke", "at_ms": 5, "do": [["ClearPlayback", {}]]})

    async def watch() -> None:
        watching = Watching(stack, told.append)
        journal.write_text(line + "\n" + line[:20])
        await watching.look()
        assert len(told) == 1
        journal.write_text(line + "\n" + line + "\n")
        await watching.look()
        await watching.look()

    asyncio.run(watch())
    assert [each["what"] for each in told] == ["cut", "cut"]
    assert told[0]["call"] == "CA1"


def test_what_was_measured_is_told_in_words_when_there_is_more_of_it(tmp_path: Path) -> None:
    stack, told = StackToWatch(tmp_path), list[dict[str, Any]]()

    async def watch() -> None:
        watching = Watching(stack, told.append)
        await watching.look()
        stack.logs.metrics["TurnLatencyMs"] += [300.0, 500.0]
        await watching.look()
        await watching.look()

    asyncio.run(watch())
    figures = [["turn latency", "2 times, 400 ms on average, the slowest 500 ms"]]
    assert json.loads(json.dumps(told)) == [{"kind": "metrics", "metrics": figures}]
