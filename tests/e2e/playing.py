"""What the end-to-end tests share: playing scenarios, and the command line as a user runs it."""

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.play import play, play_on
from services.simulator.cli.playing.report import Report
from services.simulator.cli.playing.view import LiveView
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import Speech, SpeechUnavailable, open_speech
from services.simulator.stack.environment import CACHE
from services.simulator.stack.local import Stack

ROOT = Path(__file__).parents[2]
SPEED = 10.0  # text mode, faster than life
LONGEST_S = 300


def text() -> Speech:
    return open_speech("text")


def voice() -> Speech:
    """Return real sound, or skip the test where it cannot be."""
    try:
        return open_speech("voice", CACHE)
    except SpeechUnavailable as exc:
        pytest.skip(str(exc))


def played(
    scenario: Scenario, speech: Speech, *, speed: float, wav: Path | None = None
) -> tuple[Report, str]:
    """Play one scenario; return its report, and what the terminal showed."""
    shown = io.StringIO()
    paper = Paper(shown)
    view = LiveView(paper, progress=lambda text: paper.said(text))
    report = asyncio.run(
        asyncio.wait_for(play(scenario, speech, view, speed=speed, wav=wav), LONGEST_S)
    )
    report.show(paper)
    return report, shown.getvalue()


def played_in_turn(
    names: Sequence[str], speech: Speech, *, speed: float
) -> list[tuple[Report, str]]:
    """Play calls one after the other on one stack; each is judged by what itself left."""
    first = scenarios.load(names[0])

    async def play_all() -> list[tuple[Report, str]]:
        found: list[tuple[Report, str]] = []
        async with Stack(speech, at=first.at, speed=speed) as stack:
            for name in names:
                shown, scenario = io.StringIO(), scenarios.load(name)
                paper, earlier = Paper(shown), tuple(report.call.sid for report, _ in found[:1])
                report = await play_on(stack, scenario, speech, LiveView(paper), earlier=earlier)
                report.show(paper)
                found.append((report, shown.getvalue()))
        return found

    return asyncio.run(asyncio.wait_for(play_all(), LONGEST_S))


def command(*arguments: str, timeout_s: float = LONGEST_S) -> subprocess.CompletedProcess[str]:
    """Run `python -m services.simulator` as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "services.simulator", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def tool(name: str, arguments: dict[str, Any], *options: str) -> dict[str, Any]:
    """Run one tool from the command line and return its JSON."""
    done = command("tool", name, json.dumps(arguments), *options, timeout_s=90)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
