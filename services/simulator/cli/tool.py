"""`tool`: runs one tool of the agent against the local stack and prints its JSON."""

import argparse
import json
import sys
from datetime import datetime

from services.simulator.cli.ending import Unusable, ended
from services.simulator.scenarios.scenario import NUMBERS
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack, Watch
from services.simulator.stack.processes import Child


def tool(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: name, json, business, at.

    Raises:
        Unusable: there is no such business.
        ChildFailed: a process of the stack did not start.
    """
    if arguments.business not in NUMBERS:
        raise Unusable(f"no business {arguments.business!r}; there are: {', '.join(NUMBERS)}")
    return ended(_used(arguments))


async def _used(arguments: argparse.Namespace) -> int:
    at: datetime = arguments.at
    lines: list[str] = []
    async with Stack(open_speech("text"), at=at, answers=False, watch=Watch()) as stack:
        argv = [sys.executable, "-m", "services.media_bridge.try_tool", arguments.name]
        argv += [arguments.json, "--business", arguments.business, "--at", at.isoformat()]
        child = Child("try_tool", argv, stack.environment, lines.append)
        try:
            await child.start()
            status = await child.wait()
        finally:
            await child.stop()
        await stack.network.settled()
    answer, rest = parted(lines)
    for line in rest if answer is None or status else ():
        print(line, file=sys.stderr)
    if answer is not None:
        print(answer)
    return status


def parted(lines: list[str]) -> tuple[str | None, list[str]]:
    """Return the tool's JSON, and everything else the child printed."""
    answers = [line for line in lines if _is_answer(line)]
    return (answers[-1] if answers else None), [line for line in lines if line not in answers]


def _is_answer(line: str) -> bool:
    """Whether a line is a JSON object and not one of the metrics among the output."""
    try:
        value = json.loads(line)
    except ValueError:
        return False
    return isinstance(value, dict) and "_aws" not in value
