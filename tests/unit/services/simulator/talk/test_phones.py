"""Whose phone a number is."""

from services.simulator.talk.phones import choices, whose


def test_an_office_s_number_an_on_call_one_and_anybody_else_s() -> None:
    assert whose("+19375550190") == "office"
    assert whose("+19375550191") == "on call"
    assert whose("+15551230000") == "caller"


def test_each_business_with_a_number_can_be_rung() -> None:
    rung = {each["id"]: each for each in choices()}
    assert rung["coolcare_hvac"]["number"] == "+19375550100"
    assert rung["coolcare_hvac"]["zone"] == "America/New_York"
