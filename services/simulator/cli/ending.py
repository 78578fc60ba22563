"""How a command ends: with which status, and with everything it started gone."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any

FAILED, USAGE, INTERRUPTED = 1, 2, 130
UNANSWERED = 3  # by a smoke call alone: a program that breaks ends with 1, and says nothing of it


class Unusable(Exception):
    """What was asked for does not exist or cannot be done here; the message says what can."""


def note(line: str) -> None:
    """Say something beside the result: on stderr."""
    print(f"simulator: {line}", file=sys.stderr, flush=True)


def ended(work: Coroutine[Any, Any, int]) -> int:
    """Run `work` and return its status; a signal to end cancels it, and ends what it started."""

    async def run() -> int:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if task is not None:
                loop.add_signal_handler(number, task.cancel)
        return await work

    return asyncio.run(run())
