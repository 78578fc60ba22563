"""Only the caller's own words, heard after a read-back and meaning yes, confirm what was read."""

import json

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.read_back import ReadBack
from services.media_bridge.wire.realtime.tool_arguments import parsed
from tests.scripted import ScriptedCall

READ = "I have 937, 555, 0142, and 123 Oak Street. Is that right?"
BOOKING = {
    "customer_name": "Sarah Miller",
    "phone": "+19375550142",
    "address": "123 Oak St, Springfield, OH",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "notes": ["Gate code 1234"],
}


def book(call: ScriptedCall) -> str:
    return call.calls_tool("book_appointment", json.dumps(BOOKING))


def missing(call: ScriptedCall) -> list[list[str]]:
    answers = [json.loads(answer.output) for answer in call.all(do.AnswerTool)]
    return [answer["missing"] for answer in answers if answer.get("error") == "read_back_first"]


def confirmed(call: ScriptedCall) -> list[tuple[str, ...]]:
    return [run.confirmed for run in call.all(do.RunTool)]


def read_back(said: str = READ) -> ScriptedCall:
    call = ScriptedCall().live()
    call.agent_says(said)
    call.wait(1200)
    return call


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Thank you for watching!",
        "시청해주셔서 감사합니다!",
        "Sí.",
        "Hold on a second.",
        "Um...",
        "What?",
        "Could you repeat that?",
        "That's not okay.",
        "Close, but it's 125 Oak.",
        "It's 937 555 0143.",
        "Bye.",
        "Okay, let me check with my wife.",
    ],
)
def test_what_is_no_plain_yes_confirms_nothing(answer: str) -> None:
    call = read_back()
    call.caller_says(answer)
    book(call)

    assert missing(call) == [["phone", "address"]]
    assert confirmed(call) == []


def test_a_noise_without_a_transcript_confirms_nothing() -> None:
    call = read_back()
    call.caller_says("", words=False)
    call.wait(1300)
    book(call)

    assert missing(call) == [["phone", "address"]]


def test_a_failed_transcription_confirms_nothing() -> None:
    call = read_back()
    user = call.caller_says("Yes.", words=False)
    call.feed(ev.CallerUnheard(call.at_ms, user))
    book(call)

    assert missing(call) == [["phone", "address"]]


def test_silence_confirms_nothing() -> None:
    call = read_back()
    call.wait(5000)
    book(call)

    assert missing(call) == [["phone", "address"]]


def test_a_noise_before_the_yes_leaves_the_question_open_for_it() -> None:
    call = read_back()
    call.caller_says("")
    call.caller_says("Hold on.")
    call.caller_says("Yes, that's right.")
    book(call)

    assert confirmed(call) == [("phone", "address")]


def test_other_digits_after_a_yes_take_it_back() -> None:
    call = read_back()
    call.caller_says("Yes.")
    call.caller_says("It's 125 Oak, though.")
    call.caller_says("Yes.")
    book(call)

    assert missing(call) == [["phone", "address"]]


def test_a_booking_that_comes_before_the_words_of_the_yes_waits_for_them() -> None:
    call = read_back()
    user = call.caller_says("Yes.", words=False)
    tool = book(call)
    book_again = call.feed(ev.ToolCalled(call.at_ms, "R0", tool, "book_appointment", BOOKING))
    call.wait(300)
    assert (confirmed(call), missing(call), book_again) == ([], [], [])
    call.feed(ev.CallerSaid(call.at_ms, user, "Yes."))

    assert confirmed(call) == [("phone", "address")]
    assert [run.call_id for run in call.all(do.RunTool)] == [tool]


def test_a_booking_waits_for_words_that_never_come_for_a_second_only() -> None:
    call = read_back()
    call.caller_says("Yes.", words=False)
    book(call)
    call.wait(1300)

    assert missing(call) == [["phone", "address"]]


def test_a_yes_to_another_question_confirms_no_number_that_was_mentioned() -> None:
    call = read_back("Thanks, I have 937, 555, 0142, and 123 Oak Street. Shall I find you a time?")
    call.caller_says("Yes.")
    book(call)

    assert missing(call) == [["phone", "address"]]


def test_a_yes_after_the_question_whether_the_caller_is_there_confirms_nothing() -> None:
    call = read_back()
    call.wait(21_000)
    call.agent_says("Are you still there?", asked=True)
    call.wait(1200)
    call.caller_says("Yes.")
    book(call)

    assert missing(call) == [["phone", "address"]]


def test_a_reply_that_nobody_heard_is_not_what_a_yes_answers() -> None:
    call = read_back()
    call.caller_says("Well,", words=False)
    call.agent_says("Sorry, which street was it?")  # held back, and dropped when she goes on
    call.caller_says("Yes, that's right.")
    call.wait(1300)
    book(call)

    assert confirmed(call) == [("phone", "address")]


def test_a_number_mentioned_again_in_passing_stays_confirmed() -> None:
    call = read_back()
    call.caller_says("Yes.")
    call.exchange("Great, we will text 937, 555, 0142. What day suits you?", "Tomorrow at 9.")
    book(call)

    assert confirmed(call) == [("phone", "address")]


def test_a_number_asked_about_again_and_not_answered_is_open_again() -> None:
    call = read_back()
    call.caller_says("Yes.")
    call.exchange("Let me check, 937, 555, 0142, is that right?", "Hold on.")
    book(call)

    assert missing(call) == [["phone"]]


def test_phone_and_address_are_each_confirmed_by_their_own_yes() -> None:
    call = read_back("I have 937, 555, 0142. Is that right?")
    call.caller_says("Yes.")
    call.exchange("And 123 Oak Street, is that right?", "Thank you for watching!")
    for _ in range(4):
        book(call)

    assert missing(call) == [["address"]] * 3
    assert confirmed(call) == [("phone",)]


def test_what_is_never_read_back_well_passes_unconfirmed_after_three_refusals() -> None:
    call = read_back()
    for _ in range(4):
        call.exchange(READ, "What?")
        book(call)

    assert missing(call) == [["phone", "address"]] * 3
    assert confirmed(call) == [()]


def test_a_noise_does_not_answer_the_question_for_notes() -> None:
    call = read_back()
    call.caller_says("Yes.")
    call.exchange("Anything the technician should know, like a gate code or pets?", "")
    call.calls_tool("book_appointment", json.dumps({**BOOKING, "notes": None}))

    assert missing(call) == [["notes"]]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"phone": "937-555-0142 ext 12"}, "937, 555, 0142, and 123 Oak Street"),
        ({"phone": "+19375550142;ext=555"}, "937, 555, 0142, extension 555, and 123 Oak Street"),
        ({"address": "Apartment 4, 123 Oak St"}, "937, 555, 0142, and 123 Oak Street"),
        ({"address": "65-43 Austin St"}, "937, 555, 0142, and 65-43 Austin Street"),
        ({"address": "208 1/2 W Oak St"}, "937, 555, 0142, and 208 and a half West Oak Street"),
        ({"address": "N6W23001 Oak St"}, "937, 555, 0142, and N6 W23001 Oak Street"),
        ({"address": "1873 State Route 6"}, "937, 555, 0142, and 1873 State Route 6"),
    ],
)
def test_the_number_and_the_house_are_known_by_their_own_digits(
    given: dict[str, str], read: str
) -> None:
    call = read_back(f"I have {read}. Is that right?")
    call.caller_says("Yes.")
    call.calls_tool("book_appointment", json.dumps({**BOOKING, **given}))

    (names,) = confirmed(call)
    assert {"phone", "address"} <= set(names)


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("208 1/2 W Oak St", "208 West Oak Street"),
        ("Apartment 4, 123 Oak St", "apartment 4, Oak Street"),
    ],
)
def test_another_house_was_not_read_back(address: str, read: str) -> None:
    call = read_back(f"I have 937, 555, 0142, and {read}. Is that right?")
    call.caller_says("Yes.")
    call.calls_tool("book_appointment", json.dumps({**BOOKING, "address": address}))

    assert missing(call) == [["address"]]


WITHOUT_NOTES = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "address": "123 Oak St, Springfield, OH",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
}


def book_without_notes(call: ScriptedCall, **changes: object) -> str:
    return call.calls_tool("book_appointment", json.dumps({**WITHOUT_NOTES, **changes}))


def ready_to_book() -> ScriptedCall:
    call = ScriptedCall().live()
    call.exchange("May I have your name, please?", "Sarah Miller")
    call.exchange("Thanks, Sarah Miller. What's the best callback number?", "555 123 0000")
    call.exchange("I have 555, 123, 0000. Is that right?", "Yes.")
    call.exchange("That's 123 Oak Street, Springfield, Ohio. Is that right?", "Yes.")
    call.exchange("Anything the technician should know, like a gate code or pets?", "Gate 1234.")
    return call


def test_a_booking_runs_when_all_was_read_back_and_the_notes_asked() -> None:
    call = ready_to_book()
    book_without_notes(call)

    (run,) = call.all(do.RunTool)
    assert run.confirmed == ("name", "phone", "address")


def test_a_model_that_skips_the_read_back_is_sent_back() -> None:
    call = ScriptedCall().live()
    call.exchange("What's the best callback number?", "555 123 0000")
    book_without_notes(call)

    assert call.all(do.RunTool) == []
    assert missing(call) == [["phone", "address", "notes"]]
    (turn,) = [t for t in call.all(do.NoteTurn) if t.role == "tool"]
    assert "read_back_first" in (turn.result or "")
    assert len(call.all(do.Respond)) == 0
    call.wait(1600)
    assert len(call.all(do.Respond)) == 1


def test_a_read_back_that_the_caller_has_not_answered_does_not_count() -> None:
    call = ready_to_book()
    call.agent_says("So that's 999, 888, 7777. Is that right?")
    call.wait(1200)
    book_without_notes(call, phone="+19998887777")

    assert missing(call) == [["phone"]]


def test_a_denied_read_back_does_not_count_until_it_is_corrected() -> None:
    call = ready_to_book()
    call.exchange("That's 132 Oak Street. Is that right?", "No, it's wrong.")
    book_without_notes(call, address="132 Oak St, Springfield, OH")
    assert missing(call) == [["address"]]
    call.exchange("Sorry, 134 Oak Street. Is that right?", "Yes, that's right.")
    book_without_notes(call, address="134 Oak St, Springfield, OH")

    assert len(call.all(do.RunTool)) == 1


def test_notes_given_in_the_arguments_need_no_question() -> None:
    call = ScriptedCall().live()
    call.exchange("I have 555, 123, 0000. Is that right?", "Yes.")
    call.exchange("123 Oak Street, Springfield. Is that right?", "Yes.")
    book_without_notes(call, notes=["Gate code 1234"])

    assert len(call.all(do.RunTool)) == 1


def test_a_read_back_cut_off_before_the_number_does_not_count() -> None:
    call = ready_to_book()
    call.agent_says("Let me read the number back to you, I have 999, 888, 7777. Right?", 4000)
    call.wait(1000)
    call.caller_says("Yes yes.")
    book_without_notes(call, phone="+19998887777")

    assert missing(call) == [["phone"]]


def test_after_three_refusals_a_booking_passes_unconfirmed() -> None:
    call = ScriptedCall().live()
    call.exchange("Let me book that.", "Please.")
    for _ in range(4):
        book_without_notes(call)

    assert len(missing(call)) == 3
    (run,) = call.all(do.RunTool)
    assert run.confirmed == ()


def test_without_transcripts_of_the_agent_booking_stays_possible() -> None:
    call = ScriptedCall().live()
    book_without_notes(call)

    (run,) = call.all(do.RunTool)
    assert run.confirmed == ()


@pytest.mark.parametrize(
    "said",
    [
        "I have five five five, one two three, zero zero zero zero.",
        "That's 5-5-5, 1-2-3, oh oh oh oh, right?",
        "(555) 123-0000, correct?",
        "So triple five, one two three, and then 0000.",
    ],
)
def test_a_phone_number_is_recognised_however_it_is_read(said: str) -> None:
    assert confirmed_after(said) == ("phone",)


@pytest.mark.parametrize(
    "said",
    [
        "That's one twenty-three Oak Street, right?",
        "1-2-3 Oak Street in Springfield.",
        "One hundred twenty three Oak Street?",
        "I have one two three, Oak Street, Springfield, Ohio.",
    ],
)
def test_an_address_is_recognised_however_it_is_read(said: str) -> None:
    assert confirmed_after(said) == ("address",)


@pytest.mark.parametrize(
    "said",
    ["What's the address?", "123 Elm Street?", "125 Oak Street?", "Your number is 555 123."],
)
def test_other_words_confirm_nothing(said: str) -> None:
    assert confirmed_after(said) == ()


def confirmed_after(said: str) -> tuple[str, ...]:
    read_back = ReadBack()
    read_back.agent_said("a1", said)
    read_back.caller_stopped("u1")
    read_back.caller_said("u1", "Yes.")
    return read_back.confirmed(WITHOUT_NOTES)


@pytest.mark.parametrize("arguments", ["", "[]", "null", "{", '"x"', '{"phone":7,"address":[]}'])
def test_arguments_of_any_shape_are_left_to_the_tool_to_refuse(arguments: str) -> None:
    read_back = ReadBack()
    read_back.agent_said("a1", "Anything the technician should know?")
    read_back.caller_stopped("u1")
    read_back.caller_said("u1", "No.")

    booking = parsed(arguments)
    assert read_back.refusal(booking) is None
    assert read_back.confirmed(booking) == ()
