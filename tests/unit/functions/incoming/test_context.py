"""What a webhook is answered with; of a smoke call, ports that tell nobody."""

import pytest

from tests.unit.functions.incoming.phone_company import CALL, Phone

SMOKE = "+15005550006"


FROM_US = {"From": SMOKE, "SmokeCall": "true"}


@pytest.fixture
def phone() -> Phone:
    phone = Phone()
    phone.environ["SYNTHETIC_CALLERS"] = SMOKE
    return phone


def test_it_is_answered_and_not_counted(phone: Phone) -> None:
    answer = phone.post("/incoming", **FROM_US)

    assert answer.verbs == ["Connect", "Say", "Dial"]
    assert phone.emf.getvalue() == ""


def test_its_row_is_marked_where_the_bridge_never_wrote_one(phone: Phone) -> None:
    phone.post("/call-status", CallStatus="completed", **FROM_US)

    assert phone.world.calls.rows[CALL].synthetic is True
    phone.world.calls.rows.clear()
    phone.post("/call-status", CallStatus="completed")
    assert phone.world.calls.rows[CALL].synthetic is False


def test_a_smoke_call_that_broke_wakes_nobody(phone: Phone) -> None:
    phone.post("/after-stream", **FROM_US)
    phone.post("/handoff?n=9", DialCallStatus="no-answer", **FROM_US)
    recording = {"RecordingUrl": "https://api.twilio.com/R1", "RecordingDuration": "5"}
    phone.post("/voicemail", **FROM_US, **recording)
    phone.post("/call-status", CallStatus="completed", **FROM_US)

    assert phone.world.calls.rows[CALL].failure == "bridge_lost"
    assert (phone.world.texts.sent, phone.world.metrics.counted) == ([], [])
    assert phone.world.follow_ups.rows == {}
    assert phone.emf.getvalue() == ""
