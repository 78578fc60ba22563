"""AWS on a laptop: the tables CDK's definitions give, a Lambda host, and processes that end."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from services.simulator.stack import aws
from services.simulator.stack.gateway import FunctionFailed, function_at
from services.simulator.stack.logs import emf
from services.simulator.stack.processes import Child, ChildFailed, free_port
from shared import schema

ROOT = Path(__file__).parents[5]
SAMPLE = "tests.unit.services.simulator.lambda_sample"


@pytest.mark.stack
def test_the_tables_are_made_from_the_shared_definitions_and_read_as_plain_values() -> None:
    async def run() -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
        ministack = aws.MiniStack()
        try:
            client = aws.dynamodb(await ministack.start())
            aws.make_tables(client, "t-")
            item = {"pk": {"S": "JOB#2"}, "sk": {"S": "META"}, "deposit": {"N": "20600"}}
            client.put_item(TableName="t-jobs", Item=item)
            client.put_item(TableName="t-jobs", Item={"pk": {"S": "JOB#1"}, "sk": {"S": "META"}})
            tables = [
                client.describe_table(TableName=f"t-{table}")["Table"] for table in schema.TABLES
            ]
            return tables, aws.rows(client, "t-")
        finally:
            await ministack.stop()

    tables, rows = asyncio.run(run())
    assert list(rows) == list(schema.TABLES)
    assert rows["jobs"] == [
        {"pk": "JOB#1", "sk": "META"},
        {"pk": "JOB#2", "sk": "META", "deposit": 20600},
    ]
    indexes = {
        table["TableName"][2:]: [index["IndexName"] for index in table["GlobalSecondaryIndexes"]]
        for table in tables
        if table.get("GlobalSecondaryIndexes")
    }
    assert indexes == {table: [index] for table, index in schema.INDEXES.items()}


def hosted(function: str, event: dict[str, Any]) -> tuple[object, list[str]]:
    """Run one event through a function in a Lambda host of its own."""
    port, lines = free_port(), list[str]()

    async def run() -> object:
        argv = [
            sys.executable,
            "-m",
            "services.simulator.stack.lambda_host",
            f"{SAMPLE}.{function}",
        ]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        child = Child("host", [*argv, "--port", str(port)], env, lines.append)
        await child.start()
        try:
            async with aiohttp.ClientSession() as http:

                async def answers() -> bool:
                    try:
                        async with http.get(f"http://127.0.0.1:{port}/") as answer:
                            return answer.status == 200
                    except aiohttp.ClientError:
                        return False

                await child.ready(answers, within_s=20)
                return await function_at(lambda: port, lambda: http)(event)
        finally:
            await child.stop()

    return asyncio.run(run()), lines


def test_a_function_gets_its_event_and_a_context_and_its_output_is_read() -> None:
    result, lines = hosted("works", {"version": "2.0"})
    assert result == {"event": {"version": "2.0"}, "name": "simulator", "in_time": True}
    assert "a line of the function" in lines


def test_a_function_that_raises_is_a_failed_function() -> None:
    with pytest.raises(FunctionFailed, match="ValueError: no such job"):
        hosted("breaks", {})


def test_a_child_that_dies_is_reported_with_its_last_words() -> None:
    async def never() -> bool:
        return False

    async def run() -> None:
        child = Child("bridge", [sys.executable, "-c", "print('no such table'); exit(3)"], {})
        await child.start()
        try:
            await child.ready(never)
        finally:
            await child.stop()

    with pytest.raises(ChildFailed, match=r"(?s)bridge ended before.*no such table"):
        asyncio.run(run())


def test_stopping_a_child_ends_what_it_started_too() -> None:
    code = (
        "import subprocess, sys, time\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(inner.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    lines: list[str] = []

    async def run() -> int:
        child = Child("outer", [sys.executable, "-c", code], {}, lines.append)
        await child.start()

        async def printed() -> bool:
            return bool(lines)

        await child.ready(printed, within_s=20)
        await child.stop()
        return int(lines[0])

    inner = asyncio.run(run())
    # The kernel delivers a signal when it gets to it, and a grandchild cannot be waited for.
    deadline = time.monotonic() + 10
    while not (gone := _gone(inner)) and time.monotonic() < deadline:
        os.sched_yield()
    if not gone:
        os.kill(inner, signal.SIGKILL)
    assert gone


def _gone(pid: int) -> bool:
    try:
        return "Z (zombie)" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (
            '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"Quotes"}]}]},"Quotes":1}',
            {"Quotes": [1]},
        ),
        (
            '{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"A"},{"Name":"B"}]}]},"A":[1,2],"B":3}',
            {"A": [1, 2], "B": [3]},
        ),
        ('{"message": "_aws"}', {}),
        ('"_aws"', {}),
        ("not json", {}),
    ],
)
def test_metrics_are_read_from_lines(line: str, values: dict[str, list[float]]) -> None:
    assert emf(line) == values
