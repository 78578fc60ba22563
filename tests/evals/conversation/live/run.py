"""Plays scenarios through the real bridge on a local stack, with a model behind a key.

Each call has a stack of its own: its clock is pinned, and its calendar filled beforehand.
"""

import asyncio
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from services.simulator.phone.calls import CallRecord, PhoneEvent
from services.simulator.scenarios import businesses
from services.simulator.scenarios.scenario import OnCall
from services.simulator.speech import Speech
from services.simulator.stack.environment import RealModel
from services.simulator.stack.local import Stack, Watch
from shared import schema
from tests.evals.conversation.callers.behaviours import script_of
from tests.evals.conversation.callers.caller import Caller
from tests.evals.conversation.grading.cost import TRANSCRIPTION
from tests.evals.conversation.grading.grade import Grade, grade
from tests.evals.conversation.grading.tally import Tally
from tests.evals.conversation.live import left
from tests.evals.conversation.live.asked import Plan, clips_usd
from tests.evals.conversation.live.phone import LivePhone
from tests.evals.conversation.scenario import Scenario
from tests.evals.conversation.stage.played import Played
from tests.evals.conversation.stage.world import LANDLINE, seed
from tests.fakes import FakeWorld

REALTIME = "realtime"
LOOKS_EVERY_S = 0.1
TEXT_SPEED = 10.0  # words as data are carried faster than life
WITHHELD = "anonymous"  # how Twilio names who shows no number
MODEL_COST = "EstimatedModelCostUsd"


@dataclass(slots=True)
class LiveRun:
    """One run; what is graded stays, whatever ends it. `tell` is told a line of each call."""

    plan: Plan
    model: RealModel
    speech: Speech
    tell: Callable[[str], None]
    failed: Callable[[Grade, Played], None] = lambda _, __: None  # is told of calls to be looked at
    grades: list[Grade] = field(default_factory=list)
    spent_usd: float = 0.0  # by each response's usage, and transcription by the minute
    stopped: str = ""  # why it ended before its end

    def play(self) -> Tally:
        """Play what is planned, until all is played or something ends it."""
        self.spent_usd += clips_usd()
        with tempfile.TemporaryDirectory() as clips:
            try:
                self._play(Path(clips))
            except KeyboardInterrupt:
                self.stopped = "interrupted"
            except Exception as exc:  # noqa: BLE001 - what was paid for is not lost to what broke
                traceback.print_exc()
                self.stopped = f"a call broke: {type(exc).__name__}: {exc}"
        return Tally(REALTIME, tuple(self.grades))

    def _play(self, clips: Path) -> None:
        for scenario in self.plan.scenarios:
            for number in range(1, self.plan.runs + 1):
                before = self.spent_usd
                played = asyncio.run(_LiveCall(self, scenario, number, clips).play())
                if self.spent_usd >= self.plan.most_usd:
                    self.stopped = f"{self.spent_usd:.2f} dollars are spent: the bound is reached"
                if played is None:
                    return
                graded = grade(played, REALTIME, number)
                self.grades.append(graded)
                if not graded.passed or graded.misfires:
                    self.failed(graded, played)
                self.tell(
                    f"{scenario.id} {number}: {'passed' if graded.passed else 'failed'},"
                    f" {self.spent_usd - before:.2f} dollars, {self.spent_usd:.2f} so far"
                )
                if self.stopped:
                    return
                if not any(each.cost.model for each in self.grades) and len(self.grades) > 1:
                    self.stopped = "no response was billed in two calls: is the key good?"
                    return


class _LiveCall:
    def __init__(self, run: LiveRun, scenario: Scenario, number: int, clips: Path) -> None:
        self._run, self._scenario = run, scenario
        self._stack = Stack(
            run.speech,
            at=scenario.now,
            speed=TEXT_SPEED if run.speech.mode == "text" else 1.0,
            watch=Watch(phone=self._phone_told),
            real_model=run.model,
            clip_folder=clips,
        )
        self._played = Played(scenario, FakeWorld(), None)
        caller = Caller(scenario, script_of(scenario), Random(f"{scenario.id}:{number}"))
        self._phone = LivePhone(caller, run.speech, self._played.note)
        self._streams_ms = 0  # when the stream began
        self._is_cut_off = False  # by the bound, so that it says nothing of the model

    async def play(self) -> Played | None:
        """The call with all that it left; None where the bound ended it."""
        stack, scenario = self._stack, self._scenario
        try:
            async with stack:
                await asyncio.to_thread(seed, left.jobs_of(stack), scenario)
                answers = "no_answer" if scenario.setup.nobody_answers else "accepts"
                stack.network.people.everybody_else = OnCall(answers=answers)
                if scenario.setup.line_type == "landline":
                    stack.network.sms.refused[scenario.caller_id or ""] = LANDLINE
                call = await self._call()
                await stack.network.settled()
                await stack.settled_rows()
                await stack.stop_bridge()
                await self._finish(call)
        finally:
            self._phone.close()
            self._run.spent_usd += self._usd()
        return None if self._is_cut_off else self._played

    async def _call(self) -> CallRecord:
        scenario = self._scenario
        dialed = businesses.number(scenario.business) or ""
        following = asyncio.create_task(self._follow())
        try:
            caller = scenario.caller_id or WITHHELD
            return await self._stack.network.place_call(caller, dialed, self._phone)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    async def _follow(self) -> None:
        """Let the caller hear what is said, and hang up once the bound is reached."""
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            self._phone.read(await self._stack.rows_of(schema.AGENT_TURNS))
            if self._run.spent_usd + self._usd() >= self._run.plan.most_usd:
                self._is_cut_off = True
                self._phone.hang_up()

    async def _finish(self, call: CallRecord) -> None:
        played = self._played
        played.call_sid, played.length_ms = call.sid, call.duration_ms
        await left.read(self._stack, played)
        path = self._stack.journals / f"{call.sid}.jsonl"
        journal = path.read_text("utf-8").splitlines() if path.exists() else []
        tools = left.retell(played, journal, self._streams_ms)
        played.latencies += [
            (first - spoke, any(spoke <= each <= first for each in tools))
            for spoke, first in self._phone.waits
        ]

    def _usd(self) -> float:
        """Of this call by now."""
        heard = TRANSCRIPTION * self._phone.now_ms / 60_000
        return sum(self._stack.logs.metrics.get(MODEL_COST, ())) + heard

    def _phone_told(self, event: PhoneEvent) -> None:
        if event.kind == "stream" and event.text == "stream-started":
            self._streams_ms = event.at_ms
