"""A text that was not delivered is counted once, and left to follow up."""

import pytest

from tests.unit.functions.incoming.phone_company import CALLER, NOW, NUMBER, Phone

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
