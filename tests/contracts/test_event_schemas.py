"""What stands in the tables' outboxes is what docs/events.md says of each event."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.models import Callback, JobStatus, Outcome, Payment, PaymentStatus
from shared.domain.models.event import EventType
from shared.domain.money import Cents
from shared.schema import CALLS, JOBS, PAYMENTS
from tests.contracts.conftest import dynamo_store
from tests.event_schemas import BEGIN, PAGE
from tests.examples import NOW, SARAH, TONIGHT, a_call, a_customer, a_job, an_escalation
from tests.json_schema import faults

pytestmark = pytest.mark.stack

HOUR = timedelta(hours=1)
PAYMENT = Payment(
    payment_id="pi_1",
    job_id="job1",
    business_id="coolcare_hvac",
    amount=Cents(20_600),
    currency="usd",
    status=PaymentStatus.PAID,
    received=True,
    event_id="evt_1",
    at=NOW,
)


def schema() -> Any:
    """As the page has it: what readers go by."""
    return json.loads(PAGE.read_text("utf-8").split(f"{BEGIN}\n```json\n")[1].split("\n```")[0])


def left(client: Any, prefix: str) -> Iterator[dict[str, Any]]:
    """The events of all tables, as they are sent."""
    for table in (CALLS, JOBS, PAYMENTS):
        for row in client.scan(TableName=prefix + table)["Items"]:
            if row["sk"]["S"] == "OUTBOX":
                yield json.loads(row["event"]["S"])


def everything(client: Any, prefix: str) -> None:
    """All that there is an event of, done to the real tables."""
    store = dynamo_store(client, prefix)
    job, moved = a_job(), a_job(start=TONIGHT + HOUR, version=1, to_be_confirmed=True)
    store.jobs.book(job, a_customer())
    store.payments.settle(PAYMENT, job, event_id="evt_1")
    paid = store.jobs.get("job1")
    assert paid is not None
    store.jobs.move(paid, moved.model_copy(update={"deposit_paid": True, "payment_id": "pi_1"}))
    store.jobs.book(a_job("job2", start=TONIGHT + 5 * HOUR), a_customer())
    store.jobs.close("job2", JobStatus.RELEASED, at=NOW)
    call = a_call(hazard=None, job_id="job1", escalation=an_escalation(result="answered"))
    store.calls.open(call)
    callback = Callback(asked_at=NOW, due_at=NOW + HOUR, phone=SARAH, urgency="urgent")
    store.calls.note("CA1", hazard="gas_leak", callback=callback)
    told = store.calls.get("CA1")
    assert told is not None
    store.calls.conclude(told.model_copy(update={"outcome": Outcome.TRANSFERRED}), final=True)


def test_every_event_of_real_rows_is_as_the_page_says(ministack_tables: tuple[Any, str]) -> None:
    everything(*ministack_tables)
    found, page = list(left(*ministack_tables)), schema()
    assert {event["type"] for event in found} == set(EventType)
    for event in found:
        assert list(faults(event, page, page)) == [], event["type"]


def test_what_is_not_as_the_page_says_is_found(ministack_tables: tuple[Any, str]) -> None:
    everything(*ministack_tables)
    page = schema()
    event = next(each for each in left(*ministack_tables) if each["type"] == "booking.created")
    for changes in ({"schema_version": 2}, {"more": 1}, {"version": "0"}, {"type": "else"}):
        assert list(faults(event | changes, page, page))
    assert list(faults({k: v for k, v in event.items() if k != "id"}, page, page))
    without_window = {k: v for k, v in event["data"].items() if k != "window"}
    assert list(faults(event | {"data": without_window}, page, page))
