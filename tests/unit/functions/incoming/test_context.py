"""What a webhook is answered with; of a smoke call, ports that tell nobody."""

import pytest

from functions.incoming.context import line_of
from functions.incoming.signature import Form
from tests.unit.functions.incoming.phone_company import CALL, CALLER, NUMBER, ON_CALL, Phone

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

    assert phone.world.calls.rows[CALL].failure == "capacity"
    assert (phone.world.texts.sent, phone.world.metrics.counted) == ([], [])
    assert phone.world.follow_ups.rows == {}
    assert phone.emf.getvalue() == ""


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({"To": NUMBER}, {}),
        ({"From": NUMBER, "To": CALLER}, {}),
        ({"To": ON_CALL, "From": CALLER}, {"b": "coolcare_hvac"}),
        ({"To": "+19375550110"}, {"b": "coolcare_hvac"}),  # another business's number
    ],
)
def test_a_call_is_of_whom_our_address_names_or_who_was_dialled_or_who_sent(
    fields: dict[str, str], query: dict[str, str]
) -> None:
    line = line_of(Form([*fields.items()]), Form([*query.items()]))
    assert line is not None and line.business_id == "coolcare_hvac"


def test_a_call_between_strangers_is_nobodys() -> None:
    strangers = Form([("To", "+19375559999"), ("From", CALLER)])
    assert line_of(strangers, Form([("b", "nobody")])) is None
