"""A message was left: office and on-call get a link to it, once."""

from shared.domain.models import Outcome
from tests.unit.functions.incoming.phone_company import (
    NOW,
    OFFICE,
    ON_CALL,
    PUBLIC,
    RECORDING,
    VOICEMAIL,
    Phone,
    asked,
)


def test_a_message_reaches_office_and_on_call_once(phone: Phone) -> None:
    phone.has_row(escalation=asked("nobody"), ended_at=NOW)
    fields = {"RecordingUrl": RECORDING, "RecordingDuration": "12", "Digits": "hangup"}
    for _ in range(2):
        assert phone.post(VOICEMAIL, **fields).verbs == ["Say", "Hangup"]
    for number in (OFFICE, ON_CALL):
        (body,) = phone.world.texts.to(number)
        assert f"left a voicemail: {PUBLIC}/voicemail/" in body and "twilio" not in body
    assert phone.row().outcome == Outcome.MESSAGE_TAKEN


def test_a_message_of_nothing_is_no_message(phone: Phone) -> None:
    phone.has_row(escalation=asked("nobody"))
    phone.post(VOICEMAIL)
    phone.post(VOICEMAIL, RecordingUrl=RECORDING, RecordingDuration="0")
    assert not phone.world.texts.sent


def test_a_message_is_texted_though_the_table_is_down(phone: Phone) -> None:
    phone.world.calls.down = True
    phone.post(VOICEMAIL, RecordingUrl=RECORDING, RecordingDuration="12")
    assert f"{PUBLIC}/voicemail/" in phone.world.texts.to(OFFICE)[0]
