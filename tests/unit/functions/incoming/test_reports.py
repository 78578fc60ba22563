"""Status callbacks: a row is closed whoever comes last, and a lost text leaves a follow-up."""

import logging

import pytest

from shared.domain.models import Escalation, Outcome
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    NOW,
    NUMBER,
    OFFICE,
    ON_CALL,
    Phone,
)

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


@pytest.mark.parametrize("ours", [OFFICE, ON_CALL, NUMBER, "+19375550110"])
def test_no_webhook_takes_a_number_of_ours_for_the_callers(phone: Phone, ours: str) -> None:
    """/voicemail, /after-stream and /call-status each make the row, and the office is texted."""
    recording = {"RecordingUrl": "https://api.twilio.com/R1", "RecordingDuration": "5"}
    steps = [
        ("/call-status", {"CallStatus": OVER}),
        ("/after-stream", {}),
        ("/voicemail?b=coolcare_hvac", recording),
        ("/handoff?n=9&b=coolcare_hvac", {"DialCallStatus": "busy"}),
    ]
    for path, fields in steps:
        phone.world.calls.rows.clear()
        phone.post(path, From=ours, **fields)
        assert phone.row().caller is None, path
    for text in phone.world.texts.sent:
        assert "number withheld" in text.body


def test_a_number_that_is_none_of_ours_is_ignored(phone: Phone) -> None:
    assert phone.post("/call-status", CallStatus=OVER, To="+19375559999").status == 204
    assert not phone.world.calls.rows


SMS = {
    "MessageSid": "SM1",
    "MessageStatus": "undelivered",
    "ErrorCode": "30003",
    "From": NUMBER,
    "To": CALLER,
}


def test_an_undelivered_text_is_counted_and_left_to_follow_up(phone: Phone) -> None:
    for _ in range(2):
        assert phone.post("/sms-status", **SMS).status == 204
    (follow_up,) = phone.world.follow_ups.rows.values()
    assert (follow_up.to, follow_up.business_id) == (CALLER, "coolcare_hvac")
    assert "30003" in follow_up.error
    assert phone.world.metrics.total("SmsFailed") >= 1


@pytest.mark.parametrize("status", ["queued", "sent", "delivered", ""])
def test_a_text_on_its_way_is_no_failure(phone: Phone, status: str) -> None:
    phone.post("/sms-status", **{**SMS, "MessageStatus": status})
    assert not phone.world.follow_ups.rows and not phone.world.metrics.counted


def test_a_number_that_opted_out_is_not_tried_again(phone: Phone) -> None:
    phone.post("/sms-status", **{**SMS, "ErrorCode": "21610"})
    assert not phone.world.follow_ups.rows
    assert phone.world.metrics.total("SmsFailed") == 1


@pytest.mark.parametrize(
    ("code", "waits"), [("21614", False), ("30006", False), ("30003", True), ("", True)]
)
def test_a_number_no_text_will_ever_reach_is_the_offices_at_once(
    phone: Phone, code: str, waits: bool
) -> None:
    phone.post("/sms-status", **{**SMS, "ErrorCode": code})
    (follow_up,) = phone.world.follow_ups.rows.values()
    assert (follow_up.due_at > NOW) is waits and follow_up.body is None


def test_a_broken_stream_is_logged_without_the_callers_data(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        phone.post("/stream-status", StreamEvent="stream-started")
        assert not [r for r in caplog.records if r.name.startswith("functions")]
        phone.post("/stream-status", StreamEvent="stream-error", StreamError="handshake failed")
    (record,) = [r for r in caplog.records if r.name.startswith("functions")]
    assert record.message == "stream broke" and CALLER not in str(vars(record))
