"""A business's file is published while twenty calls are live: none of them changes, new ones do."""

import argparse
import asyncio
import base64
import json
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest

from services.operator import business
from services.operator.where.published_files import PublishedFiles
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerTick
from services.simulator.phone.calls import new_sid
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import ScriptLine
from services.simulator.stack import aws
from services.simulator.stack.local import Stack
from services.simulator.stack.rows import meta
from shared.published import version_of
from tests.e2e.crowd import number
from tests.e2e.playing import text
from tests.examples import BUSINESSES

HERE = {"BUSINESSES_DIR": str(BUSINESSES)}
CALLERS, SPEED = 20, 4.0
IN_FORCE_S = 60
OLD = (BUSINESSES / "coolcare_hvac.toml").read_text("utf-8")
NEW = OLD.replace("visit = 165\nlow = 300\nhigh = 800", "visit = 199\nlow = 500\nhigh = 1000")


def act(stack: Stack, *words: str) -> None:
    """What an owner types, against the store of this stack."""
    own = stack.environment
    client: Any = boto3.client(
        "s3",
        endpoint_url=own["AWS_ENDPOINT_URL"],
        region_name=aws.REGION,
        aws_access_key_id=own["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=own["AWS_SECRET_ACCESS_KEY"],
    )
    store = PublishedFiles(client, own["BUSINESS_STORE"], "local")
    parser = argparse.ArgumentParser()
    business.add(parser.add_subparsers())
    asked = parser.parse_args(["business", *words, "--stage", "local"])
    said = list[str]()
    assert business.run(asked, HERE, date(2025, 8, 1), said.append, store_of=lambda *_: store) == 0


async def version_answered(stack: Stack) -> str:
    """Which version /incoming gives to a call that comes in now."""
    form = stack.network.webhooks
    fields = {
        "AccountSid": stack.network.account.sid,
        "CallSid": new_sid("CA"),
        "From": "+15551239999",
        "To": "+19375550100",
        "CallStatus": "ringing",
    }
    answer = (await form.send(f"{stack.public_url}/incoming", fields)).body
    token = answer.partition('name="token" value="')[2].partition(".")[0]
    claims = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return str(claims[7])


async def in_force(stack: Stack, version: str) -> float:
    """How long it takes until new calls get that version, in seconds."""
    began = time.monotonic()
    while await version_answered(stack) != version:
        assert time.monotonic() - began < IN_FORCE_S
        await asyncio.sleep(0.5)
    return time.monotonic() - began


@dataclass
class Patient:
    """A caller's phone that hangs up when all are told to."""

    caller: ScriptedCaller
    told: asyncio.Event

    def tick(self, heard: bytes) -> CallerTick:
        return CallerTick(hangs_up=True) if self.told.is_set() else self.caller.tick(heard)


async def one(stack: Stack, index: int, told: asyncio.Event, *, leaves: bool = False) -> str:
    """The specification's call, of a caller of her own; who `leaves` only wants the price."""
    spec = scenarios.load("spec")
    lines = tuple(line for line in spec.lines if line.interrupts_after_ms is None)
    if leaves:
        lines = (ScriptLine(hears=r"dollar|\$", says=("Goodbye.",), hangs_up=True), *lines)
    script = spec.model_copy(update={"caller": number(index), "lines": lines})
    caller = ScriptedCaller(script, text(), lambda _: None)
    phone = Patient(caller, told)
    try:
        return (await stack.network.place_call(script.caller, script.dialed, phone)).sid
    finally:
        caller.close()


async def _published(folder: Path) -> tuple[dict[str, Any], dict[str, str], list[float]]:
    draft, told = folder / "draft.toml", asyncio.Event()
    draft.write_text(NEW, "utf-8")
    async with Stack(text(), at=scenarios.load("spec").at, speed=SPEED) as stack:
        assert await version_answered(stack) == version_of(OLD)
        calls = [asyncio.create_task(one(stack, index, told)) for index in range(CALLERS)]
        while len(meta(await stack.rows(), "calls")) < CALLERS:
            await asyncio.sleep(0.2)
        await asyncio.to_thread(act, stack, "publish", str(draft))
        took = [await in_force(stack, version_of(NEW))]
        live = sum(not call.done() for call in calls)
        assert live == CALLERS, f"{live} of {CALLERS} calls were still live"
        after = await one(stack, CALLERS, told, leaves=True)
        await asyncio.to_thread(act, stack, "rollback", "coolcare_hvac")
        took.append(await in_force(stack, version_of(OLD)))
        told.set()
        sids = {await call: "before" for call in calls} | {after: "after"}
        await stack.network.settled()
        rows = await stack.settled_rows(CALLERS + 1)
        return {"rows": rows}, sids, took


@pytest.mark.stack
def test_twenty_live_calls_keep_their_version_and_the_next_one_has_the_new(tmp_path: Path) -> None:
    found, sids, took = asyncio.run(asyncio.wait_for(_published(tmp_path), 400))
    rows = {row["call_sid"]: row for row in meta(found["rows"], "calls") if row["call_sid"] in sids}
    before = [rows[sid] for sid, when in sids.items() if when == "before"]
    (after,) = [rows[sid] for sid, when in sids.items() if when == "after"]

    assert {row["business_version"] for row in before} == {version_of(OLD)}
    assert {row["quote_total"] for row in before if row.get("quote_total")} == {82_500}
    assert [row["failure"] for row in before if row.get("failure")] == []
    assert after["business_version"] == version_of(NEW)
    assert after["quote_total"] == 112_500
    assert max(took) < IN_FORCE_S
