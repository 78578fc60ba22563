"""What the network does beside the calls: late webhooks, reports of texts."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class BackgroundWork:
    """Tasks nobody waits for at once, but everybody before the end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Begin `work` and go on."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is under way any more, not even what was begun meanwhile."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
