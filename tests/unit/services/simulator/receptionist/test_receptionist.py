"""Whole dialogues with the receptionist: what the caller says, what she says and does."""

import json

import pytest

from services.simulator.receptionist import Receptionist, Say, Use
from tests.unit.services.simulator.receptionist.dialogue import (
    INSTRUCTIONS,
    LATER,
    MORNING,
    TONIGHT,
    UP_TO_THE_NOTES,
    UP_TO_THE_QUOTE,
    Call,
    Json,
    tools,
)


def test_the_specs_call_is_booked() -> None:
    call = Call()
    assert call.says(UP_TO_THE_QUOTE[0]).endswith("carbon monoxide alarm sounding?")
    assert call.says(UP_TO_THE_QUOTE[1]).endswith("May I have your name, please?")
    assert call.says(UP_TO_THE_QUOTE[2]) == "Thanks, Sarah Miller. What's the best callback number?"
    assert call.says(UP_TO_THE_QUOTE[3]) == "I have 555, 123, 0000. Is that right?"
    assert call.says(UP_TO_THE_QUOTE[4]).endswith("What's the service address?")
    assert (
        call.says(UP_TO_THE_QUOTE[5]) == "That's 123 Oak Street, Springfield, Ohio. Is that right?"
    )
    quoted = call.says(UP_TO_THE_QUOTE[6])
    assert quoted.endswith("Tonight the visit is $248. Shall I find you a time?")
    assert call.tool("get_pricing_quote")["is_after_hours"] is True
    offered = call.says("Yes, please.")
    assert offered.endswith("I can do tonight 9 to 11 PM, or tomorrow 8 to 10 AM. Which works?")
    assert call.tool("check_availability")["is_emergency"] is True
    assert "gate code or pets?" in call.says("Tonight, nine to eleven.")
    booked = call.says("Gate code one two three four. One friendly dog.")
    assert "tonight 9 to 11 PM" in booked
    assert "$206 deposit" in booked
    assert booked.endswith("Is there anything else?")
    goodbye = call.says("No, that's all. Thank you.")
    assert goodbye == "Thank you for calling CoolCare HVAC. Goodbye."
    assert call.tool("book_appointment") == {
        "customer_name": "Sarah Miller",
        "phone": "+15551230000",
        "email": None,
        "address": "123 Oak Street, Springfield, Ohio",
        "service_type": "repair",
        "description": "My AC stopped cooling and the outdoor unit is rattling. "
        "Gate code one two three four. One friendly dog.",
        "scheduled_time": "2025-08-28T21:00:00-04:00",
        "estimated_cost": 825,
        "is_emergency": True,
        "notes": ["Gate code one two three four.", "One friendly dog."],
    }
    assert call.tools_used == [
        "get_pricing_quote",
        "check_availability",
        "book_appointment",
        "end_call",
    ]


def test_only_one_question_is_asked_a_turn() -> None:
    call = Call()
    for line in (*UP_TO_THE_NOTES, "No, nothing."):
        assert call.says(line).count("?") == 1


def test_no_amount_is_said_that_no_tool_returned() -> None:
    call = Call()
    said = " ".join(call.says(line) for line in (*UP_TO_THE_NOTES, "No, nothing.", "No, thanks."))
    amounts = {word.strip(".,;?") for word in said.split() if word.startswith("$")}
    assert amounts <= {"$248", "$206"}


def test_another_rate_is_said_before_it_is_booked() -> None:
    call = Call()
    said = call.says(*UP_TO_THE_QUOTE, "Yes, please.", "Tomorrow, eight to ten A M, please.")
    assert "$165" in said
    assert "$138 deposit" in said
    assert said.endswith("Shall I go ahead?")
    call.says("Yes, please.", "No, nothing special.")
    booked = call.tool("book_appointment")
    assert booked["estimated_cost"] == 550
    assert booked["scheduled_time"] == MORNING["datetime"]


def test_the_number_on_the_display_is_offered_first() -> None:
    instructions = INSTRUCTIONS + "The caller calls from +15551230145.\n"
    call = Call(instructions=instructions)
    asked = call.says(*UP_TO_THE_QUOTE[:3])
    assert asked.endswith(
        "Is 555, 123, 0145, the number you're calling from, the best one to reach you?"
    )
    assert call.says("Yes, it is.").endswith("What's the service address?")
    other = Call(instructions=instructions)
    assert other.says(*UP_TO_THE_QUOTE[:3], "No.") == "What's the best callback number?"
    assert other.says("555 123 0167.") == "I have 555, 123, 0167. Is that right?"


def test_a_number_with_a_digit_missing_is_asked_for_again() -> None:
    call = Call()
    again = call.says(*UP_TO_THE_QUOTE[:3], "Five five five, one two three, zero zero zero.")
    assert again.startswith("Sorry, I need all ten digits.")
    right = call.says("It is five, five, five. One, two, three. Zero, zero, zero, zero.")
    assert right == "I have 555, 123, 0000. Is that right?"


def test_a_wrong_number_is_taken_anew() -> None:
    call = Call()
    assert call.says(*UP_TO_THE_QUOTE[:4], "No.").endswith("What's the best callback number?")
    assert call.says("555 123 0001") == "I have 555, 123, 0001. Is that right?"
    assert call.says("No, it's 555 123 0002.") == "I have 555, 123, 0002. Is that right?"


@pytest.mark.parametrize(
    ("correction", "address"),
    [
        ("No, it's 132.", "132 Oak Street, Springfield, Ohio"),
        ("No, the house number is one three two.", "132 Oak Street, Springfield, Ohio"),
        ("No, it's Elm Avenue.", "123 Elm Avenue, Springfield, Ohio"),
        ("No, in Urbana, Ohio.", "123 Oak Street, Urbana, Ohio"),
        ("Not 123, 132.", "132 Oak Street, Springfield, Ohio"),
    ],
)
def test_only_the_wrong_part_of_an_address_is_corrected(correction: str, address: str) -> None:
    call = Call()
    said = call.says(*UP_TO_THE_QUOTE[:6], correction)
    assert said.endswith(f"That's {address}. Is that right?")


def test_a_bare_no_to_the_address_is_asked_which_part() -> None:
    call = Call()
    assert call.says(*UP_TO_THE_QUOTE[:6], "No.").endswith("Which part is wrong?")
    assert "132 Oak Street" in call.says("The number. It's 132.")


def test_a_price_is_all_that_a_price_shopper_gets() -> None:
    call = Call()
    call.says("How much does it cost to fix a dripping faucet?")
    quoted = call.says("No, nothing like that.")
    assert "$248" in quoted
    call.says("No, thank you. That's all I wanted to know.")
    assert call.says("No, that's all.").endswith("Goodbye.")
    assert call.tools_used == ["get_pricing_quote", "end_call"]


def test_guidance_comes_before_anything_else() -> None:
    call = Call()
    said = call.says("I smell gas in my house, near the furnace.")
    assert "911" in said
    assert said.endswith("Are you safe and outside?")
    assert call.says("Okay. Everyone is outside now.").endswith("schedule a technician?")
    goodbye = call.says("No, thank you. I will call the gas company now. Goodbye.")
    assert goodbye.endswith("Goodbye.")
    assert call.tools_used == ["end_call"]


def test_a_yes_to_the_question_about_danger_is_a_danger() -> None:
    call = Call()
    assert "911" in call.says("My furnace is broken.", "Yes, a little.")


def test_guidance_that_was_played_is_not_said_again() -> None:
    call = Call()
    call.agent.heard("I smell gas.")
    call.agent.instructed(
        "The caller reported a danger and has just been told: Leave now, call 911."
    )
    assert call.goes_on() == "Are you safe and outside?"


def test_a_caller_who_stays_in_danger_gets_a_person() -> None:
    call = Call()
    call.says("I smell gas.", "No.", "No, I'm still inside.")
    assert call.tool("escalate_to_human")["urgency"] == "urgent"


def test_after_the_danger_a_visit_can_still_be_booked() -> None:
    call = Call()
    call.says("I smell gas.", "Yes, we are outside.", "Yes, please.")
    assert call.last.endswith("May I have your name, please?")


def test_a_caller_who_asks_for_a_person_is_handed_over_at_once() -> None:
    call = Call()
    said = call.says("My AC stopped cooling.", "I'd like to speak to a person, please.")
    assert said == "I'm connecting you with a person."
    assert call.tool("escalate_to_human")["urgency"] == "normal"
    assert "AC stopped" in str(call.tool("escalate_to_human")["summary"])


def test_a_card_number_is_refused_and_never_repeated() -> None:
    call = Call()
    said = call.says(*UP_TO_THE_QUOTE, "Yes, my card is 4242 4242 4242 4242.")
    assert "4242" not in said
    assert "Nothing is paid on this call" in said
    assert said.endswith("Shall I find you a time?")
    assert "4242" not in json.dumps([use.arguments for use in call.used])


def test_asked_again_she_uses_other_words() -> None:
    call = Call()
    first = call.says("My AC stopped cooling.")
    again = call.says("Sorry, could you say that again?")
    assert again not in first
    assert "carbon monoxide" in again


def test_a_cough_is_answered_with_the_question() -> None:
    call = Call()
    call.says("My AC stopped cooling.")
    assert call.says("Uh.").startswith("Sorry, I didn't catch that.")
    call.agent.cut("Sorry,")
    assert not call.says("Um.").startswith("Sorry, I didn't catch that.")


def test_whoever_cannot_be_understood_gets_a_person() -> None:
    call = Call()
    call.says("My AC stopped cooling.", "Wibble.", "Wobble.", "Wubble.", "Webble.")
    assert call.tools_used == ["escalate_to_human"]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("The first one.", TONIGHT),
        ("Tonight, please.", TONIGHT),
        ("Nine to eleven.", TONIGHT),
        ("The second one.", MORNING),
        ("Tomorrow at ten.", LATER),
        ("8 to 10.", MORNING),
        ("Friday morning at eight.", MORNING),
        ("Either is fine.", TONIGHT),
    ],
)
def test_a_window_is_picked_by_day_hour_or_order(words: str, start: Json) -> None:
    call = Call()
    call.says(*UP_TO_THE_QUOTE, "Yes, please.", words)
    if start is not TONIGHT:
        call.says("Yes, please.")
    call.says("No, nothing.")
    assert call.tool("book_appointment")["scheduled_time"] == start["datetime"]


def test_when_neither_window_works_the_third_is_offered() -> None:
    call = Call()
    said = call.says(*UP_TO_THE_QUOTE, "Yes, please.", "Neither works for me.")
    assert said.endswith("I can do tomorrow 10 AM to 12 PM. Does that work?")


def test_a_read_back_that_is_demanded_is_done() -> None:
    refusal: Json = {"error": "read_back_first", "missing": ["phone"], "message": "Read it back."}
    call = Call(answers={"book_appointment": [refusal]})
    said = call.says(*UP_TO_THE_NOTES, "No, nothing.")
    assert said.endswith("I have 555, 123, 0000. Is that right?")
    assert "all set" in call.says("Yes.")
    assert call.tools_used.count("book_appointment") == 2


def test_a_price_that_rose_is_said_before_booking_again() -> None:
    rose: Json = {"error": "price_rose", "message": "Say it first.", "total_estimate": 990}
    call = Call(answers={"book_appointment": [rose]})
    said = call.says(*UP_TO_THE_NOTES, "It's on the rooftop.")
    assert "$990" in said
    assert "all set" in call.says("Yes, go ahead.")
    assert call.tool("book_appointment")["estimated_cost"] == 990


def test_a_window_that_was_taken_is_replaced_by_another() -> None:
    taken: Json = {
        "error": "window_taken",
        "message": "Taken.",
        "available_slots": [MORNING, LATER],
    }
    call = Call(answers={"book_appointment": [taken]})
    said = call.says(*UP_TO_THE_NOTES, "No, nothing.")
    assert said.endswith("I can do tomorrow 8 to 10 AM, or tomorrow 10 AM to 12 PM. Which works?")
    call.says("The first one.", "Yes.")
    assert call.tool("book_appointment")["scheduled_time"] == MORNING["datetime"]


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("The address has no street.", "service address?"),
        ("The phone is too short.", "callback number?"),
    ],
)
def test_a_contact_that_cannot_be_used_is_asked_for_anew(message: str, asks: str) -> None:
    bad: Json = {"error": "bad_contact", "message": message}
    call = Call(answers={"book_appointment": [bad]})
    assert call.says(*UP_TO_THE_NOTES, "No, nothing.").endswith(asks)


def test_a_booking_that_keeps_failing_goes_to_a_person() -> None:
    error: Json = {"error": "bad_arguments", "message": "No."}
    call = Call(answers={"book_appointment": [dict(error) for _ in range(5)]})
    call.says(*UP_TO_THE_NOTES, "No, nothing.")
    assert call.tools_used[-1] == "escalate_to_human"


def test_a_full_calendar_takes_a_message() -> None:
    call = Call(answers={"check_availability": [{"available_slots": []}]})
    assert call.says(*UP_TO_THE_QUOTE, "Yes, please.").endswith("What's the message?")
    call.says("Please call me when you have time.")
    assert call.tool("take_message") == {
        "name": "Sarah Miller",
        "phone": "+15551230000",
        "message": "Please call me when you have time.",
    }


def test_after_the_booking_a_note_can_still_be_added() -> None:
    call = Call()
    call.says(*UP_TO_THE_NOTES, "No, nothing.", "Please tell them the bell is broken.")
    assert call.tool("add_note") == {"note": "Please tell them the bell is broken."}


def test_exact_words_are_said_exactly_and_what_was_heard_is_not_lost() -> None:
    agent = Receptionist()
    agent.brief(INSTRUCTIONS, tools())
    agent.heard("My AC stopped cooling.")
    words = "Thanks for calling. I'm an AI. How can I help?"
    assert agent.respond(f"Say exactly: {words}") == [Say(words)]
    acts = agent.respond()
    assert isinstance(acts[0], Say)
    assert acts[0].text.endswith("carbon monoxide alarm sounding?")


def test_a_call_that_was_cut_off_before_it_went_out_is_made_again() -> None:
    call = Call()
    call.says(*UP_TO_THE_QUOTE[:6])
    call.agent.heard("Yes, that's right.")
    acts = call.agent.respond()
    use = next(act for act in acts if isinstance(act, Use))
    call.agent.unsent(use)
    call.agent.heard("Are you still there, hello.")
    assert use in call.agent.respond()


def test_what_was_not_heard_is_taken_back() -> None:
    agent = Receptionist()
    agent.brief(INSTRUCTIONS, tools())
    agent.heard("My AC stopped cooling.")
    agent.respond()
    agent.heard("No smells.")
    agent.respond()
    agent.heard("Sarah")
    agent.respond()
    agent.take_back()
    agent.heard("Miller.")
    assert agent.respond() == [Say("Thanks, Sarah Miller. What's the best callback number?")]


def test_a_goodbye_is_not_answered_but_a_question_after_it_is() -> None:
    call = Call()
    call.says(*UP_TO_THE_NOTES, "No, nothing.", "No, that's all.")
    assert call.says("Bye!") == ""
    assert call.says("Wait, what about my filter?") != ""


def test_she_says_that_she_is_an_ai() -> None:
    said = Call().says("Are you a robot?")
    assert "I'm an AI assistant for CoolCare HVAC." in said


def test_without_a_clip_she_greets_with_the_disclosure_herself() -> None:
    agent = Receptionist()
    agent.brief(INSTRUCTIONS, tools())
    acts = agent.respond()
    assert isinstance(acts[0], Say)
    assert "AI" in acts[0].text
    assert "recorded" in acts[0].text


def test_when_nobody_can_be_reached_a_message_is_taken() -> None:
    call = Call(answers={"escalate_to_human": [{"mode": "callback", "message": "Take a message."}]})
    said = call.says("I'd like to speak to a person, please.")
    assert said.endswith("May I have your name, please?")
    call.says("John Baker.", "555 123 0145.", "Yes.", "My heater is cold, please call.")
    assert call.tool("take_message")["message"] == "My heater is cold, please call."
    assert call.says("No, thanks.").endswith("Goodbye.")


@pytest.mark.parametrize(
    ("correction", "answer"),
    [
        (
            "Actually, the house number is 132.",
            "That's 132 Oak Street, Springfield, Ohio. Is that right?",
        ),
        ("Sorry, my number is 555 123 0009.", "I have 555, 123, 0009. Is that right?"),
        ("Actually, make it tomorrow at eight.", "with a $138 deposit. Shall I go ahead?"),
    ],
)
def test_what_was_settled_can_be_corrected_later(correction: str, answer: str) -> None:
    call = Call()
    said = call.says(*UP_TO_THE_NOTES, correction)
    assert said.endswith(answer)
    assert call.says("Yes.").endswith("like a gate code or pets?")


def test_a_problem_with_the_words_of_a_request_is_still_a_problem() -> None:
    call = Call()
    assert "carbon monoxide" in call.says("I can't get any hot water, can you get me a technician?")
    assert call.used == []


def test_a_number_said_twice_is_no_card() -> None:
    call = Call()
    said = call.says(*UP_TO_THE_QUOTE[:3], "555 123 0000. 555 123 0000.")
    assert said == "I have 555, 123, 0000. Is that right?"


def test_a_time_that_was_not_offered_is_looked_for_in_the_callers_words() -> None:
    call = Call(answers={"check_availability": [{"available_slots": [TONIGHT, MORNING]}]})
    call.says(*UP_TO_THE_QUOTE, "Yes, please.", "Tomorrow at ten.")

    asked = call.tool("check_availability")
    assert asked["preferred_date"] == "2025-08-29"
    assert asked["when"] == "Tomorrow at ten."
