"""What the session's instructions tell."""

from datetime import date

from services.simulator.receptionist.briefing import brief, exact_words


def test_the_instructions_tell_the_business_the_day_the_hours_and_the_caller() -> None:
    briefing = brief(
        "You answer the phone of CoolCare HVAC (HVAC).\n"
        "Now: Thursday, August 28th, 2025, 7:12 PM, which is after hours.\n"
        "Services the pricing tool knows: repair, water_heater.\n"
        "The caller calls from +15551230000.\n",
        [],
    )
    assert briefing.services == ("repair", "water_heater")
    assert briefing.business == "CoolCare HVAC"
    assert briefing.today == date(2025, 8, 28)
    assert briefing.after_hours
    assert briefing.caller == "5551230000"
    assert not brief("Now: Monday, which is within regular hours.", []).after_hours


def test_exact_words_lose_their_quotes_and_nothing_else() -> None:
    assert exact_words('Say exactly: "Hello: how can I help?"') == "Hello: how can I help?"
    assert exact_words("Greet the caller.") is None
