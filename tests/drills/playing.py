"""One drill on the real stack: what the caller heard, when, and what was written down of it.

The phone is faster than life up to the fault, then at life's speed for as long as the promise
counts: what the bridge waits for are seconds of our own.
"""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from infra.alarm_rules import rules
from infra.alarm_rules.rule import AwsMetric, OwnMetric
from infra.config import Stage
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerLine, CallerTick
from services.simulator.phone.calls import CallRecord, PhoneEvent
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import Scenario
from services.simulator.speech import open_speech
from services.simulator.speech.sound import FRAME_MS, SILENCE
from services.simulator.stack.local import Watch
from services.simulator.stack.rows import Rows, meta
from shared.domain.models import JobStatus
from shared.domain.twilio_signature import hurried
from tests.drills.faults import EITHER, FALLBACK, GOES_ON, MAILBOX, PERSON, Drill, DrillStack

FAST, AFTER = 8.0, 8.0  # times faster than life: before the fault, and once it is over
LIFE_S = 14.0  # after the fault
LONGEST_S = 240.0
HEARS_S, REACHED_S = 4.0, 12.0  # the promise
LEFT: Final = "hung up while it rang"
RUNG: Final = (PERSON, MAILBOX)  # at once; a call that goes on may need a person later
FELT: Final = '"tool could not work"'  # until a tool needs what broke, the call goes on
WATCHED: Final = (
    "ModelSessionFailed",
    "ModelReopened",
    "CallsEndedAbnormally",
    "EscalationFailed",
    "BookingFailed",
    "CheckoutFailed",
    "SmsFailed",
    "WebhooksBroken",
)


@dataclass(slots=True)
class Heard:
    """What was heard on the line after the fault, in ms of media."""

    at_ms: int | None = None  # of the fault
    silent_ms: int = 0  # the stretch that goes on
    longest_ms: int = 0
    rung_ms: int | None = None  # from when the fault was felt to the first ringing after it
    now_ms: int = 0
    is_kept: bool = False  # it rings, or somebody else has the caller: what is quiet is not ours
    is_felt: bool = False  # by a tool
    is_life: bool = False  # at the speed of life: only then it counts

    def frame(self, heard: bytes, said: CallerTick) -> None:
        self.now_ms += FRAME_MS
        if not self.is_life:
            return
        quiet = heard == SILENCE and said.audio == SILENCE and not self.is_kept
        self.silent_ms = self.silent_ms + FRAME_MS if quiet else 0
        self.longest_ms = max(self.longest_ms, self.silent_ms)

    def feels(self) -> None:
        """The call has gone on so far: from here it cannot."""
        if self.at_ms is not None and not self.is_felt:
            self.at_ms, self.is_felt = self.now_ms, True

    def rings(self) -> None:
        self.is_kept = True
        if self.at_ms is not None and self.rung_ms is None:
            self.rung_ms = self.now_ms - self.at_ms


class ListeningCaller(ScriptedCaller):
    """The scripted caller, and a stop-watch at her ear."""

    heard = Heard()

    def tick(self, heard: bytes) -> CallerTick:
        said = super().tick(heard)
        self.heard.frame(heard, said)
        return said


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one drill."""

    drill: Drill
    heard: Heard
    became: str
    outcome: str
    failure: str
    jobs: int
    locks: int
    metrics: dict[str, int] = field(default_factory=dict)
    logs: tuple[str, ...] = ()

    @property
    def silence_s(self) -> float:
        return self.heard.longest_ms / 1000

    @property
    def rung_s(self) -> float | None:
        return None if self.heard.rung_ms is None else self.heard.rung_ms / 1000

    def faults(self) -> list[str]:
        """Where the promise was not kept; a drill outside it keeps none of its times."""
        drill, found = self.drill, list[str]()
        may_be = (GOES_ON, PERSON, LEFT) if drill.becomes == EITHER else (drill.becomes,)
        if self.became not in may_be:
            found.append(f"{self.became} instead of {drill.becomes}")
        if self.locks != 2 * self.jobs or self.jobs > 1:
            found.append(f"{self.jobs} jobs hold {self.locks} hours")
        if drill.metric and not self.metrics.get(drill.metric):
            found.append(f"{drill.metric} was not counted")
        if not any(drill.code in line for line in self.logs or [""]):
            found.append(f"{drill.code} is not in the log")
        if drill.outside:
            return found
        if self.silence_s > HEARS_S:
            found.append(f"{self.silence_s:.1f} s of silence")
        if self.rung_s is not None and self.rung_s > REACHED_S and drill.becomes in RUNG:
            found.append(f"rung after {self.rung_s:.1f} s")
        return found


def alarms(metrics: Iterable[str]) -> list[str]:
    """The alarms that watch what was counted, in the order of docs/operations.md."""
    counted = set(metrics)
    stage = Stage(name="dev", twilio_account_sid=f"AC{'0' * 32}")

    def is_counted(metric: object) -> bool:
        match metric:
            case OwnMetric(name=name):
                return name in counted
            case AwsMetric(name="Requests", of="fallback"):
                return FALLBACK in counted
        return False

    return [rule.name for rule in rules(stage) if any(map(is_counted, rule.metrics.values()))]


def play(drill: Drill) -> Result:
    return asyncio.run(asyncio.wait_for(_play(drill), LONGEST_S))


async def _play(drill: Drill) -> Result:
    speech, spec = open_speech("text"), stays(scenarios.load(drill.scenario))
    heard = Heard()

    def event(told: PhoneEvent) -> None:
        match told.kind:
            case "answered" if heard.is_life:  # until then she has heard it ring
                heard.now_ms += round((asyncio.get_running_loop().time() - placed_at) * 1000)
            case "dials":
                heard.rings()
            case "said" if "after the tone" in told.text:
                heard.rings()
            case "unanswered":
                heard.is_kept = False

    def logged(line: str) -> None:
        if FELT in line:
            heard.feels()

    stack = DrillStack(speech, at=spec.at, speed=FAST, watch=Watch(phone=event, line=logged))
    placed_at = 0.0
    async with stack, fallback_of(stack, spec.business):
        stack.network.people.everybody_else = drill.person
        before = len(stack.logs.lines)

        def break_it() -> None:
            heard.at_ms, heard.is_life = heard.now_ms, True
            stack.network.go_at(1.0)
            if not drill.webhook:
                drill.act(stack)
            asyncio.get_running_loop().call_later(LIFE_S, be_quick)

        def be_quick() -> None:
            # Who is to be rung is waited for at the speed of life: bounds of ours are seconds.
            if drill.becomes == GOES_ON and heard.rung_ms is None:
                heard.is_life = False
                stack.network.go_at(AFTER)

        def line(told: CallerLine) -> None:
            said = told.kind == "said" and drill.line and drill.line in told.text
            if said and heard.at_ms is None:
                break_it()

        def asked(path: str) -> None:
            if heard.at_ms is None:
                heard.rung_ms = None  # it may have rung before
                heard.is_kept = heard.is_kept and "whisper" in path
                break_it()

        caller = ListeningCaller(spec, speech, line)
        caller.heard = heard
        placed_at = asyncio.get_running_loop().time()
        if drill.webhook:
            drill.act(stack)
            stack.function_faults.asked = asked
        elif not drill.line:
            break_it()
        try:
            call = await stack.network.place_call(spec.caller, spec.dialed, caller)
        finally:
            caller.close()
        mend(stack)
        await stack.network.settled()
        rows = await _rows(stack)
        result = _result(drill, heard, call, rows, stack.logs.lines[before:])
        if stack.fallback.asked:
            result.metrics[FALLBACK] = len(stack.fallback.asked)
        return result


def stays(scenario: Scenario) -> Scenario:
    """The same caller, who leaves the end of the call to us once all is said."""
    lines = (
        line.model_copy(update={"hangs_up": line.hangs_up and not line.says})
        for line in scenario.lines
    )
    return scenario.model_copy(update={"lines": tuple(lines)})


@asynccontextmanager
async def fallback_of(stack: DrillStack, business_id: str) -> AsyncIterator[None]:
    """The number's fallback, set up as `make connect` does it."""
    stack.network.account.fallback_url = await stack.fallback.start(business_id)
    account = stack.network.account
    account.voice_url = hurried(account.voice_url)
    try:
        yield
    finally:
        await stack.fallback.stop()


def mend(stack: DrillStack) -> None:
    """Whoever stands still has to be able to end, and what waits for a table to be written."""
    stack.front.failing.clear()
    stack.front.slow.clear()
    stack.network.media_faults.reads.set()
    for pid in (stack.bridge_pid, stack.tables_pid):
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


async def _rows(stack: DrillStack) -> Rows:
    try:
        return await asyncio.wait_for(stack.settled_rows(), 30)
    except Exception:  # noqa: BLE001 - the tables are what the drill has killed
        return {}


def _result(
    drill: Drill,
    heard: Heard,
    call: CallRecord,
    rows: Rows,
    lines: Iterable[str],
) -> Result:
    row = next(iter(meta(rows, "calls")), {}) if rows else {}
    jobs = (
        [job for job in meta(rows, "jobs") if job["status"] == JobStatus.SCHEDULED] if rows else []
    )
    locks = [item for item in rows.get("jobs", ()) if str(item["pk"]).startswith("SLOT#")]
    metrics, logs = dict[str, int](), dict[str, None]()
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        for name in WATCHED:
            if "_aws" in told and told.get(name):
                metrics[name] = metrics.get(name, 0) + int(told[name])
        if str(told.get("level", "")).lower() in ("warning", "error") and "message" in told:
            codes = [str(told[name]) for name in ("code", "status", "why") if told.get(name)]
            logs[f"{told['message']}{f' ({codes[0]})' if codes else ''}"] = None
    return Result(
        drill,
        heard,
        _became(call),
        str(row.get("outcome", "-")),
        str(row.get("failure", "-")),
        len(jobs),
        len(locks),
        metrics,
        tuple(logs),
    )


def _became(call: CallRecord) -> str:
    if any(dial.bridged for dial in call.dials):
        return PERSON
    if any("after the tone" in said for said in call.said):
        return MAILBOX
    if not call.dials:
        return GOES_ON
    return LEFT if call.ended_by == "caller" else "nobody"
