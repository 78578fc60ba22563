"""A visit of before: who asks is found by name, or by a code that was texted to its number."""

from tests.unit.services.simulator.receptionist.dialogue import Call, Json

NOT_FOUND: Json = {"error": "not_the_caller", "message": "No visit is found by that."}
SENT: Json = {"code_sent": True, "message": "If a visit is booked under that number, …"}
WRONG: Json = {"error": "not_the_caller", "message": "That is not the code."}
NO_MORE: Json = {"error": "not_the_caller", "message": "No code is taken. Take a message instead."}
VISIT: Json = {"appointments": [{"job_id": "job1", "say": "I have your repair visit tonight."}]}
NUMBER = "Five five five, one two three, zero zero zero zero."


def stranger(*more: Json) -> Call:
    """Somebody who asks from another phone, up to the number it was booked under."""
    call = Call({"find_appointment": [NOT_FOUND, SENT, *more]})
    call.says("When is my appointment?", "Sarah Miller.")
    assert call.last.endswith("Under which phone number was it booked?")
    assert call.says(NUMBER).endswith("Could you key in the six digits?")
    return call


def keys(call: Call, digits: str) -> str:
    call.agent.instructed(f"The caller keyed {digits} on the phone's keypad.")
    return call.goes_on()


def test_from_another_phone_a_code_is_asked_for_and_the_visit_told_after_it() -> None:
    call = stranger(VISIT)
    assert keys(call, "123456") == "I have your repair visit tonight. Is there anything else?"
    phone = "+15551230000"
    assert call.tool("find_appointment") == {
        "name": "Sarah Miller", "phone": phone, "code": "123456",
    }  # fmt: skip


def test_a_code_may_be_said() -> None:
    call = stranger(VISIT)
    assert "tonight" in call.says("One two three, four five six.")
    assert call.tool("find_appointment")["code"] == "123456"


def test_after_three_wrong_codes_a_message_is_taken() -> None:
    call = stranger(WRONG, WRONG, NO_MORE)
    assert "not the code" in keys(call, "000001") and "not the code" in keys(call, "000001")
    assert "take a message for the office" in keys(call, "000001")


def test_who_has_no_code_may_leave_a_message() -> None:
    call = stranger()
    assert "take a message for the office" in call.says("I don't have that phone here.")


def test_who_asks_where_the_technician_is_gets_a_person_and_no_guess() -> None:
    call = Call()
    assert call.says("Where is my technician?") == "I'm connecting you with a person."
    assert "where the technician is" in str(call.tool("escalate_to_human")["reason"])
