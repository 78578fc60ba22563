"""What rows become when they are told."""

import json

import pytest
from pydantic import ValidationError

from shared.actions.events import of_rows
from shared.domain.models import Callback, JobStatus, Outcome, Payment, PaymentStatus
from shared.domain.models.event import EventType, event_json, event_of
from shared.domain.money import Cents
from tests.event_schemas import PAGE, schemas
from tests.examples import NOW, SARAH, a_call, a_job, an_escalation

PAYMENT = Payment(
    payment_id="pi_1",
    job_id="job1",
    business_id="coolcare_hvac",
    amount=Cents(20_600),
    currency="usd",
    status=PaymentStatus.PAID,
    event_id="evt_1",
    at=NOW,
)
CALL = a_call(
    ended_at=NOW,
    outcome=Outcome.TRANSFERRED,
    callback=Callback(asked_at=NOW, due_at=NOW, phone=SARAH, urgency="urgent"),
    hazard="gas_leak",
    job_id="job1",
    escalation=an_escalation(result="answered"),
)
ALL = [
    *of_rows.booked(a_job(), NOW),
    *of_rows.moved(a_job(), a_job(version=1, crew="crew-2"), NOW),
    *of_rows.closed(a_job(version=1), JobStatus.RELEASED, NOW),
    *of_rows.paid(a_job(), PAYMENT, NOW),
    *of_rows.completed(CALL, NOW),
    *of_rows.learned(a_call(), CALL, NOW),
]


def test_there_is_one_of_each_and_each_has_an_id_of_its_own() -> None:
    assert {event.type for event in ALL} == set(EventType)
    assert len({event.id for event in ALL}) == len(ALL)


@pytest.mark.parametrize("event", ALL, ids=[event.type for event in ALL])
def test_what_is_sent_is_read_again_as_it_was(event: object) -> None:
    text = event_json(event)  # type: ignore[arg-type]

    assert event_of(text) == event
    assert '"schema_version":1' in text
    assert "null" not in text


def test_a_move_says_where_it_came_from() -> None:
    (moved,) = of_rows.moved(a_job(), a_job(version=1, crew="crew-2"), NOW)

    assert moved.data.was_crew == "crew-1"  # type: ignore[union-attr]
    assert (moved.data.crew, moved.version) == ("crew-2", 1)  # type: ignore[union-attr]


def test_a_visit_has_the_number_and_the_address_as_they_were_understood() -> None:
    (event,) = of_rows.booked(a_job(), NOW)

    assert (event.data.phone, event.about) == (SARAH, "job1")  # type: ignore[union-attr]


def test_nothing_is_read_that_is_not_of_its_kind() -> None:
    text = event_json(ALL[0]).replace("booking.created", "deposit.paid")

    with pytest.raises(ValidationError):
        event_of(text)


def test_the_schemas_of_the_page_are_those_of_the_models() -> None:
    assert schemas() in PAGE.read_text("utf-8"), "run `python -m tests.event_schemas --write`"
    json.loads(schemas().split("```json\n")[1].split("\n```")[0])
