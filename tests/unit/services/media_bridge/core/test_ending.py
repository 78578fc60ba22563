"""How calls end: after the goodbye was heard, by silence, by the clock, by the caller."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.session import CallSession
from services.media_bridge.core.speaking.closing import says_only_goodbye
from services.media_bridge.core.speaking.phrases import GOODBYE, HANDING_OVER
from services.media_bridge.core.state import Phase
from tests.scripted import ScriptedCall

CLOSING = [do.CloseModel(), do.CloseLine()]


def goodbye_said(ms: int = 2000) -> ScriptedCall:
    """The agent said goodbye and called end_call in one response."""
    call = ScriptedCall().live()
    call.caller_says("That's all, thanks.")
    response = call.starts()
    call.speaks(response, "Thank you for calling. Goodbye.", ms, over=False)
    tool = call.calls_tool("end_call", '{"reason":"completed"}', response_id=response)
    call.tool_answers(tool, '{"ended":true}', hang_up=True)
    call.ends(response)
    return call


def test_the_line_is_closed_only_after_the_goodbye_was_heard() -> None:
    call = goodbye_said(2000)
    assert call.session.phase is Phase.ENDING
    call.wait(1960)
    assert call.all(do.CloseLine) == []
    call.wait(100)

    assert call.done[-3:] == [*CLOSING, do.EndCall("goodbye")]
    assert call.all(do.Respond) == []


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
    assert session.handle(ev.Tick(due + 8000))[-1] == do.EndCall("goodbye")


def test_an_end_call_without_words_says_goodbye_first() -> None:
    call = ScriptedCall().live()
    call.caller_says("Bye.")
    response = call.starts()
    tool = call.calls_tool("end_call", response_id=response)
    call.tool_answers(tool, "{}", hang_up=True)
    call.ends(response)
    assert call.asked.instructions == f"Say exactly: {GOODBYE}"
    call.agent_says(GOODBYE, 1000, asked=True)
    assert call.all(do.CloseLine) == []
    call.wait(1100)

    assert call.end() == do.EndCall("goodbye")


def test_a_caller_who_says_goodbye_too_does_not_keep_the_line_open() -> None:
    call = goodbye_said()
    call.wait(500)
    call.caller_says("Thanks, you too, bye bye!")
    call.agent_says("Bye.", 400)
    call.wait(700)

    assert call.end() == do.EndCall("goodbye")


def test_a_caller_who_goes_on_is_not_hung_up_on() -> None:
    call = goodbye_said()
    call.wait(500)
    call.caller_says("Wait, can you also check the thermostat?")
    call.agent_says("Of course.", 1000)
    call.wait(15_000)

    assert call.all(do.CloseLine) == []
    assert call.session.phase is Phase.LIVE
    assert "do not hang up" in call.all(do.TellModel)[-1].text


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

    assert call.done[-3:] == [*CLOSING, do.EndCall("handed_over")]


def test_key_zero_reaches_a_human_after_one_sentence() -> None:
    call = ScriptedCall().live()
    call.agent_says("Let me tell you a long story.", 5000)
    call.wait(500)
    pressed = call.keys("0#")

    assert pressed[0] == do.NoteCall(call.at_ms - 200, escalate="caller_pressed_0")
    assert do.ClearPlayback() in pressed
    assert call.asked.instructions == f"Say exactly: {HANDING_OVER}"
    call.agent_says(HANDING_OVER, 1000, asked=True)
    call.wait(1100)
    assert call.end() == do.EndCall("handed_over")


def test_key_zero_reaches_a_human_even_when_the_model_says_nothing() -> None:
    call = ScriptedCall().live()
    call.keys("0")
    call.wait(1500 + 8200)

    assert call.end() == do.EndCall("handed_over")


def test_key_zero_during_the_disclosure_reaches_a_human() -> None:
    call = ScriptedCall().open()
    call.wait(200)
    call.keys("0")
    call.wait(12_000)

    assert call.end().reason == "handed_over"


def test_a_silent_caller_is_asked_twice_and_then_bidden_goodbye() -> None:
    call = ScriptedCall().live()
    for _ in range(2):
        call.wait(19_000)
        asked = len(call.all(do.Respond))
        call.wait(1_300)
        assert len(call.all(do.Respond)) == asked + 1
        assert call.asked.instructions == "Say exactly: Are you still there?"
        call.agent_says("Are you still there?", asked=True)
        call.wait(1_000)
    call.wait(20_100)
    assert call.asked.instructions == f"Say exactly: {GOODBYE}"
    call.agent_says(GOODBYE, 1000, asked=True)
    call.wait(1100)

    assert call.end() == do.EndCall("silence")


def test_a_caller_who_comes_back_during_the_goodbye_for_silence_is_not_hung_up_on() -> None:
    call = ScriptedCall().live()
    for _ in range(2):
        call.wait(20_100)
        call.agent_says("Are you still there?", asked=True)
        call.wait(1_100)
    call.wait(20_100)
    call.agent_says(GOODBYE, 2000, asked=True)
    call.wait(500)
    call.caller_says("Sorry, I was looking for my glasses.")
    call.agent_says("No problem.")
    call.wait(10_000)

    assert call.all(do.CloseLine) == []


def test_silence_is_never_cut_under_twenty_seconds() -> None:
    call = ScriptedCall().live(silence_ms=3000)
    call.wait(19_500)

    assert call.all(do.Respond) == []


def test_speech_and_keys_begin_the_silence_anew() -> None:
    call = ScriptedCall().live()
    call.wait(15_000)
    call.caller_says("Hold on.")
    call.agent_says("Sure.")
    call.wait(15_000)
    call.keys("5#")
    call.agent_says("Thanks.", asked=True)
    call.wait(15_000)

    assert [r.instructions for r in call.all(do.Respond)] == [None]


def test_no_silence_is_counted_while_a_tool_runs() -> None:
    call = ScriptedCall().live()
    call.wait(15_000)
    call.calls_tool("check_availability")
    call.wait(6_500)

    assert call.all(do.Respond) == []


def test_a_long_call_is_warned_and_then_ended() -> None:
    call = ScriptedCall().live(max_call_ms=20_000, warn_before_ms=10_000)
    call.wait(8_000)
    assert "two more minutes" in (call.asked.instructions or "")
    call.agent_says("We have two minutes left.", asked=True)
    call.wait(10_000)
    assert call.asked.instructions == f"Say exactly: {GOODBYE}"
    call.agent_says(GOODBYE, 1000, asked=True)
    call.wait(1100)

    assert call.end() == do.EndCall("too_long")


def test_a_caller_who_hangs_up_ends_the_call_and_what_was_not_heard_is_noted_so() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.agent_says("one two three four", 4000)
    call.wait(1000)
    commands = call.feed(ev.LineClosed(call.at_ms, "hung_up"))

    (turn,) = [c for c in commands if isinstance(c, do.NoteTurn)]
    assert (turn.cut, turn.heard) == (True, "one")
    assert commands[-2:] == [do.CloseModel(), do.EndCall("hung_up")]
    assert call.feed(ev.CallerSpoke(call.at_ms, "u9")) == []


def test_a_caller_who_hangs_up_during_the_goodbye_ended_the_call_well() -> None:
    call = goodbye_said()
    call.wait(300)
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))

    assert call.end() == do.EndCall("goodbye")


def test_a_frame_that_is_not_twilios_ends_the_call_as_a_failure() -> None:
    call = ScriptedCall().live()
    call.feed(ev.LineClosed(call.at_ms, "protocol"))

    assert call.end() == do.EndCall("failed", "protocol")


def test_a_draining_container_hands_over_after_a_sentence() -> None:
    call = ScriptedCall().live()
    call.feed(ev.Draining(call.at_ms))
    assert call.last[0] == do.NoteCall(call.at_ms, escalate="draining")
    call.agent_says(HANDING_OVER, 1000, asked=True)
    call.wait(1100)

    assert call.done[-3:] == [*CLOSING, do.EndCall("draining", "draining")]


def test_a_model_lost_during_the_goodbye_does_not_keep_the_caller() -> None:
    call = goodbye_said()
    call.wait(200)
    call.feed(ev.ModelLost(call.at_ms, "1006"))
    call.wait(2000)

    assert call.end() == do.EndCall("goodbye")
