"""Has a stack that is up play a call, and prints what it tells."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

import aiohttp

from services.simulator.cli.ending import FAILED
from services.simulator.scenarios import scenario as scenarios
from shared.local_stack import LocalStack


async def played_there(stack: LocalStack, arguments: argparse.Namespace, wav: Path | None) -> int:
    """Return the status of the call. Arguments: scenario, json, speed, page,
    verbose."""
    asked = {
        "scenario": scenarios.named(arguments.scenario),
        "speed": arguments.speed,
        "wav": str(wav.resolve()) if wav else "",
        "page": str(arguments.page.resolve()),
        "json": arguments.json,
        "terminal": sys.stdout.isatty(),
        "colours": not os.environ.get("NO_COLOR"),
        "columns": shutil.get_terminal_size().columns,
        "verbose": arguments.verbose,
    }
    limit = aiohttp.ClientTimeout(total=None, sock_connect=5)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, read_bufsize=1 << 24) as http,
            http.post(f"{stack.control}/calls", json=asked) as answer,
        ):
            async for line in answer.content:
                part = json.loads(line)
                if "status" in part:
                    return int(part["status"])
                print(part.get("out", ""), end="", flush=True)
                print(part.get("err", ""), end="", file=sys.stderr, flush=True)
    except (aiohttp.ClientError, ValueError) as exc:
        print(f"simulator: the stack that is up: {type(exc).__name__}", file=sys.stderr)
        return FAILED
    print("simulator: the stack that was up has ended", file=sys.stderr)
    return FAILED
