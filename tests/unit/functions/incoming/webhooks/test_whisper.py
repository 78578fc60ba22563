"""Who is rung hears who is calling, nothing more, and takes the call with a key."""

import pytest

from functions.incoming.webhooks.whisper import spoken_summary
from shared import businesses
from shared.domain.models import Outcome
from shared.domain.twilio_signature import hurried
from tests.examples import a_customer, a_job
from tests.unit.functions.incoming.phone_company import (
    ACCEPT,
    CALL,
    HANDOFF,
    NOW,
    ON_CALL,
    PUBLIC,
    Phone,
    asked,
)


def test_who_is_rung_hears_who_calls_and_must_press_a_key(phone: Phone) -> None:
    phone.has_row(escalation=asked(), hazard="gas_leak")
    answer = phone.post(f"/whisper?call={CALL}&n=1&b=coolcare_hvac", To=ON_CALL, CallSid="CAchild")
    assert answer.verbs == ["Gather", "Hangup"]
    gather = answer.one("Gather")
    assert (gather.get("numDigits"), gather.get("action")) == ("1", hurried(f"{PUBLIC}{ACCEPT}"))
    said = gather.findtext("Say") or ""
    assert "CoolCare HVAC" in said and "gas leak" in said and "Sarah Miller" in said
    assert said.endswith("Press 1 to take the call.")


def test_the_summary_spoken_has_no_number_and_no_address() -> None:
    owner = businesses.all_businesses()["coolcare_hvac"]
    row = Phone()
    row.has_row(
        escalation=asked(
            summary="Sarah Miller, 555-123-0000, 123 Oak Street, Springfield 45501, "
            "card 4242 4242 4242 4242."
        )
    )
    said = spoken_summary(owner, row.row())
    assert "Sarah Miller" in said
    assert not any(part in said for part in ("555", "0000", "123", "Oak", "45501", "4242"))


@pytest.mark.parametrize(
    ("down", "said"),
    [(False, "They are booked for tonight 9 to 11 PM. Press 1"), (True, "Press 1")],
)
def test_who_is_rung_hears_that_the_caller_was_booked(phone: Phone, down: bool, said: str) -> None:
    phone.world.jobs.book(a_job(), a_customer())
    phone.has_row(escalation=asked(), job_id="job1")
    phone.world.jobs.down = down
    gather = phone.post(f"/whisper?call={CALL}&n=1&b=coolcare_hvac", To=ON_CALL).one("Gather")
    text = gather.findtext("Say") or ""
    assert said in text and text.count("booked") == (not down)


def test_a_key_is_remembered_and_joins_both(phone: Phone) -> None:
    phone.has_row(escalation=asked(), ended_at=NOW)
    assert phone.post(ACCEPT, Digits="1", CallSid="CAchild", To=ON_CALL).verbs == []
    assert phone.row().escalation == asked("answered")
    assert phone.post(HANDOFF, DialCallStatus="completed", DialBridged="true").verbs == ["Hangup"]
    assert phone.row().outcome == Outcome.TRANSFERRED
    assert "CAchild" not in phone.world.calls.rows


@pytest.mark.parametrize("digits", ["", "2", "11", "*"])
def test_any_other_key_is_no_acceptance(phone: Phone, digits: str) -> None:
    phone.has_row(escalation=asked())
    assert phone.post(ACCEPT, Digits=digits).verbs == ["Hangup"]
    assert phone.row().escalation == asked()


@pytest.mark.parametrize(("row", "answered"), [({}, 1), ({"disclosed_at": NOW}, 0)])
def test_a_caller_whom_only_a_person_spoke_to_was_answered_once(
    phone: Phone, row: dict[str, object], answered: int
) -> None:
    phone.has_row(escalation=asked(), **row)
    for _ in range(2):
        phone.post(ACCEPT, Digits="1", CallSid="CAchild", To=ON_CALL)
    assert phone.world.metrics.total("CallsAnswered") == answered
