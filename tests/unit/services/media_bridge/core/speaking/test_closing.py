"""A call ends after its last sentence was heard, and no later than its bounds."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.session import CallSession
from services.media_bridge.core.speaking.closing import says_only_goodbye
from shared.domain.outcomes import EndReason
from tests.moments import GOODBYE
from tests.scripted import ScriptedCall, goodbye_said

CLOSING = [do.CloseModel(), do.CloseLine()]


def test_the_line_is_closed_only_after_the_goodbye_was_heard() -> None:
    call = goodbye_said(2000)
    assert call.session.phase is Phase.ENDING
    call.wait(1960)
    assert call.all(do.CloseLine) == []
    call.wait(100)

    assert call.done[-3:] == [*CLOSING, do.EndCall(EndReason.GOODBYE)]
    assert call.besides == []


def test_a_goodbye_whose_mark_never_comes_is_waited_for_eight_seconds() -> None:
    session = CallSession()
    call = ScriptedCall()
    call.session = session
    call.live()
    response = call.starts()
    call.speaks(response, "Goodbye.", 1000, over=False)
    call.feed(ev.ToolCalled(call.at_ms, response, "call_9", "end_call", {}))
    call.feed(ev.ToolAnswered(call.at_ms, "call_9", "{}", 1, hang_up=True))
    call.feed(ev.ResponseEnded(call.at_ms, response, "completed"))
    due = call.at_ms + 1000

    assert session.handle(ev.Tick(due + 7900)) == []
    assert session.handle(ev.Tick(due + 8000))[-1] == do.EndCall(EndReason.GOODBYE)


def test_an_end_call_without_words_says_goodbye_first() -> None:
    call = ScriptedCall().live()
    call.caller_says("Bye.")
    response = call.starts()
    tool = call.calls_tool("end_call", response_id=response)
    call.tool_answers(tool, "{}", hang_up=True)
    call.ends(response)
    assert call.asked.sentence == GOODBYE
    call.agent_says(GOODBYE, 1000, asked=True)
    assert call.all(do.CloseLine) == []
    call.wait(1100)

    assert call.end() == do.EndCall(EndReason.GOODBYE)


def test_a_caller_who_says_goodbye_too_does_not_keep_the_line_open() -> None:
    call = goodbye_said()
    call.wait(500)
    call.caller_says("Thanks, you too, bye bye!")
    call.agent_says("Bye.", 400)
    call.wait(700)

    assert call.end() == do.EndCall(EndReason.GOODBYE)


@pytest.mark.parametrize("text", ["Thanks, bye!", "OK, you too. Have a good night.", "", "Uh-huh."])
def test_words_that_only_take_leave(text: str) -> None:
    assert says_only_goodbye(text)


@pytest.mark.parametrize("text", ["Wait!", "One more thing, the gate code is 1234", "I smell gas"])
def test_words_that_need_an_answer(text: str) -> None:
    assert not says_only_goodbye(text)


def test_a_handover_closes_the_line_after_its_sentence() -> None:
    call = ScriptedCall().live()
    call.caller_says("Let me talk to a person.")
    response = call.starts()
    call.speaks(response, "I'm connecting you now.", 1000, over=False)
    tool = call.calls_tool("escalate_to_human", response_id=response)
    call.tool_answers(tool, "{}", hand_over=True)
    call.ends(response)
    call.wait(1100)

    assert call.done[-3:] == [*CLOSING, do.EndCall(EndReason.HANDED_OVER)]


def test_a_caller_who_comes_back_during_the_goodbye_for_silence_is_not_hung_up_on() -> None:
    call = ScriptedCall().live()
    for silence_ms in (8_100, 20_100):
        call.wait(silence_ms)
        call.agent_says(call.asked.sentence or "", asked=True)
        call.wait(1_100)
    call.wait(20_100)
    call.agent_says(GOODBYE, 2000, asked=True)
    call.wait(500)
    call.caller_says("Sorry, I was looking for my glasses.")
    call.agent_says("No problem.")
    call.wait(10_000)

    assert call.all(do.CloseLine) == []
