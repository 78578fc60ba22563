"""Plays one scenario against the whole stack, pays if it pays, and reports what it left."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.cli.expecting import Evidence, Rows, meta, verdicts, written
from services.simulator.cli.report import Report, phonebook
from services.simulator.cli.view import LiveView
from services.simulator.phone.calls import CallRecord, Text
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import Speech
from services.simulator.speech.sound import write_stereo
from services.simulator.stack.local import Stack, Watch
from shared import schema

SETTLES_WITHIN_S, LOOKS_EVERY_S = 15.0, 0.3
_LINK = re.compile(r"https?://\S*/pay/[A-Za-z0-9_-]+")


class PaymentFailed(RuntimeError):
    """The caller could not pay by the link that was texted to her."""


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
    try:
        async with stack:
            ready = time.monotonic()
            stack.network.people.everybody_else = scenario.on_call
            async with _shown_tools(stack, view):
                call = await stack.network.place_call(scenario.caller, scenario.dialed, caller)
            over = time.monotonic()
            trouble = await _after(scenario, stack, view)
            timings = {
                "start_s": round(ready - began, 2),
                "call_s": round(over - ready, 2),
                "media_s": call.duration_ms / 1000,
                "after_s": round(time.monotonic() - over, 2),
            }
            return await _report(scenario, speech, view, stack, call, trouble, wav, timings)
    finally:
        caller.close()


@asynccontextmanager
async def _shown_tools(stack: Stack, view: LiveView) -> AsyncIterator[None]:
    """Show each tool's answer, with its milliseconds, as soon as its row is written."""
    shown: set[str] = set()

    async def look() -> None:
        for row in await stack.rows_of(schema.AGENT_TURNS):
            if row.get("role") == "tool" and row[schema.SK] not in shown:
                shown.add(row[schema.SK])
                view.tool(row)

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


async def _after(scenario: Scenario, stack: Stack, view: LiveView) -> str:
    """Let everything that follows a call happen; return what went wrong with paying."""
    await stack.network.settled()
    await settled_rows(stack)
    trouble = ""
    if scenario.pay.pays:
        try:
            await pay(stack, scenario.caller, view, late=scenario.pay.late)
        except PaymentFailed as exc:
            trouble = str(exc)
    await stack.stripe.delivered()
    await stack.network.settled()
    await stack.stop_bridge()
    return trouble


async def settled_rows(stack: Stack, calls: int = 1) -> Rows:
    """Return the rows once all calls have their outcome; whether it is right is judged later."""
    deadline = time.monotonic() + SETTLES_WITHIN_S
    while True:
        rows = await stack.rows()
        ended = [row for row in meta(rows, schema.CALLS) if row.get("outcome")]
        if len(ended) >= calls or time.monotonic() > deadline:
            return rows
        await asyncio.sleep(0.2)


async def pay(stack: Stack, caller: str, view: LiveView, *, late: bool = False) -> None:
    """Pay by the link in the caller's text, as her browser would.

    Raises:
        PaymentFailed: there is no link, or it does not lead to a page that takes the money.
    """
    link = _link(stack.network.sms.taken, caller)
    async with aiohttp.ClientSession() as http:
        if late:
            await _let_expire(stack, http, link)
        page = await _checkout(http, link)
        view.say("payment", f"{link} leads to {page}")
        async with http.post(page, allow_redirects=False) as answer:
            if answer.status != 303:
                raise PaymentFailed(f"the pay page answered {answer.status}")
            thanks = answer.headers["Location"]
        async with http.get(thanks) as answer:
            view.say("payment", f"paid; the thank-you page answers {answer.status}")
            if answer.status != 200:
                raise PaymentFailed(f"the thank-you page answered {answer.status}")
    await stack.stripe.delivered()
    for delivery in stack.stripe.deliveries:
        view.say("payment", f"webhook {delivery.type}: {delivery.statuses}")


def _link(texts: Sequence[Text], caller: str) -> str:
    links = [found for text in texts if text.to == caller for found in _LINK.findall(text.body)]
    if not links:
        raise PaymentFailed("no text to the caller carries a pay link")
    return str(links[-1])


async def _checkout(http: aiohttp.ClientSession, link: str) -> str:
    async with http.get(link, allow_redirects=False) as answer:
        if answer.status != 303:
            raise PaymentFailed(f"the pay link answered {answer.status}")
        return answer.headers["Location"]


async def _let_expire(stack: Stack, http: aiohttp.ClientSession, link: str) -> None:
    """Look at the page, and come back after its session has expired."""
    page = await _checkout(http, link)
    await stack.stripe.account.expire(page.rstrip("/").rsplit("/", 1)[-1])
    await stack.stripe.delivered()


async def _report(
    scenario: Scenario,
    speech: Speech,
    view: LiveView,
    stack: Stack,
    call: CallRecord,
    trouble: str,
    wav: Path | None,
    timings: dict[str, float],
) -> Report:
    rows = await stack.rows()
    if trouble:
        call.warnings.append(f"payment: {trouble}")
    stored = {
        **{f"table {table}": written(rows[table]) for table in rows},
        "logs": written(stack.logs.lines),
        "journals": written(_journals(stack.journals)),
    }
    texts = stack.network.sms.taken
    evidence = Evidence(call, rows, texts, _spoken(speech, view, rows, call), stored)
    if wav is not None:
        try:
            await asyncio.to_thread(write_stereo, wav, call.caller_audio, call.agent_audio)
        except OSError as exc:  # a full disk must not cost the report of the call
            view.progress(f"no recording: {wav}: {exc.strerror}")
            wav = None
    return Report(
        scenario=scenario.name,
        mode=speech.mode,
        call=call,
        transcript=view.transcript,
        texts=list(texts),
        rows=rows,
        metrics=dict(stack.logs.metrics),
        verdicts=verdicts(scenario, evidence),
        wav=str(wav) if wav else "",
        timings=timings,
        phonebook=phonebook(scenario.business, scenario.caller),
    )


def _journals(folder: Path) -> list[str]:
    return [
        path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()
    ]


def _spoken(speech: Speech, view: LiveView, rows: Rows, call: CallRecord) -> list[str]:
    """Return what was said to the caller, in order.

    In text mode what her phone really played counts; a voice is transcribed too freely for that,
    so there the recorded turns count, and after them what Twilio or a human said.
    """
    if speech.mode == "text":
        return [line.text for line in view.transcript if line.who == "caller heard"]
    turns = [row for row in rows[schema.AGENT_TURNS] if row.get("role") == "assistant"]
    return [str(row.get("text", "")) for row in turns] + call.said
