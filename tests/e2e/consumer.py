"""A business's own system as a process of its own, which may die, and the function that tells it.

    python -m tests.e2e.consumer take PORT DIES_AFTER AT
    python -m tests.e2e.consumer tell AT

`take` prints the id of each event that it took, and is killed by itself after so many, before it
has answered the last of them. `tell` is one run of the function at that time.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from typing import Any

from functions.deliver import handler
from functions.deliver.settings import settings_of
from services.simulator.hooks import HookReceiver

SECRET = "whsec_YSBrZXkgb2YgdGhpcyB0ZXN0"


class Mortal(list[dict[str, Any]]):
    """What was taken, told before it is answered."""

    def __init__(self, dies_after: int) -> None:
        super().__init__()
        self._left = dies_after

    def append(self, event: dict[str, Any]) -> None:
        print(event["id"], flush=True)
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


async def take(port: int, dies_after: int, at: datetime) -> None:
    receiver = HookReceiver(SECRET, clock=at.timestamp)
    receiver.taken = Mortal(dies_after)
    await receiver.start(port)
    print("ready", flush=True)
    await asyncio.Event().wait()


def tell(at: datetime) -> None:
    outward = handler._opened(settings_of(os.environ))
    print(handler.work(outward, handler._secrets().of_business, at, lambda: True), flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["take", port, dies_after, at]:
            asyncio.run(take(int(port), int(dies_after), datetime.fromisoformat(at)))
        case ["tell", at]:
            tell(datetime.fromisoformat(at))
