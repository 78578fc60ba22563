"""Things done at the same moment, for tests of what a race may not break."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")
READY_IN_S = 30


def at_once(*works: Callable[[], T]) -> list[T]:
    """Do all of them at once, each in a thread of its own; what each returned, in their order."""
    start = Barrier(len(works))

    def one(work: Callable[[], T]) -> T:
        start.wait(READY_IN_S)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))
