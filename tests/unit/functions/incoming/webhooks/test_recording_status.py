"""Twilio reports a recording: it is looked after from then on, and no row is made for it."""

from tests.unit.functions.incoming.phone_company import CALL, Phone

STATUS = "/recording-status?b=coolcare_hvac"
RECORDING = "RE" + "2" * 32


def report(phone: Phone, status: str, sid: str = RECORDING) -> int:
    # As Twilio sends it: no number of the call's.
    fields = {"From": "", "To": "", "RecordingSid": sid, "RecordingStatus": status}
    return phone.post(STATUS, **fields).status


def test_a_recording_that_began_is_looked_after(phone: Phone) -> None:
    for status in ("in-progress", "completed", "completed"):
        assert report(phone, status) == 204
    (left,) = phone.world.follow_ups.rows.values()
    assert (left.call_sid, left.recording_sid) == (CALL, RECORDING)


def test_the_first_report_opens_no_call(phone: Phone) -> None:
    report(phone, "in-progress")
    assert phone.world.calls.get(CALL) is None


def test_what_is_no_recording_is_passed_over(phone: Phone) -> None:
    assert report(phone, "completed", sid="../Calls") == 204
    assert not phone.world.follow_ups.rows


def test_a_table_that_is_down_is_told_to_twilio(phone: Phone) -> None:
    phone.world.follow_ups.down = True
    assert report(phone, "completed") == 500
