"""`tool`: runs one tool of the agent against the local stack and prints its JSON.

Against the stack that is up, so that what it books stays; without one, against one of its own.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime

from services.simulator.cli.ending import ended, note
from services.simulator.scenarios import businesses
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack, Watch
from services.simulator.stack.processes import Child
from shared import local_stack

# The evening of the specification's call.
AT = datetime.fromisoformat("2025-08-28T19:12:00-04:00")


def tool(arguments: argparse.Namespace) -> int:
    """Run the command. Arguments: name, json, business, at.

    Raises:
        BadBusinessFile: there is no such business, or its file is none.
        ChildFailed: a process of the stack did not start.
    """
    with businesses.rung(arguments.business) as business:
        is_draft = business != arguments.business  # a file is on no stack that is up
        arguments.business = business
        if not is_draft and (stack := local_stack.find(os.environ, note)):
            note("used on the stack that is up")
            return ended(_used(arguments, stack.environment))
        return ended(_used_alone(arguments))


async def _used_alone(arguments: argparse.Namespace) -> int:
    arguments.at = at = arguments.at or AT
    async with Stack(open_speech("text"), at=at, answers=False, watch=Watch()) as stack:
        status = await _used(arguments, stack.environment)
        await stack.network.settled()
    return status


async def _used(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run it where the environment says; by the stack's own clock where no time was given."""
    at: datetime | None = arguments.at
    lines: list[str] = []
    argv = [sys.executable, "-m", "services.media_bridge.try_tool", arguments.name]
    argv += [arguments.json, "--business", arguments.business]
    argv += ["--at", at.isoformat()] if at else []
    child = Child("try_tool", argv, environment, lines.append)
    try:
        await child.start()
        status = await child.wait()
    finally:
        await child.stop()
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
