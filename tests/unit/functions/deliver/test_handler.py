"""The deliveries over real rows, to a receiver that verifies them on its own."""

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.deliver import handler
from functions.deliver.settings import settings_of
from services.simulator.hooks import HookReceiver
from services.simulator.stack.aws import make_tables, rows
from shared import businesses, published
from shared.adapters.dynamo.calls import DynamoCalls
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.payments import DynamoPayments
from shared.domain.models import Callback, JobStatus, Outcome, Payment, PaymentStatus
from shared.domain.models.event import EVENTS
from shared.domain.money import Cents
from tests.examples import NOW, TONIGHT, a_call, a_customer, a_job

PREFIX = "callwright-local-"
SECRET = "whsec_" + base64.b64encode(b"a key of this test").decode()
ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": PREFIX,
    "PUBLIC_BASE_URL": "https://voice.example.com",
    "WEBHOOKS_TO_LOOPBACK": "on",
    "BUSINESS_SECRET_BOARD_KEY": SECRET,
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
}
HOUR = timedelta(hours=1)


class LambdaContext:
    def get_remaining_time_in_millis(self) -> int:
        return 50_000


class Tables:
    """The tables as the product's other processes write them."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls = DynamoCalls(client, PREFIX)
        self.jobs = DynamoJobs(client, PREFIX)
        self.payments = DynamoPayments(client, PREFIX)

    def outbox(self) -> list[str]:
        found = rows(self.client, PREFIX)
        return [r["pk"] for table in found.values() for r in table if r["sk"] == "OUTBOX"]

    def whole_story(self, job_id: str, start: datetime) -> None:
        """A call with a danger that booked, was moved, paid and cancelled."""
        call, job = a_call(f"CA{job_id}"), a_job(job_id, start=start)
        self.calls.open(call)
        self.calls.note(call.call_sid, hazard="gas_leak")
        self.calls.note(call.call_sid, callback=Callback(asked_at=NOW, due_at=NOW))
        self.jobs.book(job, a_customer())
        ended = call.model_copy(update={"outcome": Outcome.BOOKED, "job_id": job_id})
        self.calls.conclude(ended, final=True)
        moved = a_job(job_id, start=start + HOUR, version=1)
        self.jobs.move(job, moved)
        self.jobs.close(job_id, JobStatus.CANCELLED, at=NOW)


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tables]:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    _forget()
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_tables(client, PREFIX)
        yield Tables(client)
    _forget()


def _forget() -> None:
    handler._opened.cache_clear()
    handler._secrets.cache_clear()


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let the business's file name this address."""

    def use(url: str) -> None:
        hook = f'[[integrations.webhooks]]\nname = "board"\nurl = "{url}"\nsecret = "board-key"\n'
        own = (Path(businesses.__file__).parent / "coolcare_hvac.toml").read_text("utf-8")
        (tmp_path / "coolcare_hvac.toml").write_text(own + hook, "utf-8")

    monkeypatch.setenv("BUSINESSES_DIR", str(tmp_path))
    published.forget()
    yield use
    published.forget()


def deliver(now: datetime) -> dict[str, int]:
    """One run at another time than now."""
    return handler.work(
        handler._opened(settings_of(os.environ)),
        handler._secrets().of_business,
        now,
        lambda: True,
    )


def served(work: Callable[[HookReceiver, str], Awaitable[None]]) -> None:
    """Run `work` in a thread beside a receiver, which it may ask to end and to begin."""

    async def run() -> None:
        receiver = HookReceiver(SECRET)
        url = await receiver.start()
        try:
            await work(receiver, url)
        finally:
            await receiver.stop()

    asyncio.run(asyncio.wait_for(run(), 60))


def in_order(taken: list[dict[str, Any]], job_id: str) -> list[str]:
    """The events of one job as they came, each where it came first."""
    found = [event["id"] for event in taken if event.get("job_id") == job_id]
    return list(dict.fromkeys(found))


STORY = ["booking.created", "call.completed", "booking.rescheduled", "booking.cancelled"]


def test_real_rows_become_events_that_a_receiver_verifies_and_the_schema_knows(
    tables: Tables, use: Callable[[str], None]
) -> None:
    tables.whole_story("job1", TONIGHT)
    tables.jobs.book(a_job("job2", start=TONIGHT + 4 * HOUR), a_customer())
    paid = Payment(
        payment_id="pi_1",
        job_id="job2",
        business_id="coolcare_hvac",
        amount=Cents(20_600),
        currency="usd",
        status=PaymentStatus.PAID,
        received=True,
        event_id="evt_1",
        at=NOW,
    )
    tables.payments.settle(paid, a_job("job2"), event_id="evt_1")

    async def work(receiver: HookReceiver, url: str) -> None:
        use(url)
        later = datetime.now(UTC) + timedelta(seconds=3)
        assert await asyncio.to_thread(deliver, later) == {"events": 8, "delivered": 8}
        assert tables.outbox() == []
        assert await asyncio.to_thread(deliver, later) == {}
        for event in receiver.taken:
            EVENTS.validate_python(event, strict=False)
        types = [e["type"] for e in receiver.taken if e.get("job_id") == "job1"]
        assert types == STORY
        assert {e["type"] for e in receiver.taken} == {
            *STORY,
            "deposit.paid",
            "emergency.raised",
            "callback.requested",
        }

    served(work)


def test_a_consumer_that_is_killed_and_restarted_sees_every_event_in_order(
    tables: Tables, use: Callable[[str], None]
) -> None:
    for n in range(3):
        tables.whole_story(f"job{n}", TONIGHT + 4 * n * HOUR)

    async def work(receiver: HookReceiver, url: str) -> None:
        use(url)
        now = datetime.now(UTC) + timedelta(seconds=3)
        receiver.ends_after = 4  # in the middle of a job
        first = await asyncio.to_thread(deliver, now)
        assert first["failed"] == 3 and len(receiver.taken) == 4
        await receiver.stop()
        again = HookReceiver(SECRET, clock=lambda: at.timestamp())
        again.taken = receiver.taken
        at = now + timedelta(minutes=10)
        await asyncio.to_thread(deliver, at)  # nobody is there
        await again.start(int(url.rsplit(":", 1)[1].split("/")[0]))
        try:
            for n in range(3, 10):
                at = now + timedelta(minutes=10 * n)
                await asyncio.to_thread(deliver, at)
        finally:
            await again.stop()
        assert tables.outbox() == []
        assert len({event["id"] for event in again.taken}) == 3 * 6
        for n in range(3):
            story = in_order(again.taken, f"job{n}")
            known = {event["id"]: event["type"] for event in again.taken}
            assert [known[each] for each in story] == STORY

    served(work)


def test_the_schedule_s_own_run_reads_its_environment(
    tables: Tables, use: Callable[[str], None]
) -> None:
    use("https://board.example.com/")
    tables.jobs.book(a_job(), a_customer())
    assert handler.lambda_handler({}, LambdaContext()) == {}  # an index follows within a moment
