"""Processes of the stack are reported when they die, and always ended."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from services.simulator.stack.processes import Child, ChildFailed


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
