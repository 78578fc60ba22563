"""Faults put into the local stack while real calls go on, and the EMF lines that came of each."""

import asyncio
import io
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from functions.index_export.handler import INDEXED
from services.media_bridge.process.gauges import AT_REST, GAUGE_S
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerLine
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import OnCall, Scenario
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack
from shared.metrics import EmfMetrics

SPEED = 12.0
LONGEST_S = 240
LOOKS_EVERY_S = 0.1
SETTLES_WITHIN_S = 2 * GAUGE_S
NUMBERS = ("+15551230000", "+15551230145")
ACCEPTS, NOBODY = OnCall(answers="accepts"), OnCall()
BEAT = ("ActiveCalls", "FramesSent", "FramesLate", *AT_REST)
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


@dataclass(frozen=True)
class Drill:
    """What one fault left: lines in the order they were written, and when the bridge died."""

    lines: list[str]
    bridge_lives: bool = True


def run(stage: str) -> dict[str, Drill]:
    """Every drill of docs/operations.md, in one stack; what they wrote, as of `stage`."""
    left = asyncio.run(asyncio.wait_for(_all(), LONGEST_S))
    return {
        name: replace(drill, lines=[_of_stage(line, stage) for line in drill.lines])
        for name, drill in left.items()
    }


async def _all() -> dict[str, Drill]:
    speech, spec, human = open_speech("text"), scenarios.load("spec"), scenarios.load("human")
    left: dict[str, Drill] = {}
    async with Stack(speech, at=spec.at, speed=SPEED) as stack:

        async def calls(
            script: Scenario, on_line: Callable[[CallerLine], None] = lambda _: None, n: int = 2
        ) -> None:
            phones = [ScriptedCaller(script, speech, on_line) for _ in range(n)]
            try:
                await asyncio.gather(
                    *(
                        stack.network.place_call(number, script.dialed, phone)
                        for number, phone in zip(NUMBERS, phones, strict=False)
                    )
                )
            finally:
                for phone in phones:
                    phone.close()

        @asynccontextmanager
        async def drill(name: str, counted: str, times: int) -> AsyncIterator[None]:
            before = len(stack.logs.lines)
            yield
            await stack.network.settled()
            await _written(lambda: stack.logs.lines[before:], counted, times)
            alive = stack.bridge_pid is not None
            left[name] = Drill(_metrics(stack.logs.lines[before:]), alive)

        stack.network.people.everybody_else = ACCEPTS
        async with drill("nothing is wrong", "CallsEnded", 1):
            await calls(spec, n=1)
        stack.network.people.everybody_else = NOBODY
        async with drill("nobody on call takes the call", "CallsEnded", 1):
            await calls(human, n=1)
        stack.network.people.everybody_else = ACCEPTS
        stack.model.refuse_connect(True)
        async with drill("the model cannot be reached", "CallsEnded", 2):
            await calls(spec)
            await _beaten(stack)
        stack.model.refuse_connect(False)
        async with drill("a bridge dies in the middle of its calls", "CallsEndedAbnormally", 2):
            await calls(spec, _kills_bridge_when_both_talk(stack))
        async with drill("no stream reaches a bridge", "TwimlServed", 2):
            await calls(spec)
    return left


def _kills_bridge_when_both_talk(stack: Stack) -> Callable[[CallerLine], None]:
    said: list[str] = []

    def hear(line: CallerLine) -> None:
        if line.kind == "said" and "Sarah Miller" in line.text:
            said.append(line.text)
            if len(said) == len(NUMBERS) and stack.bridge_pid is not None:
                os.kill(stack.bridge_pid, signal.SIGKILL)

    return hear


async def _beaten(stack: Stack) -> None:
    """Wait for the bridge's first beat, so that there is one to compare with."""
    await _until(lambda: any('"ActiveCalls"' in line for line in stack.logs.lines), "no beat")


async def _written(lines: Callable[[], list[str]], metric: str, times: int) -> None:
    """Wait until the last that a call counts was read from the process that counted it."""

    def counted() -> bool:
        return sum(_count(line, metric) for line in _metrics(lines())) >= times

    await _until(counted, f"{metric} was not counted {times} times")


async def _until(done: Callable[[], bool], else_say: str) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + SETTLES_WITHIN_S
    while not done():
        assert loop.time() < deadline, else_say
        await asyncio.sleep(LOOKS_EVERY_S)


def _count(line: str, metric: str) -> float:
    value: float = json.loads(line).get(metric, 0)
    return value


def _metrics(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if '"_aws"' in line]


def _of_stage(line: str, stage: str) -> str:
    """The stack on a laptop is the stage "local"; nothing but the name differs."""
    return json.dumps({**json.loads(line), "stage": stage})


# -- what a drill does not run for hours -------------------------------------------------------


def at_ms(line: str) -> int:
    at: int = json.loads(line)["_aws"]["Timestamp"]
    return at


def moved(lines: Iterable[str], start: datetime) -> list[str]:
    """The lines as if the first had been written at `start`."""
    lines = list(lines)
    by = int(start.timestamp() * 1000) - at_ms(lines[0])
    return [_at(line, at_ms(line) + by) for line in lines]


def _at(line: str, ms: int) -> str:
    record = json.loads(line)
    return json.dumps({**record, "_aws": {**record["_aws"], "Timestamp": ms}})


def beats(stage: str, first: datetime, last: datetime) -> list[str]:
    """What a bridge without calls goes on writing."""
    steps = int((last - first).total_seconds() / GAUGE_S)
    times = [first + timedelta(seconds=GAUGE_S * n) for n in range(steps + 1)]
    return [line for at in times for line in said(stage, at, BEAT, 0)]


def night_before(stage: str, start: datetime) -> list[str]:
    """What was written before: at night nothing found and five tables indexed, and every hour the
    call to ourselves answered."""
    at = start - timedelta(hours=9)
    hours = [start - timedelta(minutes=90), start - timedelta(minutes=30)]
    return [
        *(line for hour in hours for line in said(stage, hour, ["SyntheticCallsAnswered"], 1)),
        *said(stage, at, ["SlotInvariantViolation"], 0),
        *said(stage, at, INDEXED.values(), 1),
    ]


def said(stage: str, at: datetime, metrics: Iterable[str], value: float) -> list[str]:
    """One line for each of `metrics`, as our writer writes it."""
    out = io.StringIO()
    writer = EmfMetrics(stage, lambda: at.astimezone(UTC), out)
    for metric in metrics:
        writer.count(metric, value)
    return out.getvalue().splitlines()


def documented() -> dict[str, set[str]]:
    """The drills' table of docs/operations.md: fault -> alarms that go off."""
    text = OPERATIONS.read_text(encoding="utf-8")
    section = text.split("\n## Drills\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ][2:]
    return {
        fault: {name.strip(" `") for name in alarms.split(",") if name.strip() != "none"}
        for fault, _, alarms, *_ in rows
    }
