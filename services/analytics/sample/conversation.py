"""One made-up call, through the tools: what is said, done and written down of it."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from services.analytics.sample.callers import SampleCaller
from shared.actions import calls
from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.models import Call, Turn
from shared.domain.money import Cents
from shared.domain.outcomes import CallStage, EndReason, Failure
from shared.tools.dispatch import ToolDispatcher

PUBLIC_URL = "https://callwright.example"
# Median milliseconds each tool takes.
TOOK_MS = {
    "get_pricing_quote": 35,
    "check_availability": 60,
    "book_appointment": 420,
    "find_appointment": 40,
    "reschedule_appointment": 350,
    "cancel_appointment": 300,
    "escalate_to_human": 45,
    "take_message": 180,
    "add_note": 30,
    "end_call": 20,
}
ANSWER_MS = 720
CENTS_A_MINUTE = 7  # of the model


class SampleConversation:
    """A call that is going on. Its clock moves with what is said."""

    def __init__(
        self,
        ports: Ports,
        business: Business,
        caller: SampleCaller,
        at: datetime,
        rng: random.Random,
        *,
        synthetic: bool = False,
    ) -> None:
        self.business, self.caller, self.rng = business, caller, rng
        self.call_sid = f"CA{rng.getrandbits(128):032x}"
        self.now = at.astimezone(UTC)
        self.ports, self._synthetic = ports, synthetic
        self.jobs: list[str] = []  # what it booked
        self._turns: list[Turn] = []
        self._tools = ToolDispatcher(
            business, self.call_sid, caller.phone, ports, PUBLIC_URL, synthetic=synthetic
        )
        calls.open_call(ports.calls, self._row())

    def _row(self) -> Call:
        return calls.new_call(
            self.business,
            self.call_sid,
            self.caller.phone if self.rng.random() > 0.04 else None,
            now=self.now,
            prompt_version="sample-1",
            synthetic=self._synthetic,
        )

    def disclose(self) -> None:
        """The first words, all of them heard."""
        wording = self.business.wording.disclosure
        self._turn("assistant", wording, latency_ms=None)
        self._pass(7, 9)
        disclosed = {"disclosed_at": self.now, "disclosure": wording}
        calls.advance(self.ports.calls, self.call_sid, CallStage.DISCLOSED, **disclosed)

    def reach(self, stage: str) -> None:
        calls.advance(self.ports.calls, self.call_sid, CallStage(stage))

    def exchange(self, asks: str, says: str) -> None:
        """The caller says something and the agent answers."""
        self._pass(2, 8)
        self._turn("user", asks)
        wait = self._ms(ANSWER_MS, 0.35)
        self.now += timedelta(milliseconds=wait)
        cut = self.rng.random() < 0.06
        sent = self._ms(3500, 0.4)
        heard: dict[str, Any] = {}
        if cut:
            heard = {"cut": True, "sent_ms": sent, "heard_ms": sent // 2}
            heard["heard"] = says[: len(says) // 2]
        self._turn("assistant", says, latency_ms=wait, **heard)
        self._pass(2, 5)

    def use(self, tool: str, *yes: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool as the model does; what it answers. `yes`: to what the caller has said it."""
        reply = self._tools.use(
            tool, arguments, confirmed=frozenset(yes), now=self.now, real_now=self.now
        )
        took = self._ms(TOOK_MS[tool], 0.5)
        answer = json.dumps(reply.output)
        self._turn(
            "tool", "", tool=tool, arguments=json.dumps(arguments), result=answer, took_ms=took
        )
        self.now += timedelta(milliseconds=took)
        if "booked" in reply.output and tool == "book_appointment":
            self.jobs.append(str(reply.output["job_id"]))
        return reply.output

    def end(self, reason: str, *, failure: str | None = None, reported: bool = True) -> None:
        """Write the turns, and the end unless its report was lost."""
        self._pass(1, 4)
        self.ports.turns.add(self._turns)
        if reported:
            calls.finish(
                self.ports.calls,
                self.ports.jobs,
                self.call_sid,
                now=self.now,
                reason=EndReason(reason),
                failure=Failure(failure) if failure else None,
                model_cost=self._cost(),
            )

    def _cost(self) -> Cents:
        """What the model costs by the minute of call, about."""
        talked = self.now - self._turns[0].at if self._turns else timedelta()
        return Cents(round(talked / timedelta(minutes=1) * CENTS_A_MINUTE))

    def _turn(self, role: str, text: str, **more: Any) -> None:
        fields = {"call_sid": self.call_sid, "seq": len(self._turns) + 1, "role": role}
        turn = {**fields, "text": text, "at": self.now, "synthetic": self._synthetic, **more}
        self._turns.append(Turn.model_validate(turn))

    def _pass(self, least_s: int, most_s: int) -> None:
        self.now += timedelta(milliseconds=self.rng.randrange(least_s * 1000, most_s * 1000))

    def _ms(self, median: int, spread: float) -> int:
        return round(median * self.rng.lognormvariate(0, spread))
