"""`python -m services.simulator`: play a scripted call, or run one tool, on a local stack."""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from services.simulator.caller.recordings import MissingRecording
from services.simulator.cli.play import play
from services.simulator.cli.report import phonebook
from services.simulator.cli.view import LiveView
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import NUMBERS, Scenario, ScenarioError
from services.simulator.speech import Mode, Speech, SpeechUnavailable, open_speech
from services.simulator.stack.environment import CACHE
from services.simulator.stack.local import Stack, Watch
from services.simulator.stack.processes import Child, ChildFailed

AT = "2025-08-28T19:12:00-04:00"
BUSINESS = "coolcare_hvac"
TEXT_MODE = "text mode: words travel as data in the audio frames; nobody hears or speaks"
FAILED, USAGE, INTERRUPTED = 1, 2, 130


class Unusable(Exception):
    """What was asked for does not exist or cannot be done here; the message says what can."""


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except (Unusable, ScenarioError, SpeechUnavailable, MissingRecording) as exc:
        print(f"simulator: {exc}", file=sys.stderr)
        return USAGE
    except ChildFailed as exc:
        print(f"simulator: {exc}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # whoever read it has seen enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("simulator: interrupted; everything it started has been ended", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services.simulator",
        description="The outside world on a laptop: a caller's phone, the phone network, a "
        "Realtime server, Stripe and AWS, all on loopback, around the real bridge and functions.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    call = commands.add_parser("call", help="play a scripted call and show what it leaves")
    call.set_defaults(command=_call)
    call.add_argument("--scenario", default="spec", metavar="NAME", help="which one [spec]")
    call.add_argument("--list", action="store_true", help="name the scenarios and end")
    call.add_argument("--json", action="store_true", help="one JSON object on stdout, no more")
    mode = call.add_mutually_exclusive_group()
    mode.add_argument("--voice", action="store_true", help="real sound, or fail")
    mode.add_argument("--text", action="store_true", help=TEXT_MODE)
    call.add_argument("--speed", type=_speed, default=1.0, metavar="X", help="1 is life [1]")
    call.add_argument(
        "--wav", type=Path, default=Path("call.wav"), metavar="PATH", help="[call.wav]"
    )
    smoke_call = commands.add_parser("smoke", help="place one synthetic call: does it answer?")
    smoke_call.set_defaults(command=_smoke)
    where = smoke_call.add_mutually_exclusive_group(required=True)
    where.add_argument("--local", action="store_true", help="a stack of its own, in text mode")
    where.add_argument("--stage", metavar="NAME", help="what is deployed as dev, staging or prod")
    where.add_argument("--base-url", metavar="URL", help="any deployment, by its public address")
    smoke_call.add_argument("--business", default=BUSINESS, metavar="ID", help=f"[{BUSINESS}]")
    smoke_call.add_argument("--speed", type=_speed, default=6.0, metavar="X", help="local only [6]")
    tool = commands.add_parser("tool", help="run one tool against the local stack, print its JSON")
    tool.set_defaults(command=_tool)
    tool.add_argument("name", metavar="NAME", help="get_pricing_quote, check_availability, …")
    tool.add_argument("json", metavar="JSON", help="its arguments, as the model would give them")
    tool.add_argument("--business", default=BUSINESS, metavar="ID", help=f"[{BUSINESS}]")
    tool.add_argument("--at", type=_moment, default=AT, metavar="ISO", help=f"when [{AT}]")
    return parser


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"not a number: {text}") from exc
    if not 0.1 <= speed <= 100:
        raise argparse.ArgumentTypeError("from 0.1 to 100")
    return speed


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"not an ISO time: {text}") from exc
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("needs an offset, like -04:00")
    return moment


# -- call --------------------------------------------------------------------------------


def _call(arguments: argparse.Namespace) -> int:
    if arguments.list:
        for name in scenarios.names():
            print(f"{name:<24}{scenarios.load(name).title}")
        return 0
    scenario = scenarios.load(arguments.scenario)
    _writable(arguments.wav)
    speech = _speech(arguments)
    return _ended(_played(scenario, speech, arguments))


def _writable(wav: Path) -> None:
    """Ask now, not after the call, whether the recording can be kept."""
    folder, existed = wav.resolve().parent, wav.exists()
    if not folder.is_dir():
        raise Unusable(f"--wav: there is no folder {folder}")
    try:
        wav.open("ab").close()
    except OSError as exc:
        raise Unusable(f"--wav: {wav} cannot be written: {exc.strerror}") from exc
    if not existed:
        wav.unlink()


def _speech(arguments: argparse.Namespace) -> Speech:
    wanted: Mode = "text" if arguments.text else "voice"
    try:
        return open_speech(wanted, CACHE)
    except SpeechUnavailable as exc:
        if arguments.voice:
            raise
        print(f"simulator: {exc}", file=sys.stderr)
        return open_speech("text")


async def _played(scenario: Scenario, speech: Speech, arguments: argparse.Namespace) -> int:
    numbers = phonebook(scenario.business, scenario.caller)
    view = LiveView(None if arguments.json else sys.stdout, phonebook=numbers)
    if not arguments.json:
        print(scenario.title)
        print("voice: real sound" if speech.mode == "voice" else TEXT_MODE, flush=True)
    report = await play(scenario, speech, view, speed=arguments.speed, wav=arguments.wav)
    if arguments.json:
        print(report.json())
    else:
        for line in report.lines():
            print(line)
    return 0 if report.passed else FAILED


# -- tool --------------------------------------------------------------------------------


def _tool(arguments: argparse.Namespace) -> int:
    if arguments.business not in NUMBERS:
        raise Unusable(f"no business {arguments.business!r}; there are: {', '.join(NUMBERS)}")
    return _ended(_used(arguments))


async def _used(arguments: argparse.Namespace) -> int:
    at: datetime = arguments.at
    lines: list[str] = []
    async with Stack(open_speech("text"), at=at, answers=False, watch=Watch()) as stack:
        argv = [sys.executable, "-m", "services.media_bridge.try_tool", arguments.name]
        argv += [arguments.json, "--business", arguments.business, "--at", at.isoformat()]
        child = Child("toolbox", argv, stack.environment, lines.append)
        try:
            await child.start()
            status = await child.wait()
        finally:
            await child.stop()
        await stack.network.settled()
    answer, rest = _parted(lines)
    for line in rest if answer is None or status else ():
        print(line, file=sys.stderr)
    if answer is not None:
        print(answer)
    return status


# -- smoke -------------------------------------------------------------------------------


def _smoke(arguments: argparse.Namespace) -> int:
    from services.simulator.smoke import run, target

    def say(line: str) -> None:
        print(line, flush=True)

    async def placed() -> int:
        if arguments.local:
            steps = await run.against_local(say, speed=arguments.speed)
        else:
            steps = await run.against(chosen, say)
        return 0 if run.report(steps, say) else FAILED

    try:
        if arguments.base_url:
            chosen = target.at_url(arguments.base_url, arguments.business)
        elif arguments.stage:
            chosen = target.at_stage(arguments.stage, arguments.business)
        return _ended(placed())
    except target.NoTarget as exc:
        raise Unusable(str(exc)) from exc
    except TimeoutError:
        print(f"simulator: the call did not end in {run.LONGEST_S:.0f} s", file=sys.stderr)
        return FAILED


def _parted(lines: list[str]) -> tuple[str | None, list[str]]:
    """Return the tool's JSON, and everything else the child printed."""
    answers = [line for line in lines if _is_answer(line)]
    return (answers[-1] if answers else None), [line for line in lines if line not in answers]


def _is_answer(line: str) -> bool:
    try:
        value = json.loads(line)
    except ValueError:
        return False
    return isinstance(value, dict) and "_aws" not in value


# -- ending ------------------------------------------------------------------------------


def _ended(work: Coroutine[Any, Any, int]) -> int:
    """Run `work`; a signal to end cancels it, and all it has started is ended first."""

    async def run() -> int:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if task is not None:
                loop.add_signal_handler(number, task.cancel)
        return await work

    return asyncio.run(run())


if __name__ == "__main__":
    sys.exit(main())
