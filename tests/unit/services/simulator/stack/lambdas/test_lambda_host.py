"""A function in a process of its own, as Lambda runs it."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from services.simulator.stack.lambdas.gateway import FunctionFailed, function_at
from services.simulator.stack.processes import Child, free_port

ROOT = Path(__file__).parents[6]

SAMPLE = "tests.unit.services.simulator.lambda_sample"


def hosted(function: str, event: dict[str, Any]) -> tuple[object, list[str]]:
    """Run one event through a function in a Lambda host of its own."""
    port, lines = free_port(), list[str]()

    async def run() -> object:
        argv = [
            sys.executable,
            "-m",
            "services.simulator.stack.lambdas.lambda_host",
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
