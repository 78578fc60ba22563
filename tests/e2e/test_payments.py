"""Money, end to end: every payment has a row, and what is not owed is flagged."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.simulator.stack import aws
from services.simulator.stack.environment import PREFIX
from services.simulator.stack.rows import meta
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.domain.models import JobStatus
from tests.e2e.world import World, world

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as made:
        yield made


def booked(here: World, start: str) -> dict[str, Any]:
    """Book one visit and return the tool's answer."""
    answer = here.tool(
        "book_appointment",
        {
            "customer_name": "Sarah Miller",
            "phone": "+15551230000",
            "email": None,
            "address": "123 Oak St, Springfield, OH",
            "service_type": "repair",
            "description": "AC not cooling",
            "scheduled_time": start,
            "estimated_cost": 825,
            "is_emergency": True,
        },
    )
    assert answer.get("booked"), answer
    return answer


def payments(here: World, job_id: str) -> list[str]:
    rows = meta(here.tables(), "payments")
    return sorted(str(row["status"]) for row in rows if row["job_id"] == job_id)


def job(here: World, job_id: str) -> dict[str, Any]:
    rows = meta(here.tables(), "jobs")
    return dict(next(row for row in rows if row["pk"] == f"JOB#{job_id}"))


def session_of(location: str) -> str:
    return location.rstrip("/").rsplit("/", 1)[-1]


def paid(here: World, session: str) -> str:
    event = here.run(here.stack.stripe.account.pay(session))
    here.run(here.stack.stripe.delivered())
    return event


def test_a_deposit_is_paid_once_and_late_or_repeated_webhooks_change_nothing(here: World) -> None:
    answer = booked(here, "2025-08-28T21:00:00-04:00")
    status, location = here.get(answer["pay_link"])
    assert (status, location) == (303, answer["checkout_url"])
    event = paid(here, session_of(location))
    once = here.tables()
    here.run(here.stack.stripe.redeliver(event))
    assert payments(here, answer["job_id"]) == ["paid"]
    assert job(here, answer["job_id"])["deposit_paid"] is True
    assert here.tables() == once
    assert here.get(answer["pay_link"])[0] != 303  # nothing is owed any more


def test_two_sessions_of_one_job_both_paid_are_two_rows_and_one_flagged(here: World) -> None:
    answer = booked(here, "2025-08-29T08:00:00-04:00")
    first = session_of(here.get(answer["pay_link"])[1])
    here.run(here.stack.stripe.account.expire(first))
    here.run(here.stack.stripe.delivered())
    second = session_of(here.get(answer["pay_link"])[1])
    assert second != first
    # A payment under way when the session expired arrives all the same.
    here.stack.stripe.account.sessions[first]["status"] = "open"
    paid(here, second)
    paid(here, first)
    assert payments(here, answer["job_id"]) == ["needs_refund", "paid"]
    assert job(here, answer["job_id"])["deposit_paid"] is True


def test_a_payment_after_cancellation_is_kept_and_flagged(here: World) -> None:
    answer = booked(here, "2025-08-29T10:00:00-04:00")
    session = session_of(here.get(answer["pay_link"])[1])
    client = aws.dynamodb(here.stack.environment["AWS_ENDPOINT_URL"])
    jobs = DynamoJobs(client, PREFIX, pause=lambda _: None)
    assert jobs.close(answer["job_id"], JobStatus.CANCELLED, at=datetime.now(UTC))
    paid(here, session)
    assert payments(here, answer["job_id"]) == ["needs_refund"]
    assert job(here, answer["job_id"])["deposit_paid"] is False


@pytest.mark.parametrize("signature", [None, "", "t=1,v1=00", "t=99999999999,v1=00"])
def test_an_unsigned_stripe_webhook_changes_nothing(here: World, signature: str | None) -> None:
    before = here.tables()
    headers = {"Content-Type": "application/json"}
    headers |= {} if signature is None else {"Stripe-Signature": signature}
    status, _ = here.post("/stripe/webhook", b'{"id":"evt_1"}', headers)
    assert status in (400, 403)
    assert here.tables() == before


@pytest.mark.parametrize("job_id", ["nosuchjob", "%2e%2e", "a" * 200])
def test_a_pay_link_of_no_job_is_a_page_that_says_so(here: World, job_id: str) -> None:
    status, location = here.get(f"{here.stack.public_url}/pay/{job_id}")
    assert (status, location) == (404, "")
