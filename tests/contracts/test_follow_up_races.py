"""The schedule run many times at once, over tables whose transactions hold."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.simulator.stack.aws import make_tables
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.actions.ports import Ports
from shared.adapters.wiring import dynamo_client
from shared.businesses import by_id
from shared.domain.business import Policy
from shared.domain.call_time import CallTime
from shared.domain.models import FollowUpKind, JobStatus, Priority
from tests.at_once import at_once
from tests.contracts.conftest import dynamo_store
from tests.examples import OFFICE, SARAH, a_customer, a_follow_up, a_job
from tests.fakes import FakeWorld

pytestmark = pytest.mark.stack

RUNS = 8
BOOKED = datetime(2025, 8, 28, 15, tzinfo=UTC)  # 11:00 in Springfield
VISIT = datetime(2025, 9, 3, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = Policy(remind_unpaid_after_hours=2, cancel_unpaid_after_hours=6)


@pytest.fixture
def fakes() -> FakeWorld:
    return FakeWorld()


@pytest.fixture
def ports(
    ministack_url: str, request: Any, monkeypatch: pytest.MonkeyPatch, fakes: FakeWorld
) -> Ports:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    client = dynamo_client(region="us-east-1", endpoint_url=ministack_url)
    prefix = f"{request.node.name[:40]}-"
    make_tables(client, prefix)
    store = dynamo_store(client, prefix)
    return replace(fakes.ports, jobs=store.jobs, follow_ups=store.follow_ups)


def runs_at_once(ports: Ports, now: datetime) -> None:
    coolcare = by_id("coolcare_hvac")
    assert coolcare is not None
    business = coolcare.model_copy(update={"policy": POLICY})
    this_run = FollowUpRun(ports, lambda _: business, "https://v.example", CallTime(now, now))
    at_once(*[lambda: run(this_run, lambda: True)] * RUNS)


def test_each_text_is_sent_once(ports: Ports, fakes: FakeWorld) -> None:
    for n in range(10):
        ports.follow_ups.leave(a_follow_up(f"text:job{n}:caller", body=f"{n}", due_at=BOOKED))

    runs_at_once(ports, BOOKED)

    assert Counter(fakes.texts.to(SARAH)) == {f"{n}": 1 for n in range(10)}
    assert ports.follow_ups.due(BOOKED + 24 * HOUR) == []


def test_a_deposit_is_reminded_of_and_released_once(ports: Ports, fakes: FakeWorld) -> None:
    look = a_follow_up(
        "deposit:job1", kind=FollowUpKind.DEPOSIT, to=None, body=None, due_at=BOOKED + 2 * HOUR
    )
    job = a_job(start=VISIT, created_at=BOOKED, is_emergency=False, priority=Priority.NORMAL)
    ports.jobs.book(job, a_customer(), [look])

    for hours in (2, 6, 7):
        runs_at_once(ports, BOOKED + hours * HOUR)

    closed = ports.jobs.get("job1")
    assert closed is not None
    assert (closed.status, closed.reminded_at) == (JobStatus.RELEASED, BOOKED + 2 * HOUR)
    assert ports.jobs.holders("coolcare_hvac", ["crew-1"], VISIT, VISIT + HOUR) == {}
    assert (len(fakes.texts.to(SARAH)), len(fakes.texts.to(OFFICE))) == (2, 1)
    assert ports.follow_ups.due(BOOKED + 48 * HOUR) == []
