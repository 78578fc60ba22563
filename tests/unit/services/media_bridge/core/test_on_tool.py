"""Tools: answered once, within limits, and no booking before the read-back."""

import json

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.guards.read_back import ReadBack
from services.media_bridge.core.phases import Phase
from shared.domain.read_back import CALLED_OFF, TERMS, Detail, Recitation
from shared.domain.telling import Telling
from tests.moments import HANDING_OVER
from tests.scripted import ScriptedCall

BOOKING = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "address": "123 Oak St, Springfield, OH",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
}

BROKEN = '{"error":"unavailable"}'


def book(call: ScriptedCall, **changes: object) -> str:
    return call.calls_tool("book_appointment", json.dumps({**BOOKING, **changes}))


def refusals(call: ScriptedCall) -> list[list[str]]:
    answers = [json.loads(answer.output) for answer in call.all(do.AnswerTool)]
    return [answer["missing"] for answer in answers if answer.get("error") == "read_back_first"]


def ready_to_book() -> ScriptedCall:
    call = ScriptedCall().live()
    call.exchange("May I have your name, please?", "Sarah Miller")
    call.exchange("Thanks, Sarah Miller. What's the best callback number?", "555 123 0000")
    call.exchange("I have 555, 123, 0000. Is that right?", "Yes.")
    call.exchange("That's 123 Oak Street, Springfield, Ohio. Is that right?", "Yes.")
    call.exchange("Anything the technician should know, like a gate code or pets?", "Gate 1234.")
    return call


def test_a_tool_runs_beside_the_audio_with_a_limit_of_its_own() -> None:
    call = ScriptedCall().live()
    tool = call.calls_tool("get_pricing_quote", '{"service_type":"repair"}')

    (run,) = call.all(do.RunTool)
    assert run == do.RunTool(tool, "get_pricing_quote", {"service_type": "repair"}, 4000)
    limits = {}
    for name in ("book_appointment", "check_availability", "escalate_to_human", "end_call"):
        call.calls_tool(name)
        limits[name] = call.all(do.RunTool)[-1].limit_ms
    assert set(limits.values()) <= set(range(3000, 8001))
    assert limits["book_appointment"] == 8000


def test_a_tool_turn_is_noted_with_arguments_result_and_time() -> None:
    call = ScriptedCall().live()
    tool = call.calls_tool("get_pricing_quote", '{"service_type":"repair"}')
    call.tool_answers(tool, '{"deposit":206}')

    (turn,) = [t for t in call.all(do.NoteTurn) if t.role == "tool"]
    assert (turn.tool, turn.arguments, turn.result, turn.took_ms) == (
        "get_pricing_quote",
        {"service_type": "repair"},
        '{"deposit":206}',
        120,
    )


def test_the_stage_a_tool_reached_is_not_written_a_second_time() -> None:
    call = ScriptedCall().live()
    before = call.all(do.NoteCall)
    for name in ("get_pricing_quote", "check_availability"):
        call.tool_answers(call.calls_tool(name, '{"service_type":"repair"}'))

    assert call.all(do.NoteCall) == before


PRICE = Telling("The visit is $165, credited toward the work.", "Would you like to schedule?")
WINDOWS = Telling("", "Would tomorrow 8 to 10 AM work?", instead="The visit is $165.")


def test_what_two_tools_of_a_response_found_is_told_in_one_breath_the_price_first() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much is it?")
    response = call.starts()
    looked = call.calls_tool("check_availability", response_id=response)
    quoted = call.calls_tool("get_pricing_quote", response_id=response)
    call.ends(response)
    call.tool_answers(looked, telling=WINDOWS)
    assert call.outstanding is None
    call.tool_answers(quoted, telling=PRICE)

    assert call.asked.sentence == "The visit is $165. Would tomorrow 8 to 10 AM work?"
    call.agent_says(call.asked.sentence)
    assert call.outstanding is None  # it is the caller's turn


def test_what_no_code_tells_is_left_to_the_model_behind_it() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much is it?")
    response = call.starts()
    quoted = call.calls_tool("get_pricing_quote", response_id=response)
    looked = call.calls_tool("check_availability", response_id=response)
    call.ends(response)
    call.tool_answers(quoted, telling=PRICE)
    call.tool_answers(looked, '{"error":"which_day"}')

    sentence = call.asked.sentence
    assert sentence == f"{PRICE.sentence} {PRICE.question}"
    call.agent_says(sentence)
    assert call.asked.sentence is None and call.outstanding is not None


def test_what_was_asked_for_alone_is_told_as_it_is() -> None:
    call = ScriptedCall().live()
    call.tool_answers(call.calls_tool("check_availability"), telling=WINDOWS)

    assert call.asked.sentence == "Would tomorrow 8 to 10 AM work?"


def test_a_tool_that_takes_too_long_is_answered_and_its_late_answer_told() -> None:
    call = ScriptedCall().live()
    tool = call.calls_tool("check_availability")
    call.tool_answers(tool, "", timed_out=True)
    (answer,) = call.all(do.AnswerTool)
    assert json.loads(answer.output)["error"] == "timeout"
    call.agent_says("One moment.", asked=True)
    call.wait(1400)
    call.tool_answers(tool, '{"available_slots":[]}')

    assert call.all(do.TellModel)[-1].text == (
        'check_availability has now answered: {"available_slots":[]}'
    )
    assert len(call.all(do.AnswerTool)) == 1
    assert len(call.all(do.Respond)) == 2
    call.tool_answers(tool, '{"available_slots":[]}')  # a third answer is nobody's
    assert len(call.all(do.TellModel)) == 1


def test_tools_that_work_no_more_twice_running_bring_a_person_unasked() -> None:
    call = ScriptedCall().live()
    for _ in range(2):
        call.tool_answers(call.calls_tool("check_availability"), BROKEN, broke=True)

    assert call.all(do.NoteCall)[-1].escalate == "tools_broken"
    assert call.session.phase is Phase.ENDING
    assert call.all(do.Respond)[-1].sentence == HANDING_OVER


@pytest.mark.parametrize("between", ["get_pricing_quote", "add_note"])
def test_a_tool_that_works_in_between_lets_the_call_go_on(between: str) -> None:
    call = ScriptedCall().live()
    call.tool_answers(call.calls_tool("check_availability"), BROKEN, broke=True)
    call.tool_answers(call.calls_tool(between), "{}")
    call.tool_answers(call.calls_tool("check_availability"), "", timed_out=True)

    assert call.session.phase is Phase.LIVE


def test_a_tool_of_a_cancelled_response_is_answered_all_the_same() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much?")
    response = call.starts()
    tool = call.calls_tool("get_pricing_quote", response_id=response)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.ends(response, "cancelled", "turn_detected")
    call.tool_answers(tool)

    assert [answer.call_id for answer in call.all(do.AnswerTool)] == [tool]


def test_the_same_call_twice_runs_once() -> None:
    call = ScriptedCall().live()
    event = ev.ToolCalled(call.at_ms, "R1", "call_1", "add_note", {})
    call.feed(event)

    assert call.feed(event) == []
    assert len(call.all(do.RunTool)) == 1


def test_after_forty_calls_no_more_tools_run() -> None:
    call = ScriptedCall().live()
    for _ in range(45):
        call.calls_tool("add_note")

    assert len(call.all(do.RunTool)) == 40
    assert [json.loads(a.output)["error"] for a in call.all(do.AnswerTool)] == [
        "too_many_calls"
    ] * 5


def test_an_answer_nobody_waits_for_changes_nothing() -> None:
    call = ScriptedCall().live()
    call.tool_answers("call_unknown")

    assert call.last == []


# -- the read-back -------------------------------------------------------------------------------


def confirmed_after(said: str) -> tuple[str, ...]:
    read_back = ReadBack()
    read_back.agent_said("a1", said)
    read_back.caller_stopped("u1")
    read_back.caller_said("u1", "Yes.")
    return read_back.confirmed("book_appointment", BOOKING)


# -- visits of before ------------------------------------------------------------------------------

MOVE = {"job_id": "job9", "scheduled_time": "2025-08-29T08:00:00-04:00"}
MOVING = Recitation(
    "So it's moved to tomorrow 8 to 10 AM. Shall I move it?",
    (Detail(TERMS, "2025-08-29T12:00:00+00:00", "moved to tomorrow 8 to 10 AM"),),
)
CANCELING = Recitation(
    "Shall I cancel your visit tonight?", (Detail(CALLED_OFF, "job9", "cancel your visit tonight"),)
)


def asked_to(tool: str, given: dict[str, str], asks: Recitation) -> ScriptedCall:
    call = ScriptedCall().live()
    use = call.calls_tool(tool, json.dumps(given))
    call.tool_answers(use, '{"asking":true}', recitation=asks)
    call.agent_says(call.asked.sentence or "")
    call.wait(3_000)
    return call


@pytest.mark.parametrize(
    ("tool", "given", "asks", "part"),
    [
        ("reschedule_appointment", MOVE, MOVING, TERMS),
        ("cancel_appointment", {"job_id": "job9"}, CANCELING, CALLED_OFF),
    ],
)
def test_a_visit_is_moved_and_called_off_after_a_plain_yes_alone(
    tool: str, given: dict[str, str], asks: Recitation, part: str
) -> None:
    def confirmed_after(answer: str) -> tuple[str, ...]:
        call = asked_to(tool, given, asks)
        call.caller_says(answer)
        call.calls_tool(tool, json.dumps(given))
        run = call.all(do.RunTool)[-1]
        assert run.name == tool
        return run.confirmed

    assert confirmed_after("Yes, please.") == (part,)
    assert confirmed_after("No, don't.") == ()
    assert confirmed_after("Hm, what does that cost?") == ()


def test_a_yes_to_one_visit_calls_off_no_other() -> None:
    call = asked_to("cancel_appointment", {"job_id": "job9"}, CANCELING)
    call.caller_says("Yes.")
    call.calls_tool("cancel_appointment", '{"job_id":"job8"}')

    assert call.all(do.RunTool)[-1].confirmed == ()


def test_a_model_that_does_not_wait_for_the_answer_is_told_to() -> None:
    call = ScriptedCall().live()
    use = call.calls_tool("cancel_appointment", '{"job_id":"job9"}')
    call.tool_answers(use, '{"asking":true}', recitation=CANCELING)
    call.calls_tool("cancel_appointment", '{"job_id":"job9"}')

    answers = [json.loads(answer.output) for answer in call.all(do.AnswerTool)]
    assert [answer["error"] for answer in answers] == ["read_back_first"] * 2
    assert len(call.all(do.RunTool)) == 1


def test_who_asks_about_a_visit_of_before_is_asked_about_no_danger() -> None:
    call = ScriptedCall().live(danger_question="Any gas smell right now?")
    call.calls_tool("find_appointment", '{"name":"Sarah Miller"}')
    call.calls_tool("check_availability", '{"service_type":"repair"}')

    assert [run.name for run in call.all(do.RunTool)] == ["find_appointment", "check_availability"]
