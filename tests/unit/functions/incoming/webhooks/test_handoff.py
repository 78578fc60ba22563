"""A dial is over: a person talks to the caller, or the next one is rung, or the mailbox answers."""

import pytest

from shared.domain.models import Outcome
from shared.domain.twilio_signature import hurried
from tests.unit.functions.incoming.phone_company import (
    CALLER,
    HANDOFF,
    NOW,
    PUBLIC,
    RECORDING,
    VOICEMAIL,
    Phone,
    asked,
)


def test_a_mailbox_that_answers_is_no_person(phone: Phone) -> None:
    phone.has_row(escalation=asked(), ended_at=NOW)
    answer = phone.post(
        HANDOFF, DialCallStatus="completed", DialCallDuration="31", DialBridged="false"
    )
    assert answer.verbs == ["Say", "Record", "Say", "Hangup"]
    assert phone.row().escalation == asked("nobody")
    assert phone.world.metrics.total("EscalationFailed") == 1


def test_who_was_joined_took_the_call_though_the_key_they_pressed_was_not_noted(
    phone: Phone,
) -> None:
    phone.has_row(escalation=asked(), ended_at=NOW)
    answer = phone.post(HANDOFF, DialCallStatus="completed", DialBridged="true")
    assert answer.verbs == ["Hangup"]
    assert phone.row().escalation == asked("answered")
    assert phone.row().outcome == Outcome.TRANSFERRED


def test_who_accepted_and_hung_up_before_talking_is_not_the_end(phone: Phone) -> None:
    phone.has_row(escalation=asked("answered"))
    answer = phone.post(HANDOFF, DialCallStatus="completed", DialBridged="false")
    assert "Record" in answer.verbs


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled", ""])
def test_nobody_answering_leads_to_the_mailbox(phone: Phone, status: str) -> None:
    phone.has_row(escalation=asked())
    answer = phone.post(HANDOFF, DialCallStatus=status)
    record = answer.one("Record")
    assert record.get("action") == hurried(f"{PUBLIC}{VOICEMAIL}")
    assert record.get("playBeep") == "true" and int(record.attrib["maxLength"]) >= 60
    assert phone.world.metrics.total("EscalationFailed") == 1
    phone.post(HANDOFF, DialCallStatus=status)
    assert phone.world.metrics.total("EscalationFailed") == 1


@pytest.mark.parametrize("n", ["", "0", "-1", "x", "9" * 50, "²"])
def test_a_strange_count_is_answered(phone: Phone, n: str) -> None:
    phone.has_row(escalation=asked())
    assert phone.post(f"/handoff?n={n}&b=coolcare_hvac", DialCallStatus="busy").status == 200


def test_a_caller_who_hangs_up_while_it_rings_gets_nothing(phone: Phone) -> None:
    phone.has_row(escalation=asked())
    answer = phone.post(HANDOFF, DialCallStatus="canceled", CallStatus="completed")
    assert answer.verbs == []


def test_a_whole_handover_in_the_wrong_order_ends_the_same(phone: Phone) -> None:
    phone.post("/call-status", CallStatus="completed")
    phone.post(VOICEMAIL, RecordingUrl=RECORDING, RecordingDuration="12", CallStatus="completed")
    phone.post(HANDOFF, DialCallStatus="no-answer", CallStatus="completed")
    assert phone.row().outcome == Outcome.MESSAGE_TAKEN
    assert phone.row().caller == CALLER
