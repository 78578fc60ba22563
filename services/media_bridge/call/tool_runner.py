"""Runs a call's tools in threads beside the audio, each within its limit."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Final

from services.media_bridge.core import commands as do
from shared.actions.ports import Metrics
from shared.schema import ToolName
from shared.tools.dispatch import ToolReply

log = logging.getLogger(__name__)

BROKEN: Final = json.dumps(
    {
        "error": "unavailable",
        "message": "That did not work. Offer to connect the caller to a person.",
    }
)

# How long each tool takes, by its name: get_pricing_quote -> GetPricingQuoteMs.
METRIC_OF: Final[Mapping[str, str]] = {tool.value: tool.duration for tool in ToolName}

Use = Callable[[do.RunTool], ToolReply]
# reply (None: the time is up), milliseconds since the tool was asked for
Answered = Callable[[do.RunTool, ToolReply | None, int], None]


class ToolRunner:
    """Runs the tools of one call. All but the tools themselves happens on the event loop."""

    def __init__(
        self, use: Use, answered: Answered, threads: Executor, metrics: Metrics, business: str
    ) -> None:
        self._use, self._answered = use, answered
        self._threads, self._metrics, self._business = threads, metrics, business
        self._loop = asyncio.get_running_loop()
        self._limits: dict[str, asyncio.TimerHandle] = {}  # by call_id, of tools not late yet
        self._in_flight: set[Future[ToolReply]] = set()  # tools that run, the late ones too

    def run(self, command: do.RunTool) -> None:
        """Start a tool; `answered` is called once when it is done, and before that with None
        when its limit passes."""
        asked = perf_counter()
        self._limits[command.call_id] = self._loop.call_later(
            command.limit_ms / 1000, self._too_late, command
        )
        running = self._threads.submit(self._use, command)
        self._in_flight.add(running)
        running.add_done_callback(partial(self._back, command, asked))

    def stop(self) -> list[Future[ToolReply]]:
        """Nobody wants answers any more. Returns the tools under way: they finish, they may be
        booking."""
        for limit in self._limits.values():
            limit.cancel()
        self._limits.clear()
        self._answered = lambda *_: None
        return list(self._in_flight)

    def _back(self, command: do.RunTool, asked: float, done: Future[ToolReply]) -> None:
        """In the tool's thread. A process that is ending has no loop to tell."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._done, command, asked, done)

    def _too_late(self, command: do.RunTool) -> None:
        self._limits.pop(command.call_id, None)
        self._answered(command, None, command.limit_ms)

    def _done(self, command: do.RunTool, asked: float, done: Future[ToolReply]) -> None:
        self._in_flight.discard(done)
        if limit := self._limits.pop(command.call_id, None):
            limit.cancel()
        took_ms = round((perf_counter() - asked) * 1000)
        if command.name in METRIC_OF:  # the model may call a tool that is none
            self._metrics.count(METRIC_OF[command.name], took_ms, business=self._business)
        self._answered(command, reply_of(done), took_ms)


def reply_of(done: Future[ToolReply]) -> ToolReply:
    """The reply; for a tool that broke, one the agent can say something about."""
    error = done.exception()
    if error is None:
        return done.result()
    log.error("a tool broke", exc_info=error)
    return ToolReply(json.loads(BROKEN), broke=True)
