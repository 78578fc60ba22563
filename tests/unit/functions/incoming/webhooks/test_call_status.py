"""The end of a call is reported: its row is closed, whoever comes last."""

from datetime import timedelta

import pytest

from shared.domain.models import Callback, Escalation, Outcome
from tests.unit.functions.incoming.phone_company import CALL, CALLER, NOW, OFFICE, ON_CALL, Phone

OVER = "completed"


def test_a_call_that_never_reached_the_bridge_has_a_row(phone: Phone) -> None:
    answer = phone.post("/call-status", CallStatus=OVER)
    assert (answer.status, answer.body) == (204, "")
    row = phone.row()
    assert (row.business_id, row.caller, row.outcome) == (
        "coolcare_hvac",
        CALLER,
        Outcome.ABANDONED,
    )
    assert row.ended_at is not None and row.failure is None


def test_a_row_the_bridge_closed_stays_as_it_is(phone: Phone) -> None:
    phone.has_row(ended_at=NOW, end_reason="goodbye", outcome="completed")
    before = phone.row()
    phone.later(seconds=30)
    for _ in range(2):
        phone.post("/call-status", CallStatus=OVER)
    assert phone.row() == before


def test_a_row_nobody_closed_is_closed_once(phone: Phone) -> None:
    phone.has_row(quoted_at=NOW)
    phone.post("/call-status", CallStatus=OVER)
    closed = phone.row()
    phone.later(minutes=5)
    phone.post("/call-status", CallStatus=OVER)
    assert closed.outcome == Outcome.QUOTE_ONLY and phone.row() == closed


@pytest.mark.parametrize("status", ["ringing", "in-progress", "", "queued"])
def test_a_call_that_goes_on_is_left_alone(phone: Phone, status: str) -> None:
    phone.post("/call-status", CallStatus=status)
    assert not phone.world.calls.rows


def test_the_leg_of_a_person_on_call_is_no_call_of_its_own(phone: Phone) -> None:
    phone.post("/call-status", CallStatus=OVER, CallSid="CAchild", ParentCallSid=CALL)
    assert not phone.world.calls.rows


@pytest.mark.parametrize("result", ["pending", "nobody"])
def test_a_caller_who_gave_up_waiting_is_told_to_the_business(phone: Phone, result: str) -> None:
    asked = Escalation.model_validate({"reason": "x", "asked_at": NOW, "result": result})
    phone.has_row(escalation=asked, ended_at=NOW)
    phone.post("/call-status", CallStatus=OVER)
    for number in (OFFICE, ON_CALL):
        assert "reached nobody" in phone.world.texts.to(number)[0]
    assert phone.world.metrics.total("EscalationFailed") == (result == "pending")
    assert phone.row().outcome == Outcome.ABANDONED


@pytest.mark.parametrize("message_taken", [False, True])
def test_who_was_promised_a_call_back_wakes_nobody_on_call(
    phone: Phone, message_taken: bool
) -> None:
    asked = Escalation.model_validate({"reason": "x", "asked_at": NOW, "result": "nobody"})
    back = Callback(asked_at=NOW, due_at=NOW + timedelta(hours=15), phone=CALLER)
    phone.has_row(
        escalation=asked,
        callback=back,
        message_taken=message_taken,
        ended_at=NOW,
        end_reason="goodbye",
    )
    phone.post("/call-status", CallStatus=OVER)
    assert phone.world.texts.to(ON_CALL) == []
    told = (
        "CoolCare HVAC: CALL BACK 555-123-0000, call back by Fri, Aug 29, 10:12 AM: "
        "they asked for a person, and were told that nobody is there now."
    )
    assert phone.world.texts.to(OFFICE) == ([] if message_taken else [told])


def test_a_number_that_is_none_of_ours_is_ignored(phone: Phone) -> None:
    assert phone.post("/call-status", CallStatus=OVER, To="+19375559999").status == 204
    assert not phone.world.calls.rows


def test_a_table_that_is_down_is_an_error_to_a_report(phone: Phone) -> None:
    phone.world.calls.down = True
    assert phone.post("/call-status", CallStatus="completed").status == 500
