"""Plays one scenario against the whole stack, pays if it pays, and reports what it left."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.cli.playing.expecting import Evidence, verdicts, written
from services.simulator.cli.playing.paying import PaymentFailed, pay
from services.simulator.cli.playing.recording import record
from services.simulator.cli.playing.report import Report, phonebook
from services.simulator.cli.playing.view import LiveView
from services.simulator.phone.calls import CallRecord
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import Speech
from services.simulator.stack.local import Stack, Watch
from services.simulator.stack.rows import Rows
from shared import schema

LOOKS_EVERY_S = 0.3


async def play(
    scenario: Scenario,
    speech: Speech,
    view: LiveView,
    *,
    speed: float = 1.0,
    wav: Path | None = None,
) -> Report:
    """Play `scenario` from ringing to payment and return what became of it.

    Raises:
        ChildFailed: a process of the stack did not start.
        MissingRecording: the caller's voice lacks a line.
    """
    began = time.monotonic()
    watch = Watch(view.progress, view.phone, view.model)
    caller = ScriptedCaller(scenario, speech, view.caller)
    stack = Stack(speech, at=scenario.at, speed=speed, rogue=scenario.rogue, watch=watch)
    played = _Played(scenario, speech, view, stack)
    try:
        async with stack:
            ready = time.monotonic()
            stack.network.people.everybody_else = scenario.on_call
            async with played.tools_shown():
                call = await stack.network.place_call(scenario.caller, scenario.dialed, caller)
            over = time.monotonic()
            await played.finish(call)
            timings = {
                "start_s": round(ready - began, 2),
                "call_s": round(over - ready, 2),
                "media_s": call.duration_ms / 1000,
                "after_s": round(time.monotonic() - over, 2),
            }
            return await played.report(call, wav, timings)
    finally:
        caller.close()


@dataclass(frozen=True, slots=True)
class _Played:
    """One call that is played, and all that is needed to tell of it."""

    scenario: Scenario
    speech: Speech
    view: LiveView
    stack: Stack

    @asynccontextmanager
    async def tools_shown(self) -> AsyncIterator[None]:
        """Show each tool's answer, with its milliseconds, as soon as its row is written."""
        shown: set[str] = set()

        async def look() -> None:
            for row in await self.stack.rows_of(schema.AGENT_TURNS):
                if row.get("role") == "tool" and row[schema.SK] not in shown:
                    shown.add(row[schema.SK])
                    self.view.tool(row)

        async def watch() -> None:
            while True:
                await asyncio.sleep(LOOKS_EVERY_S)
                await look()

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait([watching])
        await look()

    async def finish(self, call: CallRecord) -> None:
        """Let everything that follows a call happen; trouble with paying is the call's warning."""
        stack, scenario = self.stack, self.scenario
        await stack.network.settled()
        await stack.settled_rows()
        if scenario.pay.pays:
            try:
                await pay(stack, scenario.caller, self.view, late=scenario.pay.late)
            except PaymentFailed as exc:
                call.warnings.append(f"payment: {exc}")
        await stack.stripe.delivered()
        await stack.network.settled()
        await stack.stop_bridge()

    async def report(self, call: CallRecord, wav: Path | None, timings: dict[str, float]) -> Report:
        """Judge what the call left behind, and keep its recording."""
        stack, scenario = self.stack, self.scenario
        rows = await stack.rows()
        stored = {
            **{f"table {table}": written(rows[table]) for table in rows},
            "logs": written(stack.logs.lines),
            "journals": written(_journals(stack.journals)),
        }
        texts = list(stack.network.sms.taken)
        return Report(
            scenario=scenario.name,
            mode=self.speech.mode,
            call=call,
            transcript=self.view.transcript,
            texts=texts,
            rows=rows,
            metrics=dict(stack.logs.metrics),
            verdicts=verdicts(
                scenario, Evidence(call, rows, texts, self._spoken(rows, call), stored)
            ),
            wav=await record(call, wav, self.view) if wav is not None else "",
            timings=timings,
            phonebook=phonebook(scenario.business, scenario.caller),
        )

    def _spoken(self, rows: Rows, call: CallRecord) -> list[str]:
        """Return what was said to the caller, in order.

        In text mode what her phone really played counts; a voice is transcribed too freely for
        that, so there the recorded turns count, and after them what Twilio or a human said.
        """
        if self.speech.mode == "text":
            return [line.text for line in self.view.transcript if line.who == "caller heard"]
        turns = [row for row in rows[schema.AGENT_TURNS] if row.get("role") == "assistant"]
        return [str(row.get("text", "")) for row in turns] + call.said


def _journals(folder: Path) -> list[str]:
    return [
        path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()
    ]
