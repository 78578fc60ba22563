"""The function that tells others, on a laptop: a process of its own that is run every few seconds,
in place of its schedule."""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Mapping
from typing import Self

import aiohttp

from services.simulator.stack.processes import Child, free_port

HANDLER = "functions.deliver.handler.lambda_handler"
EVERY_S = 3.0
TIMEOUT_S = 50.0  # as deployed


class Deliveries:
    """Runs inside the block; what it prints goes to `on_line`."""

    def __init__(
        self, environment: Mapping[str, str], on_line: Callable[[str], None] = lambda _: None
    ) -> None:
        self._port = free_port()
        host = "services.simulator.stack.lambdas.lambda_host"
        argv = [sys.executable, "-m", host, HANDLER, "--port", str(self._port)]
        argv += ["--timeout", str(TIMEOUT_S)]
        named = {"AWS_LAMBDA_FUNCTION_NAME": "deliver", "WEBHOOKS_TO_LOOPBACK": "on"}
        self._child = Child("deliver", argv, {**environment, **named}, on_line)
        self._runs: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._child.start()
        self._runs = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runs is not None:
            self._runs.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._runs
        await self._child.stop()

    async def _run(self) -> None:
        """One run after the other; the first ones may find nobody there yet."""
        limit = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=limit) as http:
            while True:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with http.post(f"http://127.0.0.1:{self._port}/", json={}) as answer:
                        await answer.read()
                await asyncio.sleep(EVERY_S)
