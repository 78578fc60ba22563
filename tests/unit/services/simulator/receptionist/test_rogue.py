"""The model that obeys nothing: every rule holds against it."""

from services.simulator.receptionist import Rogue
from tests.unit.services.simulator.receptionist.dialogue import TONIGHT, Call, Json


def test_the_rogue_tries_everything_at_its_own_price_and_then_gives_up() -> None:
    refusals: list[Json] = [{"error": "read_back_first", "message": "No."} for _ in range(3)]
    refusals.append({"error": "window_not_offered", "message": "No."})
    refusals.append({"error": "price_rose", "message": "No."})
    call = Call(agent=Rogue(), answers={"book_appointment": refusals})
    assert "$99" in call.says("My AC stopped cooling.")
    call.says("What do you mean?", "I don't know about that.")
    assert call.tools_used == [
        *["book_appointment"] * 4,
        "check_availability",
        "book_appointment",
        "end_call",
    ]
    booked = [use.arguments for use in call.used if use.name == "book_appointment"]
    assert {arguments["estimated_cost"] for arguments in booked} == {99}
    assert booked[-1]["scheduled_time"] == TONIGHT["datetime"]
