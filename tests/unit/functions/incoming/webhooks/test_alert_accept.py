"""Whoever was rung about an emergency presses 1: they have it, and hear whom to call."""

from shared.actions.alerts.raising import hazard_alert
from shared.businesses import by_id
from tests.unit.functions.incoming.phone_company import CALL, CALLER, OFFICE, ON_CALL, Answer, Phone


def press(phone: Phone, key: str = "1", to: str = OFFICE, call: str = CALL) -> str:
    answer: Answer = phone.post(
        f"/alert-accept?call={call}&b=coolcare_hvac", Digits=key, To=to, CallSid="CA9"
    )
    return answer.one("Say").text or ""


def raised(phone: Phone) -> None:
    business = by_id("coolcare_hvac")
    assert business is not None
    phone.has_row()
    hazard_alert(phone.world.ports, business, CALL, CALLER, "gas_leak", real_now=phone.now)


def test_one_takes_it_and_the_number_is_said(phone: Phone) -> None:
    raised(phone)
    assert "you have a gas leak" in press(phone)
    row = phone.world.calls.rows[CALL]
    assert row.acknowledged_by == OFFICE and row.acknowledged_at is not None


def test_another_key_takes_nothing(phone: Phone) -> None:
    raised(phone)
    assert "Nobody has taken it" in press(phone, "2")
    assert phone.world.calls.rows[CALL].acknowledged_at is None


def test_the_second_learns_that_somebody_has_it(phone: Phone) -> None:
    raised(phone)
    press(phone)
    assert "Somebody else has it" in press(phone, to=ON_CALL)


def test_of_a_call_that_is_not_known_nothing_is_said(phone: Phone) -> None:
    assert "look at your texts" in press(phone, call="CA404")
