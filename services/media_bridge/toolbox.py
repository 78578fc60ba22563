"""Runs a call's tools in threads beside the audio, each within its limit; also one tool by hand.

`python -m services.media_bridge.toolbox NAME JSON --business ID` prints the tool's JSON.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_hex
from time import perf_counter
from typing import Final

from services.media_bridge.core import commands as do
from shared.actions import calls
from shared.actions.front_desk import TOOLS, ToolDispatcher, ToolReply
from shared.actions.ports import Metrics
from shared.domain.business import Business, all_businesses, by_id
from shared.domain.errors import PortError
from shared.domain.models import Call
from shared.domain.scheduling import is_after_hours

log = logging.getLogger(__name__)

BROKEN: Final = json.dumps(
    {
        "error": "unavailable",
        "message": "That did not work. Offer to connect the caller to a person.",
    }
)

# get_pricing_quote -> GetPricingQuoteMs
METRIC_OF: Final = {
    name: f"{name.title().replace('_', '')}Ms" for name in (str(tool["name"]) for tool in TOOLS)
}

Use = Callable[[do.RunTool], ToolReply]
# reply (None: the time is up), milliseconds since the tool was asked for
Answered = Callable[[do.RunTool, ToolReply | None, int], None]


class Toolbox:
    """The tools of one call. Everything but the tools themselves runs on the event loop."""

    def __init__(
        self, use: Use, answered: Answered, threads: Executor, metrics: Metrics, business: str
    ) -> None:
        self._use, self._answered = use, answered
        self._threads, self._metrics, self._business = threads, metrics, business
        self._loop = asyncio.get_running_loop()
        self._limits: dict[str, asyncio.TimerHandle] = {}
        self._in_flight: set[Future[ToolReply]] = set()

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
    return ToolReply(json.loads(BROKEN))


# -- one tool by hand ----------------------------------------------------------------------

FIRST_YEAR, LAST_YEAR = 1970, 2200  # beyond them calendars and zones have no days to count


class BadUsage(Exception):
    """The command line names no business or no time, or the environment lacks something."""


def by_hand(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[dict[str, object], bool]:
    """What one tool answers in a call of its own, against the services the environment names,
    and whether such a tool was asked with a JSON object at all.

    Raises:
        BadUsage: the message names what is wrong with the command line or the environment.
    """
    # boto3 takes its time: only here is it needed.
    from shared.adapters import wiring
    from shared.adapters.secrets import Secrets, SecretUnavailable

    asked = _asked(argv)
    real = datetime.now(UTC)
    try:
        offset = int(environ.get("CLOCK_OFFSET_S") or 0)
        secrets = Secrets(environ, lambda: real)
        known = {name: secrets.get(name)[0] for name in ("TWILIO_AUTH_TOKEN", "STRIPE_API_KEY")}
        settings = wiring.Settings.of({**environ, **known})
    except (ValueError, SecretUnavailable, wiring.MissingSetting) as exc:
        raise BadUsage(str(exc)) from exc
    now = asked.at or real + timedelta(seconds=offset)
    ports = wiring.open_ports(settings, out=sys.stderr)
    if asked.usable:
        # The row a real call has before its first tool runs.
        row = Call(
            call_sid=asked.call_sid,
            business_id=asked.business.id,
            caller=asked.caller,
            started_at=now,
            business_hours=not is_after_hours(asked.business, now),
        )
        calls.ensure(ports.calls, row)
    desk = ToolDispatcher(
        asked.business, asked.call_sid, asked.caller, ports, settings.public_url()
    )
    return desk.use(asked.tool, asked.arguments, now=now, real_now=real).output, asked.usable


@dataclass(frozen=True, slots=True)
class _Asked:
    tool: str
    arguments: str
    business: Business
    call_sid: str
    caller: str | None
    at: datetime | None
    usable: bool  # else the tool's own refusal is the answer, as the model would get it


def _asked(argv: Sequence[str]) -> _Asked:
    parser = argparse.ArgumentParser(
        prog="python -m services.media_bridge.toolbox", description="Run one tool, print its JSON."
    )
    parser.add_argument("tool", metavar="NAME", help=", ".join(METRIC_OF))
    parser.add_argument("arguments", metavar="JSON", help="the tool's arguments, one JSON object")
    parser.add_argument("--business", metavar="ID", required=True)
    parser.add_argument("--call-sid", metavar="CA…", help="as which call; a new one by default")
    parser.add_argument("--from", dest="caller", metavar="+1…", help="the caller's number")
    parser.add_argument("--at", metavar="ISO", type=datetime.fromisoformat, help="business time")
    given = parser.parse_args(argv)
    business = by_id(given.business)
    if business is None:
        known = ", ".join(all_businesses())
        raise BadUsage(f"--business: there is no {given.business!r}; there is {known}")
    if given.at is not None and given.at.tzinfo is None:
        raise BadUsage("--at: needs a UTC offset, as in 2025-08-28T19:12-04:00")
    if given.at is not None and not FIRST_YEAR <= given.at.year < LAST_YEAR:
        raise BadUsage(f"--at: a year from {FIRST_YEAR} to {LAST_YEAR - 1}")
    call_sid = given.call_sid or f"CA{token_hex(16)}"
    usable = given.tool in METRIC_OF and _is_object(given.arguments)
    return _Asked(given.tool, given.arguments, business, call_sid, given.caller, given.at, usable)


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        return False


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """JSON on stdout: 0, or 2 for a tool that is none or arguments that are no JSON object. Else
    a sentence on stderr: 2 for a wrong command line, 1 when the tables cannot be reached."""
    try:
        reply, usable = by_hand(argv, environ)
    except (BadUsage, PortError) as exc:
        print(f"toolbox: {exc}", file=sys.stderr)
        return 2 if isinstance(exc, BadUsage) else 1
    print(json.dumps(reply))
    return 0 if usable else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
