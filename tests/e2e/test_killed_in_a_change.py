"""The bridge is killed while a caller moves a visit, or calls one off: it stands in one window or
in none, never in both, its hours are those that are held, and the caller reaches a person."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.caller.sending import CallerLine
from services.simulator.phone.calls import CallRecord
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import OnCall
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.businesses import by_id
from shared.domain.call_time import CallTime
from shared.domain.models import Job, JobStatus
from tests.drills.front import TablesFront
from tests.e2e.playing import text
from tests.e2e.world import AT, CALLER, World, world
from tests.examples import TONIGHT, a_customer, a_job

SHOP, CREW = "coolcare_hvac", ("crew-1",)
FRIDAY_8 = datetime(2025, 8, 29, 12, tzinfo=UTC)
DAYS = timedelta(days=2)
pytestmark = pytest.mark.stack


class DeadlyTables(TablesFront):
    """Kills the bridge at the transaction that changes a job: before it, or once it is done."""

    def __init__(self) -> None:
        super().__init__()
        self.job_id, self.when = "", ""
        self.kill: Callable[[], None] = lambda: None

    async def _hand_on(self, request: web.Request) -> web.Response:
        changes = request.headers.get("X-Amz-Target", "").endswith("TransactWriteItems")
        if not (changes and self.when and f"JOB#{self.job_id}".encode() in await request.read()):
            return await super()._hand_on(request)
        when, self.when = self.when, ""
        if when == "before":
            self.kill()
            raise web.HTTPServiceUnavailable
        answer = await super()._hand_on(request)
        self.kill()
        return answer


@dataclass
class Shop:
    """The stack, its tables and its own ports."""

    here: World
    tables: DeadlyTables

    def kill(self) -> None:
        pid = self.here.stack.bridge_pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)

    def calls(self, name: str, job: Job, killed: str) -> CallRecord:
        """A caller changes that visit; `killed`: at which of their words, or when it is done."""
        stack, script, speech = self.here.stack, scenarios.load(name), text()
        self.tables.job_id, self.tables.kill = job.job_id, self.kill
        self.tables.when = killed if killed in ("before", "after") else ""

        def on_line(line: CallerLine) -> None:
            if line.kind == "said" and killed in line.text:
                self.kill()

        async def ring() -> CallRecord:
            stack.network.people.everybody_else = OnCall(answers="accepts")
            phone = ScriptedCaller(script, speech, on_line, stack.network.sms.bodies)
            try:
                return await stack.network.place_call(script.caller, script.dialed, phone)
            finally:
                phone.close()
                await stack.network.settled()
                assert stack.bridge_pid is None  # it was killed
                await stack.bridge_again()

        return self.here.run(ring(), timeout_s=120)

    def texts(self) -> list[str]:
        """What the customer is texted in the end, once the schedule has run."""
        before, later = len(self.here.stack.network.sms.taken), timedelta(minutes=20)
        business = by_id(SHOP)
        at = CallTime(AT + later, datetime.now(UTC) + later)
        ports, url = self.here.ports(), self.here.stack.public_url
        run(FollowUpRun(ports, lambda _: business, url, at), lambda: True)
        return [
            sent.body for sent in self.here.stack.network.sms.taken[before:] if sent.to == CALLER
        ]


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    tables = DeadlyTables()
    with world(front=tables) as here:
        yield Shop(here, tables)


STEPS = (
    ("moves_visit", "Sarah Miller", False),
    ("moves_visit", "Yes, please", False),
    ("moves_visit", "before", False),
    ("moves_visit", "after", True),
    ("cancels_visit", "Yes, please", False),
    ("cancels_visit", "before", False),
    ("cancels_visit", "after", True),
)


@pytest.mark.parametrize(("name", "killed", "done"), STEPS)
def test_what_was_done_is_done_whole_and_the_caller_reaches_a_person(
    shop: Shop, name: str, killed: str, done: bool
) -> None:
    jobs, job = shop.here.ports().jobs, a_job(f"{name}-{killed}".replace(" ", "-"), TONIGHT)
    jobs.book(job, a_customer())
    call = shop.calls(name, job, killed)
    assert [dial.bridged for dial in call.dials] == [True]

    now = jobs.get(job.job_id)
    assert now is not None
    moved, off = (done and name == wanted for wanted in ("moves_visit", "cancels_visit"))
    assert now.window.start == (FRIDAY_8 if moved else TONIGHT)
    assert now.status is (JobStatus.CANCELLED if off else JobStatus.SCHEDULED)
    held = jobs.holders(SHOP, CREW, TONIGHT - DAYS, TONIGHT + DAYS)
    assert held == ({} if off else dict.fromkeys(now.holds, job.job_id))
    told = " ".join(shop.texts())
    assert ("moved from" in told, "is canceled" in told) == (moved, off)
    jobs.cancel(now, at=AT)  # the next one finds an empty day
