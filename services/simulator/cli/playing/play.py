"""Plays one scenario against the whole stack, pays if it pays, and reports what it left."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.cli.playing import pictured
from services.simulator.cli.playing.expecting import Evidence, verdicts, written
from services.simulator.cli.playing.paying import PaymentFailed, pay
from services.simulator.cli.playing.recording import record
from services.simulator.cli.playing.report import Report, phonebook
from services.simulator.cli.playing.view import LiveView
from services.simulator.phone.calls import CallRecord
from services.simulator.scenarios import businesses
from services.simulator.scenarios.scenario import Scenario, load
from services.simulator.speech import Speech
from services.simulator.stack.local import Stack, Watch
from services.simulator.stack.rows import Rows, of_call, settled
from shared import schema

LOOKS_EVERY_S = 0.3


async def play(
    scenario: Scenario,
    speech: Speech,
    view: LiveView,
    *,
    speed: float = 1.0,
    wav: Path | None = None,
    page: Path | None = None,
    share: Callable[[float], None] = lambda _: None,
) -> Report:
    """Play `scenario` on a stack of its own and return what became of it.

    Its sound is left at `wav`, and all of it to look at at `page`; `share` is told how much of
    the start is done.

    Raises:
        ChildFailed: a process of the stack did not start.
        MissingRecording: the caller's voice lacks a line.
    """
    with businesses.files_of(scenario.folder):
        began = time.monotonic()
        watch = Watch(view.progress, view.phone, view.model, share=share)
        stack = Stack(speech, at=scenario.at, speed=speed, rogue=scenario.rogue, watch=watch)
        if scenario.after is not None:
            async with stack:
                first = await play_on(stack, load(scenario.after), speech, view)
                view.begins_anew()
                sids = (first.call.sid,)
                return await play_on(
                    stack, scenario, speech, view, wav=wav, page=page, earlier=sids
                )
        caller = ScriptedCaller(scenario, speech, view.caller, stack.network.sms.bodies)
        try:
            async with stack:
                played = _Played(scenario, speech, view, stack, began, page)
                return await played.through(caller, wav)
        finally:
            caller.close()


async def play_on(
    stack: Stack,
    scenario: Scenario,
    speech: Speech,
    view: LiveView,
    *,
    wav: Path | None = None,
    page: Path | None = None,
    earlier: tuple[str, ...] = (),
) -> Report:
    """Play `scenario` on a stack that is up and stays so; only what this call left is judged, and
    what it made of the jobs of `earlier` ones, by their SIDs.

    The stack's clock goes on, and it remembers the calls before.

    Raises:
        MissingRecording: the caller's voice lacks a line.
    """
    caller = ScriptedCaller(scenario, speech, view.caller, stack.network.sms.bodies)
    before = _Before(
        lines=len(stack.logs.lines),
        texts=len(stack.network.sms.taken),
        deliveries=len(stack.stripe.deliveries),
        metrics=stack.logs.counts(),
        journals=frozenset(_files(stack.journals)),
        calls=earlier,
    )
    played = _Played(scenario, speech, view, stack, time.monotonic(), page, before)
    try:
        return await played.through(caller, wav)
    finally:
        caller.close()


@dataclass(frozen=True, slots=True)
class _Before:
    """How much there was already when the call began, on a stack that others used before."""

    lines: int
    texts: int
    deliveries: int
    metrics: dict[str, int]  # values, by name
    journals: frozenset[Path]
    calls: tuple[str, ...]  # whose jobs this one is about


@dataclass(frozen=True, slots=True)
class _Played:
    """One call that is played, and all that is needed to tell of it."""

    scenario: Scenario
    speech: Speech
    view: LiveView
    stack: Stack
    began: float  # time.monotonic(), before the stack was started where it is the call's own
    page: Path | None
    before: _Before | None = None  # None: the stack is this call's alone, and may end with it

    async def through(self, caller: ScriptedCaller, wav: Path | None) -> Report:
        """From ringing to the report."""
        stack, scenario, ready = self.stack, self.scenario, time.monotonic()
        stack.network.people.everybody_else = scenario.on_call
        async with self.shown():
            call = await stack.network.place_call(scenario.caller, scenario.dialed, caller)
        over = time.monotonic()
        self.view.over()
        await self.finish(call)
        timings = {
            "start_s": round(ready - self.began, 2),
            "call_s": round(over - ready, 2),
            "media_s": call.duration_ms / 1000,
            "after_s": round(time.monotonic() - over, 2),
        }
        return await self.report(call, wav, timings)

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Show what is said as soon as it is played, and tools as soon as their row is written."""
        network, old = self.stack.network, set(self.stack.network.calls)

        def new() -> list[CallRecord]:
            return [call for sid, call in network.calls.items() if sid not in old]

        async def look() -> None:
            sids = {call.sid for call in new()}
            rows = await self.stack.rows_of(schema.AGENT_TURNS)
            self.view.look(row for row in rows if row.get("call_sid") in sids)

        self.view.logs = lambda: [stream.log for call in new() for stream in call.streams]

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
        await settled(lambda: self._rows(call))
        if scenario.pay.pays:
            seen = self.before.deliveries if self.before else 0
            try:
                await pay(stack, scenario.caller, self.view, late=scenario.pay.late, delivered=seen)
            except PaymentFailed as exc:
                call.warnings.append(f"payment: {exc}")
        await stack.stripe.delivered()
        await stack.network.settled()
        if self.before is None:
            await stack.stop_bridge()
        else:
            await self._quiet(call)

    async def _quiet(self, call: CallRecord) -> None:
        """Wait until nothing more is written: a bridge that stays has no other sign of it."""
        rows, before = await self._rows(call), None
        while rows != before:
            await asyncio.sleep(2 * LOOKS_EVERY_S)
            rows, before = await self._rows(call), rows

    async def report(self, call: CallRecord, wav: Path | None, timings: dict[str, float]) -> Report:
        """Judge what the call left behind, and keep its recording."""
        stack, scenario, before = self.stack, self.scenario, self.before
        rows = await self._rows(call)
        old = before.journals if before else frozenset()
        journals = [path.read_text("utf-8") for path in _files(stack.journals) if path not in old]
        stored = {
            **{f"table {table}": written(rows[table]) for table in rows},
            "logs": written(stack.logs.lines[before.lines if before else 0 :]),
            "journals": written(journals),
        }
        texts = list(stack.network.sms.taken[before.texts if before else 0 :])
        report = Report(
            scenario=scenario.name,
            mode=self.speech.mode,
            call=call,
            transcript=self.view.transcript,
            texts=texts,
            rows=rows,
            metrics=stack.logs.since(before.metrics if before else {}),
            verdicts=verdicts(
                scenario, Evidence(call, rows, texts, self._spoken(rows, call), stored)
            ),
            wav=await self._recorded(call, wav),
            timings=timings,
            phonebook=phonebook(scenario.business, scenario.caller),
            time_zone=str(businesses.terms(scenario.business).get("time_zone", "UTC")),
        )
        return await self._with_page(report, journals)

    async def _recorded(self, call: CallRecord, wav: Path | None) -> str:
        return await record(call, wav, self.view) if wav is not None else ""

    async def _with_page(self, report: Report, journals: list[str]) -> Report:
        """Leave the call's page, where one is wanted."""
        path = self.page
        if path is None:
            return report
        fixed = frozenset(pictured.sentences_of(journals))
        try:
            text = await asyncio.to_thread(
                pictured.page, report, title=self.scenario.title, fixed=fixed
            )
            path.write_text(text, "utf-8")
        except OSError as exc:  # a full disk must not cost the report of the call
            self.view.progress(f"no page: {path}: {exc.strerror}")
            return report
        return replace(report, page=str(path))

    async def _rows(self, call: CallRecord) -> Rows:
        rows = await self.stack.rows()
        if self.before is None:
            return rows
        return of_call(rows, call.sid, self.scenario.caller, earlier=self.before.calls)

    def _spoken(self, rows: Rows, call: CallRecord) -> list[str]:
        """Return what was said to the caller, in order.

        In text mode what her phone really played counts; a voice is transcribed too freely for
        that, so there the recorded turns count, and after them what Twilio or a human said.
        """
        if self.speech.mode == "text":
            return [line.text for line in self.view.transcript if line.who == "caller heard"]
        turns = [row for row in rows[schema.AGENT_TURNS] if row.get("role") == "assistant"]
        return [str(row.get("text", "")) for row in turns] + call.said


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]
