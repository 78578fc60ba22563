"""Functions that die or never answer, by the path they are asked for."""

import asyncio
from collections.abc import Callable

from services.simulator.stack.lambdas.gateway import Event, FunctionFailed, Invoke


class FunctionFaults:
    """What is wrong with the functions: nothing, until somebody says so. `asked` is told of each
    request that meets it."""

    def __init__(self) -> None:
        self.dead = set[str]()  # paths, as "/handoff"
        self.hanging = set[str]()
        self.asked: Callable[[str], None] = lambda _: None

    def before(self, path: str, invoke: Invoke) -> Invoke:
        """`invoke`, as far as it is well at `path`."""

        async def invoke_it(event: Event) -> object:
            if path in self.dead | self.hanging:
                self.asked(path)
            if path in self.dead:
                raise FunctionFailed("Runtime.ExitError: it was killed")
            if path in self.hanging:
                await asyncio.Event().wait()  # until the gateway gives it up
            return await invoke(event)

        return invoke_it
