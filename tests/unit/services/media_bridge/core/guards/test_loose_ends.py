"""end_call never closes on an open question, an open tool or something that was refused."""

import json

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.phases import Phase
from shared.domain.moments import Wordings
from shared.domain.outcomes import EndReason
from shared.domain.read_back import address_detail, phone_detail, recitation
from tests.moments import GOODBYE
from tests.scripted import ScriptedCall

TAKEN = '{"error":"slot_taken","message":"Somebody was quicker."}'
BOOKED = '{"job_id":"j1","say":"You are booked."}'
BYE = "Thank you for calling. Goodbye."


NEEDED = {"phone": "+15551230000", "address": "123 Oak St, Springfield, OH"}


def is_live(call: ScriptedCall) -> bool:
    return call.session.phase is Phase.LIVE


def ready_to_book() -> ScriptedCall:
    """All was read back, so that our own read-back check lets a booking through."""
    call = ScriptedCall().live()
    parts = (
        phone_detail(NEEDED["phone"], None),
        address_detail(NEEDED["address"], "123 Oak Street"),
    )
    said = recitation(parts, Wordings())
    tool = call.calls_tool("confirm_details", json.dumps({"name": "Sarah", **NEEDED}))
    call.tool_answers(tool, '{"asking":true}', recitation=said)
    call.exchange(said.sentence, "Yes.")
    call.exchange("Anything the technician should know, like a gate code or pets?", "Gate 1234.")
    call.besides.clear()
    return call


def book(call: ScriptedCall, response: str, output: str | None = None) -> str:
    tool = call.calls_tool("book_appointment", json.dumps(NEEDED), response_id=response)
    assert call.all(do.RunTool)[-1].call_id == tool
    if output is not None:
        call.tool_answers(tool, output)
    return tool


def replying(caller: str = "Yes, book it.") -> tuple[ScriptedCall, str]:
    call = ScriptedCall().live()
    call.caller_says(caller)
    return call, call.starts()


def end_call(call: ScriptedCall, response: str) -> str:
    """The model calls end_call; where it is run its answer comes at once."""
    tool = call.calls_tool("end_call", '{"reason":"completed"}', response_id=response)
    if any(run.call_id == tool for run in call.all(do.RunTool)):
        call.tool_answers(tool, '{"ended":true}', hang_up=True)
    return tool


def answer(call: ScriptedCall, tool: str) -> dict[str, object]:
    (output,) = [a.output for a in call.all(do.AnswerTool) if a.call_id == tool]
    return dict(json.loads(output))


def refused_beside_goodbye() -> ScriptedCall:
    """'You are booked, goodbye', book_appointment and end_call in one response; refused."""
    call = ready_to_book()
    response = call.starts()
    call.speaks(response, "You're booked, goodbye!", over=False)
    book(call, response, TAKEN)
    tool = end_call(call, response)
    call.ends(response)
    assert answer(call, tool)["error"] == "not_yet"
    return call


def test_an_end_call_with_nothing_open_ends_the_call() -> None:
    call, response = replying("That's all, thanks.")
    call.speaks(response, BYE, over=False)
    tool = end_call(call, response)
    call.ends(response)
    assert answer(call, tool) == {"ended": True}
    call.wait(1_100)

    assert call.end() == do.EndCall(EndReason.GOODBYE)


# -- something was refused -----------------------------------------------------------------


def test_an_end_call_beside_a_refused_booking_does_not_hang_up() -> None:
    call = refused_beside_goodbye()
    call.wait(3_000)

    assert is_live(call)
    assert "book_appointment was refused" in call.all(do.AnswerTool)[-1].output
    assert len(call.besides) == 1  # so that the model tells it


def test_nor_beside_a_booking_that_our_own_read_back_refused() -> None:
    call, response = replying()
    call.exchange("Where is it?", "On Oak Street.")
    response = call.starts()
    tool = call.calls_tool("book_appointment", '{"phone":"+15551230000","address":"1 Oak St"}')
    said = recitation((address_detail("1 Oak St", "1 Oak Street"),), Wordings())
    call.tool_answers(tool, '{"asking":true}', recitation=said)
    tool = end_call(call, response)

    assert answer(call, tool)["error"] == "not_yet"


def test_a_goodbye_in_the_next_response_is_no_telling() -> None:
    call = refused_beside_goodbye()
    response = call.starts(call.asked.request_id)
    call.speaks(response, BYE, over=False)
    tool = end_call(call, response)
    call.ends(response)
    call.wait(1_600)

    assert answer(call, tool)["error"] == "not_yet"
    assert len(call.besides) == 2


def test_a_refusal_that_was_told_and_answered_is_over() -> None:
    call = refused_beside_goodbye()
    call.agent_says("I'm sorry, that window was just taken.", asked=True)
    call.wait(1_500)
    call.caller_says("Never mind then, bye.")
    response = call.starts()
    call.speaks(response, BYE, over=False)
    end_call(call, response)
    call.ends(response)
    call.wait(1_100)

    assert call.end() == do.EndCall(EndReason.GOODBYE)


def test_a_model_that_was_held_back_and_spoke_again_may_end_the_call() -> None:
    call = refused_beside_goodbye()
    for _ in range(2):
        response = call.starts(call.asked.request_id)
        call.speaks(response, "It is not booked, I'm sorry. Goodbye.", over=False)
        end_call(call, response)
        call.ends(response)
        call.wait(1_600)

    assert call.end() == do.EndCall(EndReason.GOODBYE)


def test_a_model_that_only_ever_ends_the_call_is_left_for_a_human() -> None:
    call = refused_beside_goodbye()
    for _ in range(3):
        response = call.starts(call.asked.request_id)
        end_call(call, response)
        call.ends(response)

    assert call.all(do.NoteCall)[-1].escalate == "refusal_untold"


def test_a_booking_that_worked_after_all_leaves_nothing_open() -> None:
    call = refused_beside_goodbye()
    response = call.starts(call.asked.request_id)
    book(call, response, BOOKED)
    call.ends(response)
    response = call.starts(call.asked.request_id)
    call.speaks(response, BYE, over=False)
    end_call(call, response)
    call.ends(response)
    call.wait(2_200)

    assert call.end() == do.EndCall(EndReason.GOODBYE)


@pytest.mark.parametrize("tool", ["take_message", "add_note", "cancel_appointment"])
def test_whatever_was_to_be_done_and_was_refused_counts(tool: str) -> None:
    call, response = replying()
    call.speaks(response, "Done, goodbye!", over=False)
    call.tool_answers(call.calls_tool(tool, response_id=response), '{"error":"unavailable"}')

    assert answer(call, end_call(call, response))["error"] == "not_yet"


def test_a_look_up_that_found_nothing_does_not() -> None:
    call, response = replying("What is a new boiler?")
    call.tool_answers(
        call.calls_tool("get_pricing_quote", response_id=response), '{"error":"unknown_service"}'
    )
    call.speaks(response, "I can't price that. Goodbye.", over=False)

    assert answer(call, end_call(call, response)) == {"ended": True}


def test_a_booking_that_timed_out_is_not_closed_on() -> None:
    call = ready_to_book()
    response = call.starts()
    call.tool_answers(book(call, response), "", timed_out=True)

    assert answer(call, end_call(call, response))["error"] == "not_yet"


def test_a_booking_refused_after_the_end_call_of_its_response_reopens_the_call() -> None:
    call = ready_to_book()
    response = call.starts()
    call.speaks(response, "Let me see. Goodbye!", over=False)
    end_call(call, response)
    assert not is_live(call)
    book(call, response, TAKEN)
    call.ends(response)
    call.wait(3_000)

    assert is_live(call)
    assert "not ended after all" in call.all(do.TellModel)[-1].text
    assert len(call.besides) == 1


def test_an_end_call_of_a_response_that_was_stopped_for_its_words_does_not_hang_up() -> None:
    call, response = replying("Book it, please.")
    call.speaks(response, "You're booked. Goodbye!", over=False)
    tool = end_call(call, response)
    call.ends(response, "cancelled")

    assert answer(call, tool)["error"] == "not_yet"
    assert is_live(call) and call.outstanding is not None


# -- a tool is open ------------------------------------------------------------------------


def test_an_end_call_while_a_tool_runs_waits_for_its_answer() -> None:
    call = ready_to_book()
    response = call.starts()
    call.speaks(response, "One moment. Goodbye!", over=False)
    booking = book(call, response)
    tool = end_call(call, response)
    call.ends(response)
    assert answer(call, tool)["error"] == "not_yet"
    assert call.besides == []
    call.tool_answers(booking, BOOKED)

    assert len(call.besides) == 1


def test_two_end_calls_in_one_response_end_the_call_once() -> None:
    call, response = replying("Bye.")
    call.speaks(response, BYE, over=False)
    tools = [call.calls_tool("end_call", response_id=response) for _ in range(2)]
    for tool in tools:
        call.tool_answers(tool, '{"ended":true}', hang_up=True)
    call.ends(response)
    call.wait(1_100)

    assert call.end() == do.EndCall(EndReason.GOODBYE)
    assert [a.call_id for a in call.all(do.AnswerTool)] == tools


def test_a_late_end_call_does_not_close_on_a_question() -> None:
    call, response = replying("Bye.")
    tool = call.calls_tool("end_call", response_id=response)
    call.tool_answers(tool, "", timed_out=True)
    call.ends(response)
    call.agent_says("Which one works for you?", asked=True)
    call.tool_answers(tool, '{"ended":true}', hang_up=True)

    assert is_live(call)


# -- a question ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "I have 9 to 11 or 11 to 1. Which works for you?",
        "Anything else I can help you with?",
        "Is there anything else? If not, thank you for calling. Goodbye.",
    ],
)
def test_an_end_call_behind_a_question_of_the_agents_does_not_hang_up(words: str) -> None:
    call, response = replying()
    call.speaks(response, words, over=False)
    tool = end_call(call, response)
    call.ends(response)
    call.wait(10_000)

    assert answer(call, tool)["error"] == "not_yet"
    assert call.all(do.EndCall) == []
    assert call.besides == []  # the question stands: the caller is listened to


def test_nor_behind_one_of_a_response_before() -> None:
    call, response = replying("And the dog is friendly.")
    call.speaks(response, "Noted. Anything else?", over=False)
    note = call.calls_tool("add_note", response_id=response)
    call.tool_answers(note)
    call.ends(response)
    response = call.starts(call.asked.request_id)
    call.speaks(response, BYE, over=False)

    assert answer(call, end_call(call, response))["error"] == "not_yet"


@pytest.mark.parametrize("answered", ["voice", "keys"])
def test_a_question_that_was_answered_is_not_open(answered: str) -> None:
    call, _ = replying()
    call.agent_says("Anything else?")
    call.wait(1_200)
    if answered == "voice":
        call.caller_says("No, thanks.")
        response = call.starts()
    else:
        call.keys("2#")
        response = call.starts(call.asked.request_id)
    call.speaks(response, BYE, over=False)

    assert answer(call, end_call(call, response)) == {"ended": True}


def test_words_of_a_question_that_come_after_the_end_call_reopen_the_call() -> None:
    call, response = replying("Hm.")
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", "////" * 400))
    end_call(call, response)
    assert not is_live(call)
    call.feed(ev.AgentSaid(call.at_ms, response, "a9", "Which one works for you?"))
    call.ends(response)
    call.wait(10_000)

    assert is_live(call)
    assert call.all(do.CloseLine) == []


def test_a_goodbye_that_was_to_be_said_is_dropped_when_the_call_goes_on() -> None:
    call, response = replying("Hm.")
    end_call(call, response)  # without words: a goodbye is due
    call.calls_tool("check_availability", response_id=response)
    call.ends(response)
    call.wait(3_000)

    assert GOODBYE not in [r.sentence for r in call.all(do.Respond)]
    assert is_live(call)


def test_a_question_that_was_cut_for_its_figure_is_not_open() -> None:
    call, response = replying("How much is it?")
    call.speaks(response, "It is $99, shall we?", over=False)
    call.ends(response, "cancelled", "client_cancelled")
    response = call.starts(call.asked.request_id)
    call.speaks(response, "I was wrong. Goodbye.", over=False)

    assert answer(call, end_call(call, response)) == {"ended": True}
