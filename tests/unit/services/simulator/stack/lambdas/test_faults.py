"""A function that is dead, or never answers, is so at the paths that were named alone."""

import asyncio

import pytest

from services.simulator.stack.lambdas.faults import FunctionFaults
from services.simulator.stack.lambdas.gateway import Event, FunctionFailed


async def well(_: Event) -> object:
    return "well"


def test_nothing_is_wrong_with_a_path_that_was_not_named() -> None:
    faults, asked = FunctionFaults(), list[str]()
    faults.asked = asked.append
    faults.dead.add("/incoming")
    assert asyncio.run(_invoked(faults, "/handoff")) == "well"
    assert asked == []


def test_a_dead_function_fails_and_says_that_it_was_asked() -> None:
    faults, asked = FunctionFaults(), list[str]()
    faults.asked = asked.append
    faults.dead.add("/incoming")
    with pytest.raises(FunctionFailed):
        asyncio.run(_invoked(faults, "/incoming"))
    assert asked == ["/incoming"]


def test_one_that_hangs_never_answers() -> None:
    faults = FunctionFaults()
    faults.hanging.add("/handoff")
    with pytest.raises(TimeoutError):
        asyncio.run(_invoked(faults, "/handoff"))


async def _invoked(faults: FunctionFaults, path: str) -> object:
    return await asyncio.wait_for(faults.before(path, well)({}), 0.1)
