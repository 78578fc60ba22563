"""Many callers at once: the specification's script, and one window that all choose together."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerLine, CallerTick
from services.simulator.phone.calls import CallRecord
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import Scenario, ScriptLine
from services.simulator.speech import Speech
from services.simulator.stack.local import Stack

CHOICE = "Tonight, nine to eleven P M, please."
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_REFUSED = r"taken|no longer|somebody else|someone else|just gone"


@dataclass
class Gate:
    """Opens when `expected` callers stand before it."""

    expected: int
    waiting: int = 0

    @property
    def is_open(self) -> bool:
        return self.waiting >= self.expected


@dataclass
class GatedPhone:
    """A caller's phone that stops the world for its caller until the gate opens."""

    gate: Gate
    caller: ScriptedCaller | None = None
    lines: list[CallerLine] = field(default_factory=list)
    _held: CallerTick | None = None
    _at_gate: bool = False
    _chose: bool = False

    def hear(self, line: CallerLine) -> None:
        self.lines.append(line)
        if line.kind == "said" and line.text == CHOICE and not self._chose:
            self._chose = self._at_gate = True

    def tick(self, heard: bytes) -> CallerTick:
        assert self.caller is not None
        if self._held is None:
            tick = self.caller.tick(heard)
            if not self._at_gate:
                return tick
            self._at_gate = False
            self._held = tick
            self.gate.waiting += 1
        if not self.gate.is_open:
            return CallerTick()
        tick, self._held = self._held, None
        return tick


def number(index: int) -> str:
    return f"+1555123{index:04}"


def scenario(index: int) -> Scenario:
    """Return the script of one caller: her own number, one window, and no second wish."""
    spec = scenarios.load("spec")
    digits = [_DIGITS[int(digit)] for digit in f"555123{index:04}"]
    said = f"It is {', '.join(digits[:3])}. {', '.join(digits[3:6])}. {', '.join(digits[6:])}."
    lines = [ScriptLine(hears=_REFUSED, says=("No, thank you. Goodbye.",), hangs_up=True)]
    for line in spec.lines:
        if line.interrupts_after_ms is not None:
            continue
        if "which" in line.hears and "works" in line.hears:
            line = ScriptLine(hears=line.hears, says=(CHOICE,), times=3)
        elif "reach you" in line.hears:
            line = ScriptLine(hears=line.hears, says=(said,), times=4)
        lines.append(line)
    return spec.model_copy(
        update={"lines": tuple(lines), "caller": number(index), "puzzled": ("What was that?",)}
    )


async def rush(
    stack: Stack, speech: Speech, callers: int, placed: Callable[[int], None] = lambda _: None
) -> list[tuple[CallRecord, GatedPhone]]:
    """Let `callers` ring at once; all say which window they want in the same moment."""
    gate = Gate(callers)

    async def one(index: int) -> tuple[CallRecord, GatedPhone]:
        script, phone = scenario(index), GatedPhone(gate)
        phone.caller = ScriptedCaller(script, speech, phone.hear)
        placed(index)
        try:
            call = await stack.network.place_call(script.caller, script.dialed, phone)
        finally:
            phone.caller.close()
            gate.expected -= not phone._chose  # whoever left before it keeps nobody waiting
        return call, phone

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(index)) for index in range(callers)]
    await stack.network.settled()
    return [task.result() for task in running]
