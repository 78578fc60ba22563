"""The command line: what it takes, and with which status each trouble ends."""

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from services.simulator.caller.recordings import MissingRecording
from services.simulator.cli.call import TEXT_MODE, call
from services.simulator.cli.ending import FAILED, INTERRUPTED, USAGE, Unusable
from services.simulator.cli.smoke import smoke
from services.simulator.cli.talk import talk
from services.simulator.cli.tool import AT, tool
from services.simulator.cli.up import up
from services.simulator.scenarios.businesses import BadBusinessFile
from services.simulator.scenarios.scenario import ScenarioError
from services.simulator.speech import SpeechUnavailable
from services.simulator.stack.processes import ChildFailed
from shared.command_line import Command

BUSINESS = "coolcare_hvac"


def main(argv: list[str] | None = None) -> int:
    """Run what `argv` asks for and return the exit status.

    0 it came out as expected, 1 it did not, 2 it cannot be done as asked, 3 a smoke call was not
    answered as it should be, 130 interrupted.
    """
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except (
        Unusable,
        ScenarioError,
        BadBusinessFile,
        SpeechUnavailable,
        MissingRecording,
    ) as exc:
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
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Command)
    _take_call(commands.add_parser("call", help="play a scripted call and show what it leaves"))
    _take_smoke(commands.add_parser("smoke", help="place one synthetic call: does it answer?"))
    _take_tool(
        commands.add_parser("tool", help="run one tool against the local stack, print its JSON")
    )
    _take_up(commands.add_parser("up", help="the local stack without a call, until Ctrl-C"))
    _take_talk(commands.add_parser("talk", help="a phone in the browser beside that stack"))
    return parser


def _take_talk(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=talk)
    _stays_up(parser)
    parser.add_argument("--no-open", action="store_true", help="print the address alone")
    parser.add_argument(
        "--local", action="store_true", help="the local receptionist, also with OPENAI_API_KEY"
    )


def _take_up(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=up)
    _stays_up(parser)


def _stays_up(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speed", type=_speed, default=1.0, metavar="X", help="of calls from its page [1: life]"
    )
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="of its page [any free]")
    parser.add_argument(
        "--business", default="", metavar="ID|FILE", help="which one is rung; a draft of your own"
    )
    parser.add_argument(
        "--at", type=_moment, default=AT, metavar="ISO", help=f"its time, or now [{AT.isoformat()}]"
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--voice", action="store_true", help="real sound, or fail")
    mode.add_argument("--text", action="store_true", help=TEXT_MODE)


def _take_call(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=call)
    parser.add_argument("--scenario", default="spec", metavar="NAME|FILE", help="which one [spec]")
    parser.add_argument("--business", metavar="ID|FILE", help="who is rung [the scenario's]")
    parser.add_argument("--list", action="store_true", help="name the scenarios and end")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, no more")
    parser.add_argument("-v", "--verbose", action="store_true", help="whole JSON, and every point")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--voice", action="store_true", help="real sound, or fail")
    mode.add_argument("--text", action="store_true", help=TEXT_MODE)
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="X", help="1 is life [1]")
    parser.add_argument(
        "--wav", type=Path, metavar="PATH", help="the sound [call.wav]; its page lies beside it"
    )


def _take_smoke(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=smoke)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--local", action="store_true", help="a stack of its own, in text mode")
    where.add_argument("--stage", metavar="NAME", help="what is deployed as dev, staging or prod")
    where.add_argument("--base-url", metavar="URL", help="any deployment, by its public address")
    parser.add_argument(
        "--business", metavar="ID", help="[the first that is no example]; local: also a FILE"
    )
    parser.add_argument("--draft", metavar="ID@VERSION", help="what is not in force is to answer")
    parser.add_argument("--number", metavar="+1…", help="which number it dials then")
    parser.add_argument("--speed", type=_speed, default=6.0, metavar="X", help="local only [6]")


def _take_tool(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=tool)
    parser.add_argument("name", metavar="NAME", help="get_pricing_quote, check_availability, …")
    parser.add_argument("json", metavar="JSON", help="its arguments, as the model would give them")
    parser.add_argument("--business", default=BUSINESS, metavar="ID|FILE", help=f"[{BUSINESS}]")
    parser.add_argument(
        "--at", type=_aware, metavar="ISO", help=f"when [{AT.isoformat()}, or the stack's time]"
    )


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"not a number: {text}") from exc
    if not 0.1 <= speed <= 100:
        raise argparse.ArgumentTypeError("from 0.1 to 100")
    return speed


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _moment(text: str) -> datetime:
    return datetime.now(UTC) if text == "now" else _aware(text)


def _aware(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"not an ISO time: {text}") from exc
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("needs an offset, like -04:00")
    return moment
