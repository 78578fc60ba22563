"""Plays scripted calls through the whole stack and keeps their journals beside this file.

    python -m tests.calls.record              every call kept here, anew
    python -m tests.calls.record spec human   only these

Text mode: no sound, no account, no key. A call that did not end as its scenario expects, whose
journal does not replay, or which holds one of the stack's secrets is not kept.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from services.media_bridge.core.journal import replay
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import open_speech
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import meta
from shared import schema

FOLDER = Path(__file__).parent
KEPT = ("spec", "tomorrow", "gas_smell", "reads_card", "human", "rogue")
SPEED = 4.0
LONGEST_S = 180
LARGEST_BYTES = 300_000
_SECRET = ("_KEY", "_SECRET", "_AUTH_TOKEN")


class NotKept(Exception):
    """This journal is no example of how the call should go."""


async def record(scenario: Scenario, *, speed: float) -> str:
    """Play `scenario` and return the journal of its call.

    Raises:
        NotKept: the call ended otherwise than expected, or its journal must not be kept.
    """
    speech = open_speech("text")
    caller = ScriptedCaller(scenario, speech, lambda _: None)
    stack = Stack(speech, at=scenario.at, speed=speed, rogue=scenario.rogue)
    try:
        async with stack:
            stack.network.people.everybody_else = scenario.on_call
            await stack.network.place_call(scenario.caller, scenario.dialed, caller)
            await stack.network.settled()
            rows = await stack.settled_rows()
            await stack.stop_bridge()
            journals = [path.read_text() for path in stack.journals.glob("*.jsonl")]
            secrets = [value for name, value in stack.environment.items() if _is_secret(name)]
    finally:
        caller.close()
    outcome = str(meta(rows, schema.CALLS)[0].get("outcome"))
    if not scenarios.matches(f"^({scenario.expect.outcome})$", outcome):
        raise NotKept(f"its outcome is {outcome}")
    if len(journals) != 1:
        raise NotKept(f"it has {len(journals)} journals")
    _check(journals[0], secrets, scenario)
    return journals[0]


def _is_secret(name: str) -> bool:
    return name.endswith(_SECRET) and name != "OPENAI_API_KEY"  # which is the word "local"


def _check(journal: str, secrets: list[str], scenario: Scenario) -> None:
    if any(secret in journal for secret in secrets):
        raise NotKept("it holds a secret")
    for pattern in scenario.expect.never_stored:
        if scenarios.matches(pattern, journal):
            raise NotKept(f"it holds {pattern}")
    if differences := replay(journal.splitlines()):
        raise NotKept(f"it does not replay: {differences[0]}")
    if len(journal) > LARGEST_BYTES:
        raise NotKept(f"it is {len(journal)} bytes long")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.calls.record",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help=f"[{' '.join(KEPT)}]")
    parser.add_argument("--speed", type=float, default=SPEED, metavar="X", help=f"[{SPEED:.0f}]")
    arguments = parser.parse_args()
    failed = 0
    for name in arguments.names or KEPT:
        try:
            scenario = scenarios.load(name)
            playing = asyncio.wait_for(record(scenario, speed=arguments.speed), LONGEST_S)
            journal = asyncio.run(playing)
        except (NotKept, scenarios.ScenarioError, TimeoutError) as exc:
            failed += 1
            print(f"{name}: not kept: {exc}", file=sys.stderr)
            continue
        (FOLDER / f"{name}.jsonl").write_text(journal)
        print(f"{name}: {len(journal.splitlines())} lines, {len(journal) // 1000} kB")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
