"""A customer who texts: R, C, CANCEL and START."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.simulator.phone.calls import new_sid
from tests.e2e.world import CALLER, COOLCARE, World, world

OFFICE = "+19375550190"
BOOKING = {
    "customer_name": "Sarah Miller",
    "phone": CALLER,
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "AC not cooling.",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
}
pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as made:
        yield made


def texts(here: World, body: str) -> list[str]:
    """What the customer gets for it, its webhook delivered twice."""
    network, sid = here.stack.network, new_sid("SM")
    before = len(network.sms.taken)
    for _ in range(2):
        exchange = here.run(network.sms.text_us(CALLER, COOLCARE, body, sid))
        assert exchange.status == 200
    return [sent.body for sent in network.sms.taken[before:] if sent.to == CALLER]


def the_job(here: World) -> dict[str, Any]:
    (job,) = (row for row in here.tables()["jobs"] if row["pk"].startswith("JOB#"))
    return job


def locks(here: World) -> list[str]:
    rows = here.tables()["jobs"]
    return sorted(row["sk"] for row in rows if row["pk"].startswith("SLOT#"))


def test_a_visit_is_moved_then_called_off_and_a_lone_cancel_is_asked_about(here: World) -> None:
    assert here.tool("book_appointment", BOOKING)["booked"] is True
    assert locks(here) == ["2025-08-29T01Z", "2025-08-29T02Z"]

    (offer,) = texts(here, "R")
    assert "can be moved to 1: Fri, Aug 29, 8 to 10 AM, or 2: Fri, Aug 29, 10 AM to noon" in offer
    (moved,) = texts(here, "2")
    assert "moved from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29, 10 AM to noon" in moved
    assert (the_job(here)["version"], locks(here)) == (1, ["2025-08-29T14Z", "2025-08-29T15Z"])

    (noted,) = texts(here, "The gate code is 4411")
    assert "the office has your message" in noted
    assert the_job(here)["notes"] == ["Texted Aug 28: The gate code is 4411"]

    (asked,) = texts(here, "C")
    assert "Reply Y to call it off" in asked and the_job(here)["status"] == "scheduled"
    assert texts(here, "CANCEL") == []  # an opt-out: Twilio answers it, and nobody is texted
    told = [sent.body for sent in here.stack.network.sms.taken if sent.to == OFFICE]
    assert "Visit or texts?" in told[-1] and the_job(here)["status"] == "scheduled"
    assert any(row["pk"].startswith("OPTOUT#") for row in here.tables()["jobs"])

    assert texts(here, "START") == []
    assert not any(row["pk"].startswith("OPTOUT#") for row in here.tables()["jobs"])
    (off,) = texts(here, "Yes")
    assert "your visit on Fri, Aug 29, 10 AM to noon is canceled" in off
    assert (the_job(here)["status"], locks(here)) == ("cancelled", [])
