"""Name, phone and address are read back by code, and only the caller's answer settles them."""

import json
from datetime import UTC, datetime

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from shared.domain.moments import CallMoment, Wordings
from shared.domain.read_back import (
    TERMS,
    Detail,
    Recitation,
    address_detail,
    name_detail,
    phone_detail,
    recitation,
)
from tests.scripted import ScriptedCall

CALLER = "+15551230000"
NAME, PHONE, ADDRESS = "Sarah Miller", CALLER, "123 Oak St, Springfield, OH"
ALOUD = "123 Oak Street, Springfield, Ohio"
DETAILS = {"name": NAME, "phone": PHONE, "address": ADDRESS}
BOOKING = {"customer_name": NAME, "phone": PHONE, "address": ADDRESS}
ALL = recitation(
    (name_detail(NAME), phone_detail(PHONE, None), address_detail(ADDRESS, ALOUD)), Wordings()
)
THIS_NUMBER = recitation(
    (name_detail(NAME), phone_detail(PHONE, CALLER), address_detail(ADDRESS, ALOUD)), Wordings()
)


def after(times: int) -> Wordings:
    """Where something was read so often before."""
    wordings = Wordings()
    for _ in range(times):
        wordings.next(CallMoment.READ_BACK, all="")
        wordings.next(CallMoment.TERMS, all="")
    return wordings


def of_address(value: str, words: str) -> Recitation:
    return recitation((address_detail(value, words),), after(1))


def confirms(call: ScriptedCall, details: object = DETAILS, said: Recitation = ALL) -> do.RunTool:
    """The model calls confirm_details, which is run and answers with a sentence."""
    tool = call.calls_tool("confirm_details", json.dumps(details))
    run = call.all(do.RunTool)[-1]
    assert (run.call_id, run.name) == (tool, "confirm_details")
    call.tool_answers(tool, '{"asking":true}', recitation=said)
    return run


def read_back(said: Recitation = ALL, details: object = DETAILS) -> ScriptedCall:
    """All of it was read back to its end."""
    call = ScriptedCall().live()
    confirms(call, details, said)
    assert call.asked.sentence == said.sentence
    call.agent_says(said.sentence)
    call.wait(1_200)
    return call


def book(call: ScriptedCall, booking: object = BOOKING) -> str:
    return call.calls_tool("book_appointment", json.dumps(booking))


def runs(call: ScriptedCall) -> list[tuple[str, tuple[str, ...]]]:
    """What was run: each tool, and what it was told to be confirmed."""
    return [(run.name, run.confirmed) for run in call.all(do.RunTool)]


def refusals(call: ScriptedCall) -> list[list[str]]:
    answers = [json.loads(answer.output) for answer in call.all(do.AnswerTool)]
    return [a["missing"] for a in answers if a.get("error") == "read_back_first"]


# -- the sentence ------------------------------------------------------------------------------


def test_the_sentence_is_said_in_place_of_an_answer_of_the_model() -> None:
    call = ScriptedCall().live()
    confirms(call)

    assert call.asked == do.Respond("r1", sentence=ALL.sentence)
    assert len(call.all(do.Respond)) == 1


def test_what_was_heard_of_it_is_put_into_the_conversation() -> None:
    call = read_back()

    assert call.all(do.TellSpoken)[-1] == do.TellSpoken(ALL.sentence)
    assert not [c for c in call.done if isinstance(c, do.Truncate | do.ForgetItem)]


def test_a_sentence_read_in_other_words_is_never_heard_and_read_once_more() -> None:
    call = ScriptedCall().live()
    confirms(call)
    item = call.agent_says(ALL.sentence.replace("123 Oak", "125 Oak"))
    call.wait(1_000)
    assert item not in call.heard
    assert call.asked == do.Respond(call.asked.request_id, sentence=ALL.sentence)
    call.agent_says(ALL.sentence.replace("123 Oak", "125 Oak"))

    assert call.end().failure == "response_failed"


# -- a yes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    ["Yes.", "Yeah, that's right.", "Uh-huh", "Correct. How much is it?", "Yep, thanks so much!",
     "Yes, 123 Oak Street.", "That's right, when can you come?", "Yes, and I have a dog."],
)  # fmt: skip
def test_a_yes_confirms_all_that_was_heard(answer: str) -> None:
    call = read_back()
    call.caller_says(answer)
    book(call)

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address"))


@pytest.mark.parametrize(
    "address",
    ["123 Oak Street", "123 oak st., Springfield, Ohio 45501", "one twenty-three Oak Street"],
)
@pytest.mark.parametrize("phone", ["555-123-0000", "+1 555 123 0000", "five five five 123 0000"])
def test_the_same_number_and_house_are_known_however_they_are_spelled(
    phone: str, address: str
) -> None:
    call = read_back()
    call.caller_says("Yes.")
    book(call, {**BOOKING, "phone": phone, "address": address})

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address"))


def test_the_number_they_call_from_is_confirmed_by_that_name() -> None:
    call = read_back(THIS_NUMBER)
    assert "the number you're calling from" in THIS_NUMBER.sentence
    call.caller_says("Yes.")
    book(call, {**BOOKING, "phone": "this number"})

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address"))


def test_a_booking_that_comes_before_the_words_of_the_yes_waits_for_them() -> None:
    call = read_back()
    user = call.caller_says("Yes.", words=False)
    book(call)
    assert runs(call)[-1][0] == "confirm_details"
    call.feed(ev.CallerSaid(call.at_ms, user, "Yes."))

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address"))


def test_what_the_caller_talks_about_after_a_yes_takes_nothing_back() -> None:
    call = read_back()
    call.caller_says("Yes.")
    call.exchange("Great, I'm booking 123 Oak Street for two to four.", "No, I mean four to six.")
    book(call)

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address"))


# -- no yes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", ["Thank you for watching!", "시청해주셔서 감사합니다!", "What?", "Hold on a second.",
               "Yes, but the house is yellow.", "Um..."],
)  # fmt: skip
def test_words_that_are_neither_let_it_be_booked_unconfirmed(answer: str) -> None:
    call = read_back()
    call.caller_says(answer)
    book(call)

    assert runs(call)[-1] == ("book_appointment", ())


@pytest.mark.parametrize(
    "answer",
    ["No.", "No, it's 125 Oak.", "That's not right.", "Nope", "Yes, but it's 125 Oak Street.",
     "That's the wrong street.", "It's 937 555 0143."],
)  # fmt: skip
def test_a_no_is_read_back_again_before_anything_is_booked(answer: str) -> None:
    call = read_back()
    call.caller_says(answer)
    tool = book(call)
    assert runs(call)[-1] == ("confirm_details", ())
    call.tool_answers(tool, '{"asking":true}', recitation=ALL)

    assert refusals(call) == [["name", "phone", "address"]]
    assert call.all(do.Respond)[-1].sentence is None  # the caller's turn is answered first


def test_what_is_corrected_is_read_back_alone_and_a_yes_is_one_to_the_rest() -> None:
    call = read_back()
    call.caller_says("No, it's 125 Oak Street.")
    call.agent_says("Sorry about that.")
    call.wait(1_200)
    other = of_address("125 Oak St", "125 Oak Street")
    run = confirms(call, {**DETAILS, "address": "125 Oak St"}, other)
    assert set(run.confirmed) == {"name", "phone"}
    call.agent_says(other.sentence)
    call.wait(1_200)
    call.caller_says("Yes.")
    book(call, {**BOOKING, "address": "125 Oak St"})

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address"))


@pytest.mark.parametrize(
    "address",
    ["125 Oak St", "12 Oak St", "123 Elm St", "123 1/2 Oak St", "123 Oak St, Dayton, OH",
     "123 Oak St, Alright 45502"],
)  # fmt: skip
def test_another_house_was_not_read_back(address: str) -> None:
    call = read_back()
    call.caller_says("Yes.")
    book(call, {**BOOKING, "address": address})

    assert runs(call)[-1] == ("confirm_details", ("name", "phone"))


def test_what_was_cut_off_before_the_address_was_heard_is_not_settled() -> None:
    call = ScriptedCall().live()
    confirms(call)
    call.agent_says(ALL.sentence, 4_000)
    call.wait(1_000)
    call.caller_says("Yes.")
    book(call)

    assert runs(call)[-1][0] == "confirm_details"


@pytest.mark.parametrize("silence", ["noise", "failed", "nothing"])
def test_silence_noise_and_words_that_never_come_settle_nothing(silence: str) -> None:
    call = read_back()
    if silence == "noise":
        call.caller_says("", words=True)
    elif silence == "failed":
        item = call.caller_says("", words=False)
        call.feed(ev.CallerUnheard(call.at_ms, item))
    book(call)

    assert runs(call)[-1][0] == "confirm_details"


# -- a booking without it --------------------------------------------------------------------------


def test_a_model_that_skips_the_read_back_has_it_done_for_it() -> None:
    call = ScriptedCall().live()
    tool = book(call)
    assert call.all(do.RunTool)[-1].arguments == {**DETAILS, "booking": BOOKING}
    call.tool_answers(tool, '{"asking":true}', recitation=ALL)
    assert refusals(call) == [["name", "phone", "address"]]
    call.agent_says(ALL.sentence)
    call.wait(1_200)
    call.caller_says("Yes.")
    book(call)

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address"))


def test_a_booking_before_the_caller_has_answered_is_told_to_wait() -> None:
    call = read_back()
    tool = book(call)

    (answer,) = [json.loads(a.output) for a in call.all(do.AnswerTool) if a.call_id == tool]
    assert "Let the caller answer" in answer["message"]
    assert len(call.all(do.RunTool)) == 1
    assert len(call.all(do.Respond)) == 1


def test_what_they_said_no_to_is_never_booked_however_often_it_is_tried() -> None:
    call = read_back()
    for _ in range(5):
        call.caller_says("No.")
        tool = book(call)
        call.tool_answers(tool, '{"asking":true}', recitation=ALL)
        while call.outstanding is not None:
            call.agent_says(call.asked.sentence or "Sorry.")
        call.wait(1_200)
    call.caller_says("No.")
    book(call)

    assert runs(call)[-1][0] == "confirm_details"


# -- the terms -------------------------------------------------------------------------------------

START, LATER = "2025-08-28T21:00:00-04:00", "2025-08-29T08:00:00-04:00"
VISIT = {**BOOKING, "scheduled_time": START}


def terms(start: str = START, times: int = 0) -> Recitation:
    at = datetime.fromisoformat(start).astimezone(UTC).isoformat()
    return recitation((Detail(TERMS, at, f"the visit at {start[11:13]}, $248"),), after(times))


def asked_to_book(said: Recitation | None = None, visit: object = VISIT) -> ScriptedCall:
    """The details were confirmed, a window was picked, and the terms of it were read."""
    call = read_back()
    call.caller_says("Yes.")
    tool = book(call, visit)
    assert runs(call)[-1] == ("confirm_details", ("name", "phone", "address"))
    call.tool_answers(tool, '{"asking":true}', recitation=said or terms())
    while call.outstanding is not None:
        call.agent_says(call.asked.sentence or "Sure.")
    call.wait(3_000)
    return call


def test_where_the_details_are_asked_first_the_terms_are_not_said_to_be_asked() -> None:
    call = ScriptedCall().live()
    for said in (ALL, terms()):
        tool = book(call, VISIT)
        call.tool_answers(tool, '{"asking":true}', recitation=said)
        while call.outstanding is not None:
            call.agent_says(call.asked.sentence or "Sure.")
        call.wait(3_000)
        call.caller_says("Yes.")
    book(call, VISIT)

    assert refusals(call) == [["name", "phone", "address"], ["terms"]]
    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address", "terms"))


@pytest.mark.parametrize("answer", ["Yes.", "Sure, go ahead.", "Okay.", "That works."])
def test_a_yes_to_the_terms_books(answer: str) -> None:
    call = asked_to_book()
    assert call.all(do.TellSpoken)[-1].text.endswith("Shall I book?")
    call.caller_says(answer)
    book(call, VISIT)

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address", "terms"))


@pytest.mark.parametrize("answer", ["Hm.", "How long does it take?", "Hold on.", "No."])
def test_anything_but_a_yes_to_the_terms_has_them_asked_again(answer: str) -> None:
    call = asked_to_book()
    call.caller_says(answer)
    book(call, VISIT)

    assert runs(call)[-1][0] == "confirm_details"


def test_another_window_has_terms_of_its_own_and_details_are_not_read_again() -> None:
    call = asked_to_book()
    call.caller_says("No, tomorrow at eight, please.")
    tool = book(call, {**VISIT, "scheduled_time": LATER})
    assert runs(call)[-1] == ("confirm_details", ("name", "phone", "address"))
    call.tool_answers(tool, '{"asking":true}', recitation=terms(LATER, 1))
    while call.outstanding is not None:
        call.agent_says(call.asked.sentence or "Sure.")
    call.wait(3_000)
    call.caller_says("Yes.")
    book(call, {**VISIT, "scheduled_time": "2025-08-29T12:00:00+00:00"})

    assert runs(call)[-1] == ("book_appointment", ("name", "phone", "address", "terms"))


def test_another_name_than_was_read_back_is_read_back() -> None:
    call = asked_to_book()
    call.caller_says("Yes.")
    book(call, {**VISIT, "customer_name": "Valued Customer"})

    assert runs(call)[-1][0] == "confirm_details"


@pytest.mark.parametrize("arguments", ["", "[]", "null", "{", '"x"', '{"phone":7,"address":[]}'])
def test_arguments_of_any_shape_are_left_to_the_tool_to_refuse(arguments: str) -> None:
    call = ScriptedCall().live()
    call.calls_tool("book_appointment", arguments)

    assert runs(call) == [("book_appointment", ())]
