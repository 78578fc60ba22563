"""Tools run in threads within their limits; one tool can be run by hand."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.media_bridge.call.tool_runner import METRIC_OF, Toolbox
from services.media_bridge.core import commands as do
from shared.schema import METRICS
from shared.tools.dispatch import ToolReply
from tests.fakes import FakeMetrics
from tests.unit.services.media_bridge.world import (
    played,
    soon,
)

Answers = list[tuple[str, ToolReply | None, int]]


class Asked:
    """A toolbox whose one tool waits for `release`, and what came of it."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.release = threading.Event()
        self.answers: Answers = []
        self.metrics = FakeMetrics()
        self.box = Toolbox(self._use, self._answered, pool, self.metrics, "coolcare_hvac")

    def _use(self, command: do.RunTool) -> ToolReply:
        self.release.wait(5)
        if command.arguments is None:
            raise ValueError("a bug")
        return ToolReply({"name": command.name})

    def _answered(self, command: do.RunTool, reply: ToolReply | None, took_ms: int) -> None:
        self.answers.append((command.call_id, reply, took_ms))


def _tool(call_id: str = "c1", name: str = "add_note", limit_ms: int = 5000) -> do.RunTool:
    return do.RunTool(call_id, name, {}, limit_ms)


def test_a_tool_is_answered_once_and_measured() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.release.set()
            asked.box.run(_tool())
            await soon(lambda: bool(asked.answers))

            ((call_id, reply, _),) = asked.answers
            assert (call_id, reply) == ("c1", ToolReply({"name": "add_note"}))
            ((metric, _, business),) = asked.metrics.counted
            assert (metric, business) == ("AddNoteMs", "coolcare_hvac")

    played(scenario)


def test_a_tool_over_its_limit_is_given_up_and_answers_late() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.box.run(_tool(limit_ms=20))
            await soon(lambda: bool(asked.answers))
            assert asked.answers == [("c1", None, 20)]

            asked.release.set()
            await soon(lambda: len(asked.answers) == 2)
            assert asked.answers[1][1] == ToolReply({"name": "add_note"})

    played(scenario)


def test_waiting_for_a_thread_counts_against_the_limit() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(1) as pool:
            asked = Asked(pool)
            asked.box.run(_tool("first"))
            asked.box.run(_tool("second", limit_ms=20))
            await soon(lambda: bool(asked.answers))
            assert asked.answers[0][:2] == ("second", None)
            asked.release.set()
            await soon(lambda: len(asked.answers) == 3)

    played(scenario)


def test_a_stopped_toolbox_tells_nobody_but_lets_a_booking_finish() -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.box.run(_tool(limit_ms=50))
            (under_way,) = asked.box.stop()
            asked.release.set()
            await soon(under_way.done)
            await asyncio.sleep(0.06)

            assert under_way.result() == ToolReply({"name": "add_note"})
            assert asked.answers == []

    played(scenario)


def test_every_tool_has_a_metric_of_its_own() -> None:
    assert set(METRIC_OF.values()) <= set(METRICS)


@pytest.mark.parametrize("name", ["rm_rf", "barge_in", "", "x" * 10_000])
def test_a_tool_that_is_none_has_no_metric(name: str) -> None:
    async def scenario() -> None:
        with ThreadPoolExecutor(2) as pool:
            asked = Asked(pool)
            asked.release.set()
            asked.box.run(_tool(name=name))
            await soon(lambda: bool(asked.answers))
            assert asked.metrics.counted == []

    played(scenario)


# -- the clerk -----------------------------------------------------------------------------


class Recording:
    """The tools of a call, which keep what they were asked: name, arguments, what is confirmed."""

    def __init__(self, *call: object) -> None:
        self.asked: list[tuple[str, Any, frozenset[str]]] = []

    def use(
        self, name: str, arguments: Any, *, confirmed: frozenset[str], **_: object
    ) -> ToolReply:
        self.asked.append((name, arguments, confirmed))
        return ToolReply({})
