"""Whatever dies in the middle of a call, the caller reaches a human or a voicemail box."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from services.media_bridge.core.journal import replay
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerLine
from services.simulator.phone.calls import CallRecord
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import OnCall
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import meta
from tests.e2e.playing import text

SPEED = 10.0
ACCEPTS = OnCall(answers="accepts")
Rows = dict[str, list[dict[str, Any]]]
pytestmark = pytest.mark.stack


def disturbed(
    disturb: Callable[[Stack, CallerLine], None],
    *,
    scenario: str = "spec",
    person: OnCall = ACCEPTS,
) -> tuple[CallRecord, Any, Stack]:
    """Play a call; `disturb` sees every line of the caller and may break things."""
    speech, script = text(), scenarios.load(scenario)

    async def run() -> tuple[CallRecord, Any, Stack]:
        async with Stack(speech, at=script.at, speed=SPEED) as stack:
            stack.network.people.everybody_else = person
            caller = ScriptedCaller(script, speech, lambda line: disturb(stack, line))
            try:
                call = await stack.network.place_call(script.caller, script.dialed, caller)
            finally:
                caller.close()
            await stack.network.settled()
            rows = await stack.settled_rows()
            await stack.stop_bridge()
            for journal in stack.journals.glob("*.jsonl"):
                assert replay(journal.read_text().splitlines()) == []
            return call, rows, stack

    return asyncio.run(asyncio.wait_for(run(), 200))


def once(act: Callable[[Stack], None], says: str) -> Callable[[Stack, CallerLine], None]:
    """Return what does `act` once, as soon as the caller says a line."""
    done: list[bool] = []

    def disturb(stack: Stack, line: CallerLine) -> None:
        if not done and line.kind == "said" and says in line.text:
            done.append(True)
            act(stack)

    return disturb


def follow_ups_of(rows: Any) -> list[str]:
    """What failed; every unpaid job's deposit and every recording is looked at besides."""
    kinds = [row["kind"] for row in rows["jobs"] if row["pk"].startswith("FOLLOWUP#")]
    return [kind for kind in kinds if kind not in ("deposit", "recording")]


def kill_bridge(stack: Stack) -> None:
    assert stack.bridge_pid is not None
    os.kill(stack.bridge_pid, signal.SIGKILL)


def drop_model(stack: Stack) -> None:
    stack.model.drop_after(1)


def test_a_bridge_that_is_killed_leaves_the_caller_with_a_human() -> None:
    call, rows, _ = disturbed(once(kill_bridge, "Sarah Miller"))
    assert [dial.bridged for dial in call.dials] == [True]
    row = meta(rows, "calls")[0]
    assert (row["outcome"], bool(row["failure"])) == ("transferred", True)


def test_a_bridge_that_is_killed_when_nobody_is_on_call_ends_in_a_voicemail_box() -> None:
    call, rows, _ = disturbed(once(kill_bridge, "Sarah Miller"), person=OnCall())
    assert not any(dial.bridged for dial in call.dials)
    assert "message" in " ".join(call.said) or "tone" in " ".join(call.said)
    assert meta(rows, "calls")[0]["failure"]


LINES = ("My AC", "No smells", "Sarah Miller", "right", "nine to eleven", "Gate code")


@pytest.mark.parametrize("line", LINES)
def test_a_model_that_is_lost_once_is_opened_again_and_the_call_goes_on(line: str) -> None:
    dropped: list[asyncio.Task[None]] = []

    def drop(stack: Stack) -> None:
        dropped.append(asyncio.get_running_loop().create_task(stack.model.drop_now()))

    call, rows, _ = disturbed(once(drop, line))
    row = meta(rows, "calls")[0]
    assert len(dropped) == 1
    assert (row["outcome"], row.get("failure")) == ("booked", None), call.said
    assert len(meta(rows, "jobs")) == 1


def test_a_model_that_falls_mute_is_opened_again_and_the_call_goes_on() -> None:
    def mute(stack: Stack) -> None:
        stack.network.go_at(4.0)  # the bridge waits four seconds of our own time
        stack.model.mute_now()

    _, rows, _ = disturbed(once(mute, "Sarah Miller"))
    row = meta(rows, "calls")[0]
    assert (row["outcome"], row.get("failure")) == ("booked", None)


def test_a_model_that_is_lost_leaves_the_caller_with_a_human() -> None:
    call, rows, _ = disturbed(once(drop_model, "No smells"))
    assert [dial.bridged for dial in call.dials] == [True]
    row = meta(rows, "calls")[0]
    assert (row["outcome"], bool(row["failure"])) == ("transferred", True)


def test_a_model_that_cannot_be_reached_leaves_the_caller_with_a_human() -> None:
    speech, script = text(), scenarios.load("spec")

    async def run() -> tuple[CallRecord, Any]:
        async with Stack(speech, at=script.at, speed=SPEED) as stack:
            stack.network.people.everybody_else = ACCEPTS
            stack.model.refuse_connect(True)
            caller = ScriptedCaller(script, speech, lambda _: None)
            try:
                call = await stack.network.place_call(script.caller, script.dialed, caller)
            finally:
                caller.close()
            await stack.network.settled()
            return call, await stack.settled_rows()

    call, rows = asyncio.run(asyncio.wait_for(run(), 200))
    assert [dial.bridged for dial in call.dials] == [True]
    assert meta(rows, "calls")[0]["failure"]


@pytest.mark.parametrize(("code", "follow_ups"), [(21611, 1), (21610, 0)])
def test_a_refused_text_leaves_the_job_booked(code: int, follow_ups: int) -> None:
    """A full queue (21611) is tried again later; a caller who opted out (21610) never is."""

    def refuse(stack: Stack) -> None:
        stack.network.sms.refused["+15551230000"] = code

    _, rows, stack = disturbed(once(refuse, "Sarah Miller"))
    assert len(meta(rows, "jobs")) == 1
    assert meta(rows, "calls")[0]["outcome"] == "booked"
    assert "+15551230000" not in [message.to for message in stack.network.sms.taken]
    assert follow_ups_of(rows).count("text") == follow_ups
    answers = [
        json.loads(turn["result"])
        for turn in rows["agent_turns"]
        if turn.get("tool") == "book_appointment"
    ]
    assert [answer["text_sent"] for answer in answers if answer.get("booked")] == [False]


def test_a_stripe_that_fails_leaves_the_job_booked_and_a_follow_up() -> None:
    def fail(stack: Stack) -> None:
        stack.stripe.fail_next(4)

    _, rows, _ = disturbed(once(fail, "nine to eleven"))
    assert len(meta(rows, "jobs")) == 1
    assert meta(rows, "calls")[0]["outcome"] == "booked"
    assert "checkout" in follow_ups_of(rows)
