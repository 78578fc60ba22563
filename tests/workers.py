"""How workers of pytest-xdist share out the tests: `pytest -n 3`.

A file stays whole, so that what its fixtures start is started once, and so does the folder of the
stacks of CDK. Calls through whole stacks, which mostly wait, go one by one, and what takes longest
begins first. A test marked `alone` has the machine to itself: the other workers finish the tests
they are in and wait, since a call in real sound lives by the clock and needs every core. Without
`-n` none of this is used.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

# What shares a costly fixture beyond one file.
WHOLE = ("tests/infra/",)
# Whose tests start all that they need themselves.
ONE_BY_ONE = tuple(
    f"tests/e2e/test_{name}.py"
    for name in ("scripted_calls", "outages", "command_line", "smoke", "locks")
)
LONGEST = ("tests/infra/", "tests/e2e/")

# Any two files serve to be locked; these are there, and the same ones for every worker.
TURN, GATE = Path(__file__), Path(__file__).with_name("conftest.py")


def unit_of(nodeid: str) -> str:
    """What is given to one worker as a whole: a folder, a file, or one test."""
    path = nodeid.partition("::")[0]
    if path in ONE_BY_ONE:
        return nodeid
    return next((folder for folder in WHOLE if path.startswith(folder)), path)


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """What takes longest before all others; the many small files even out the end."""
    return sorted(items, key=lambda item: not item.nodeid.startswith(LONGEST))


@contextmanager
def turn(*, alone: bool, turn: Path = TURN, gate: Path = GATE) -> Iterator[None]:
    """Held while one test runs: by many at once or, `alone`, by one.

    Everybody takes their turn through a gate. Whoever wants to be alone keeps the gate shut until
    the others are done; without it one of them would always be in a turn, and it would never come.
    """
    with turn.open("rb") as held:
        with gate.open("rb") as shut:
            fcntl.flock(shut, fcntl.LOCK_EX)
            fcntl.flock(held, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
