"""Every wait for a peer has a bound, and what the peer sends after it does no harm."""

import json
import re
from pathlib import Path

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.session import CallSession
from services.media_bridge.core.timers import Timer
from shared.domain.outcomes import EndReason, Failure
from tests.moments import GOODBYE, HANDING_OVER
from tests.scripted import GAS, ScriptedCall, some_setup


def speaking(*, loud: bool = True) -> ScriptedCall:
    """A turn of the caller has begun."""
    call = ScriptedCall().live()
    call.loud = loud
    call.feed(ev.CallerSpoke(call.at_ms, "u1"))
    return call


# -- the start -----------------------------------------------------------------------------


def test_a_socket_on_which_nothing_begins_is_given_up() -> None:
    session = CallSession()
    assert session.deadline == 5_000
    assert session.handle(ev.Tick(4_999)) == []

    assert session.handle(ev.Tick(5_000)) == [
        do.CloseModel(),
        do.EndCall(EndReason.REFUSED, Failure.NO_START),
    ]
    assert session.handle(ev.LineOpened(5_001, "CA1", "MZ1", "tok")) == []


def test_a_line_that_opened_is_not_given_up() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(4_000, "CA1", "MZ1", "tok"))

    assert session.handle(ev.Tick(5_000)) == []


# -- the caller's turn ---------------------------------------------------------------------


def test_a_turn_that_never_ends_is_committed_after_thirty_seconds_and_answered() -> None:
    call = speaking()
    call.wait(29_900)
    assert call.all(do.CommitAudio) == [] and call.all(do.Respond) == []
    call.wait(200)

    assert call.done[-1] == do.HearAudio(call.all(do.HearAudio)[-1].payload)
    assert call.all(do.CommitAudio) == [do.CommitAudio("b1")]
    assert call.all(do.Respond) == [do.Respond("r2")]
    order = [type(c) for c in call.done if isinstance(c, do.CommitAudio | do.Respond)]
    assert order == [do.CommitAudio, do.Respond]


def test_a_turn_without_a_sound_is_ended_much_sooner() -> None:
    call = speaking(loud=False)
    call.wait(3_900)
    assert call.all(do.CommitAudio) == []
    call.wait(200)

    assert len(call.all(do.CommitAudio)) == 1
    assert len(call.all(do.Respond)) == 1


def test_a_turn_that_goes_quiet_late_is_ended_when_it_does() -> None:
    call = speaking()
    call.wait(15_000)
    call.loud = False
    call.wait(1_400)
    assert call.all(do.CommitAudio) == []
    call.wait(200)

    assert len(call.all(do.CommitAudio)) == 1


def test_a_pause_for_breath_ends_no_long_turn() -> None:
    call = speaking()
    for _ in range(10):
        call.loud = True
        call.wait(1_500)
        call.loud = False
        call.wait(1_000)

    assert call.all(do.CommitAudio) == []


def test_an_ordinary_turn_is_not_listened_to() -> None:
    call = ScriptedCall().live()
    call.caller_says("My furnace has been making this noise.", ms=2_400)
    call.agent_says("I see.")
    call.wait(5_000)

    assert call.all(do.ListenForQuiet) == []


def test_the_words_of_a_turn_ended_by_us_are_waited_for_and_looked_at() -> None:
    call = speaking(loud=False)
    call.wait(4_100)
    call.agent_says("How can I help?", asked=True)
    assert call.all(do.PlayAudio)[-1].payload and "a" not in call.heard
    call.feed(ev.CallerSaid(call.at_ms, "u1", "I smell gas in the kitchen"))

    assert do.AlertHazard("gas_leak") in call.last


def test_the_answer_of_a_tool_that_waited_for_the_turn_is_told() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much is it?")
    response = call.starts()
    tool = call.calls_tool("get_pricing_quote", response_id=response)
    call.ends(response)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.tool_answers(tool)
    call.wait(4_100)

    assert call.all(do.AnswerTool) == [do.AnswerTool(tool, '{"ok":true}')]
    assert len(call.besides) == 1


def test_the_second_turn_running_that_never_ends_brings_a_human() -> None:
    call = speaking(loud=False)
    call.wait(4_100)
    call.agent_says("Sorry, what did you say?", asked=True)
    call.wait(2_500)
    call.feed(ev.CallerSpoke(call.at_ms, "u2"))
    call.wait(4_100)

    assert call.all(do.NoteCall)[-1].escalate == "turn_never_ended"
    assert call.measured("ModelSessionFailed") == [1]
    assert call.asked.sentence == HANDING_OVER
    call.agent_says(HANDING_OVER, 1000, asked=True)
    call.wait(1_100)
    assert call.end() == do.EndCall(EndReason.FAILED, Failure.TURN_NEVER_ENDED)


def test_a_turn_that_ends_by_itself_forgives_one_that_did_not() -> None:
    call = speaking(loud=False)
    call.wait(4_100)
    call.agent_says("Sorry?", asked=True)
    call.wait(2_500)
    call.exchange("What can I do for you?", "My AC is broken.")
    call.agent_says("I see.")
    call.wait(1_500)
    call.feed(ev.CallerSpoke(call.at_ms, "u8"))
    call.wait(4_100)

    assert len(call.all(do.CommitAudio)) == 2
    assert call.session.phase is Phase.LIVE


def test_a_late_end_of_a_turn_ended_by_us_does_no_harm() -> None:
    call = speaking(loud=False)
    call.wait(4_100)
    reply = call.starts(call.asked.request_id)
    call.feed(ev.CallerStopped(call.at_ms, "u1"))
    call.speaks(reply, "How can I help?")
    call.feed(ev.CallerSpoke(call.at_ms, "u2"))
    call.feed(ev.CallerStopped(call.at_ms, "u1"))  # and once more, while they speak again
    assert call.all(do.Respond) == [do.Respond("r2")]
    call.wait(4_100)

    assert call.all(do.NoteCall)[-1].escalate == "turn_never_ended"


def test_a_server_that_begins_turn_after_turn_and_ends_none_is_bounded() -> None:
    call = speaking()
    for number in range(2, 9):
        call.wait(4_400)
        call.feed(ev.CallerSpoke(call.at_ms, f"u{number}"))

    assert len(call.all(do.CommitAudio)) == 1


def test_a_turn_whose_words_came_has_ended() -> None:
    call = speaking()
    call.wait(2_000)
    call.feed(ev.CallerSaid(call.at_ms, "u1", "Hello?"))
    call.agent_says("Hi, how can I help?")
    call.wait(15_000)

    assert call.all(do.CommitAudio) == [] and call.all(do.ListenForQuiet) == []


def test_words_of_an_earlier_turn_end_no_later_one() -> None:
    call = ScriptedCall().live()
    first = call.caller_says("My AC", words=False)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    call.feed(ev.CallerSaid(call.at_ms, first, "My AC"))
    call.ends(call.starts(), "cancelled")
    call.wait(3_500)

    assert len(call.all(do.Respond)) == 1


def test_quiet_that_is_told_of_a_turn_long_over_ends_nothing() -> None:
    call = speaking()
    call.wait(8_100)
    call.feed(ev.CallerStopped(call.at_ms, "u1"))
    call.agent_says("I see.")
    call.feed(ev.CallerSpoke(call.at_ms, "u2"))

    assert call.feed(ev.CallerQuiet(call.at_ms)) == []


def test_a_goodbye_is_said_although_the_callers_turn_never_ends() -> None:
    call = speaking(loud=False)
    call.wait(1_000)
    call.keys("0")
    call.wait(3_100)

    assert call.asked.sentence == HANDING_OVER
    assert call.all(do.CommitAudio) == []


def test_a_model_that_dies_under_the_callers_words_is_found_out_in_seconds() -> None:
    call = speaking(loud=False)
    call.wait(14_000)

    assert call.all(do.ReopenModel) == [do.ReopenModel()]


# -- the model's turn ----------------------------------------------------------------------


def test_a_mute_model_is_found_out_four_seconds_after_the_caller_stopped() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.wait(3_900)
    assert call.all(do.ReopenModel) == []
    call.wait(200)

    assert call.all(do.ReopenModel) == [do.ReopenModel()]


def test_an_error_in_place_of_the_response_is_not_waited_out() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    for _ in range(2):
        call.feed(ev.ModelRefused(call.at_ms, "rate_limit_exceeded", "…", None))
        call.wait(3_100)
        call.feed(ev.ModelRefused(call.at_ms, "rate_limit_exceeded", "…", call.asked.request_id))

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.RESPONSE_REFUSED)


def test_a_caller_who_goes_on_is_answered_once_for_both_turns() -> None:
    call = ScriptedCall().live()
    call.caller_says("My AC")
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    early = call.starts()
    assert [c.response_id for c in call.all(do.CancelResponse)] == [early]
    call.ends(early, "cancelled")
    assert len(call.all(do.Respond)) == 1
    call.feed(ev.CallerStopped(call.at_ms, "u9"))

    assert len(call.all(do.Respond)) == 2


def test_a_turn_during_a_response_from_before_it_is_answered_after_that() -> None:
    call = ScriptedCall().live()
    call.caller_says("One")
    old = call.starts()
    call.caller_says("Two")
    assert len(call.all(do.Respond)) == 1

    assert call.ends(old, "cancelled", "turn_detected") == [do.Respond("r2")]


def test_a_request_that_is_never_taken_up_is_asked_of_another_session() -> None:
    call = ScriptedCall().live()
    call.keys("5#")
    assert call.all(do.Respond)
    call.wait(3_500)
    assert call.all(do.ReopenModel) == []
    call.wait(500)

    assert call.all(do.ReopenModel) == [do.ReopenModel()]


@pytest.mark.parametrize("sign", ["sound", "words", "tool"])
def test_each_sign_of_life_gives_a_response_six_seconds_more(sign: str) -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    response = call.starts()
    call.wait(5_000)
    if sign == "sound":
        call.speaks(response, "Well,", over=False)
    elif sign == "words":
        call.feed(ev.AgentSaid(call.at_ms, response, "a9", "Well,"))
    else:
        call.tool_answers(call.calls_tool("add_note", response_id=response))
    call.wait(5_900)
    assert call.all(do.ReopenModel) == []
    call.wait(200)

    assert call.all(do.ReopenModel) == [do.ReopenModel()]


def test_what_a_past_response_still_sends_is_not_waited_upon() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    response = call.starts()
    item = call.speaks(response, "Hi!")
    call.feed(ev.AgentAudio(call.at_ms, response, item, "////"))
    call.wait(17_000)

    assert call.all(do.EndCall) == []


# -- an empty response ---------------------------------------------------------------------


def test_an_empty_response_is_asked_for_again() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    assert call.ends(call.starts()) == [do.Respond("r2")]
    call.agent_says("Hi!")
    call.wait(2_000)

    assert call.all(do.EndCall) == []


def test_a_second_empty_response_running_brings_a_human() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.ends(call.starts())
    call.ends(call.starts())

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.RESPONSE_EMPTY)
    assert call.measured("ModelSessionFailed") == [1]


def test_words_without_sound_are_empty_too() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    response = call.starts()
    call.feed(ev.AgentSaid(call.at_ms, response, "a9", "Hi!"))

    assert do.Respond("r2") in call.ends(response)


def test_a_response_that_only_calls_a_tool_is_not_empty() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much?")
    response = call.starts()
    tool = call.calls_tool("get_pricing_quote", response_id=response)
    call.ends(response)
    call.wait(1_600)
    assert call.besides == []
    call.tool_answers(tool)

    assert call.besides == [do.Respond("r2")]


def test_an_empty_response_beside_a_tool_that_runs_is_covered_by_its_answer() -> None:
    call = ScriptedCall().live()
    call.calls_tool("check_availability")
    call.caller_says("Are you still there?")
    call.ends(call.starts())
    call.wait(3_000)

    assert call.besides == []


def test_a_caller_who_speaks_while_a_tool_runs_is_answered_at_once() -> None:
    call = ScriptedCall().live()
    tool = call.calls_tool("check_availability")
    call.caller_says("Are you still there?")
    assert len(call.all(do.Respond)) == 1
    call.agent_says("I'm looking.")
    call.tool_answers(tool)

    assert len(call.besides) == 1


def test_a_sentence_that_came_out_empty_is_not_taken_for_said() -> None:
    call = ScriptedCall().open(disclosure_clip=None)
    call.ends(call.starts("r1"))
    call.wait(1_600)
    assert call.all(do.NoteCall) == []
    assert call.asked.request_id == "r2"
    call.ends(call.starts("r2"))

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.RESPONSE_EMPTY)
    assert not any(note.disclosed for note in call.all(do.NoteCall))


# -- tools, marks, sentences ---------------------------------------------------------------


def test_a_tool_that_the_shell_forgets_is_answered_two_seconds_after_its_limit() -> None:
    call = ScriptedCall().live()
    first = call.calls_tool("book_appointment")
    call.wait(1_000)
    second = call.calls_tool("add_note")
    call.wait(6_100)
    assert [a.call_id for a in call.all(do.AnswerTool)] == [second]
    call.wait(3_000)

    assert [a.call_id for a in call.all(do.AnswerTool)] == [second, first]
    assert {json.loads(a.output)["error"] for a in call.all(do.AnswerTool)} == {"timeout"}
    call.tool_answers(first, "", timed_out=True)  # the shell's own, late
    assert call.last == []
    call.tool_answers(first, '{"job_id":"j1"}')
    assert "book_appointment has now answered" in call.all(do.TellModel)[-1].text


def test_a_line_on_which_no_frame_comes_any_more_is_left_to_a_human_in_seconds() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.agent_says("Hi, how can I help?", 3_000)
    came = []
    while call.session.phase is Phase.LIVE and call.session.deadline is not None:
        came.append(call.session.deadline)
        call.feed(ev.Tick(call.session.deadline))

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.LINE_DEAD)
    assert 3_000 <= came[-1] - call.at_ms <= 4_500


def test_a_line_is_watched_again_when_the_caller_talks_us_out_of_the_goodbye() -> None:
    call = ScriptedCall().live()
    call.caller_says("That's all.")
    call.tool_answers(call.calls_tool("end_call", '{"reason":"completed"}'), hang_up=True)
    call.agent_says("Goodbye.", 2_000)
    call.wait(3_500)  # longer than frames may be missing, while it was to end
    call.caller_says("Wait, one more thing.")
    call.agent_says("Yes?", 200)
    assert call.session.phase is Phase.LIVE
    since = call.at_ms
    while call.session.phase is Phase.LIVE and call.session.deadline is not None:
        call.feed(ev.Tick(call.session.deadline))

    assert call.end().failure == Failure.LINE_DEAD
    assert call.at_ms - since <= 4_500


def test_a_line_on_which_frames_come_is_never_dead() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.agent_says("Hi, how can I help?", 3_000)
    call.wait(15_000)

    assert call.all(do.EndCall) == []


def test_a_session_that_is_refused_brings_a_human_at_once() -> None:
    call = ScriptedCall()
    call.feed(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    call.feed(ev.ModelOpened(0))
    call.feed(ev.TokenRedeemed(0, some_setup()))
    call.feed(ev.ModelRefused(50, "unknown_parameter", "…", None))

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.MODEL_NOT_READY)


def test_an_error_without_a_request_in_place_of_the_response_is_asked_again_once() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.feed(ev.ModelRefused(call.at_ms, "rate_limit_exceeded", "…", None))
    assert len(call.all(do.Respond)) == 2
    call.feed(ev.ModelRefused(call.at_ms, "rate_limit_exceeded", "…", None))

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.RESPONSE_REFUSED)


def test_frames_without_marks_are_enough_to_go_on() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.agent_says("Hi, how can I help?", 3_000)
    call._queue.clear()  # the marks are lost
    call.wait(6_000)

    assert call.all(do.EndCall) == []
    call.wait(20_000)
    assert call.asked.sentence == "Are you still there?"


def test_a_sentence_of_the_models_that_no_request_is_left_for_is_asked_for_again() -> None:
    call = ScriptedCall().live(guidance_clips={})
    call.caller_says("I smell gas")
    call.wait(1_600)
    assert call.asked.sentence == GAS
    request = call.asked.request_id
    call.caller_says("4242 4242 4242 4242")  # what was requested is wanted no more
    code = "conversation_already_has_active_response"
    call.feed(ev.ModelRefused(call.at_ms, code, "…", request))
    call.ends(call.starts(), "cancelled", "client_cancelled")
    call.wait(1_600)
    call.ends(call.starts(call.asked.request_id), "cancelled", "client_cancelled")
    call.wait(1_600)

    assert sum(r.sentence == GAS for r in call.all(do.Respond)) == 2


def test_a_transcript_that_never_comes_holds_the_reply_for_a_second() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?", words=False)
    call.agent_says("Hi!")
    played = len(call.all(do.PlayAudio))
    call.wait(1_100)
    assert len(call.all(do.PlayAudio)) == played
    call.wait(200)

    assert len(call.all(do.PlayAudio)) > played


def test_a_session_that_no_terms_were_found_for_waits_two_seconds() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    assert session.deadline == 2_000
    session.handle(ev.TokenRedeemed(100, some_setup()))

    assert session.deadline is not None and session.deadline <= 10_100


# -- the opening, the silence, the cap ------------------------------------------------------


def test_who_says_nothing_at_first_is_asked_after_eight_seconds() -> None:
    call = ScriptedCall().live()
    call.wait(7_600)
    assert call.all(do.Respond) == []
    call.wait(600)

    assert call.asked.sentence == "Are you still there?"


def spoken_with() -> ScriptedCall:
    call = ScriptedCall().live(silence_ms=3000)
    call.caller_says("Hello.")
    call.agent_says("Yes?")
    call.wait(1_000)
    return call


def test_a_silent_caller_is_asked_twice_and_then_bidden_goodbye() -> None:
    call = spoken_with()
    for wording in ("Are you still there?", "Hello, can you hear me?"):
        call.wait(19_000)
        asked = len(call.all(do.Respond))
        call.wait(1_300)
        assert len(call.all(do.Respond)) == asked + 1
        assert call.asked.sentence == wording
        call.agent_says(wording, asked=True)
        call.wait(1_000)
    call.wait(20_100)
    assert call.asked.sentence == GOODBYE
    call.agent_says(GOODBYE, 1000, asked=True)
    call.wait(1100)

    assert call.end() == do.EndCall(EndReason.SILENCE)


def test_silence_is_never_cut_under_twenty_seconds() -> None:
    call = spoken_with()
    call.wait(19_500)

    assert len(call.all(do.Respond)) == 1


def test_no_silence_is_counted_while_a_tool_runs() -> None:
    call = spoken_with()
    call.wait(15_000)
    call.calls_tool("check_availability")
    call.wait(6_500)

    assert len(call.all(do.Respond)) == 1


def test_a_long_call_is_warned_and_then_ended() -> None:
    call = ScriptedCall().live(max_call_ms=20_000, warn_before_ms=10_000)
    call.caller_says("Hello.")
    call.agent_says("Yes?")
    call.wait(8_000)
    assert "two more minutes" in (call.asked.instructions or "")
    call.agent_says("We have two minutes left.", asked=True)
    call.wait(10_000)
    assert call.asked.sentence == GOODBYE
    call.agent_says(GOODBYE, 1000, asked=True)
    call.wait(1100)

    assert call.end() == do.EndCall(EndReason.TOO_LONG)


def test_a_redemption_not_settled_in_two_seconds_sends_the_caller_to_a_human() -> None:
    session = CallSession()
    session.handle(ev.LineOpened(100, "CA1", "MZ1", "tok"))
    assert session.handle(ev.Tick(2099)) == []

    commands = session.handle(ev.Tick(2100))

    assert commands[-1] == do.EndCall(EndReason.FAILED, Failure.REDEMPTION_LATE)
    assert do.NoteCall(2100, escalate=Failure.REDEMPTION_LATE) in commands
    assert session.handle(ev.TokenRedeemed(2200, some_setup())) == []


def test_a_model_that_is_never_ready_sends_the_caller_to_a_human() -> None:
    call = ScriptedCall()
    call.feed(ev.LineOpened(0, "CA1", "MZ1", "tok"))
    call.feed(ev.TokenRedeemed(0, some_setup()))
    call.wait(11_000)

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.MODEL_NOT_READY)
    assert call.measured("ModelSessionFailed") == [1]


# -- the page ------------------------------------------------------------------------------


def table_of_waits() -> list[list[str]]:
    """The rows of the table in docs/calls.md: waits for, from, timer, bound, then, test."""
    page = (Path(__file__).parents[5] / "docs" / "calls.md").read_text("utf-8")
    _, _, table = page.partition("| waits for | from | timer | bound | then | test |\n")
    rows = table.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_page_has_a_row_for_every_timer_and_for_no_other() -> None:
    timers = [name for row in table_of_waits() for name in row[2].split(", ") if name]

    assert set(timers) == set(Timer)


def test_every_test_the_page_names_exists() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parents[1].rglob("*.py"))
    named = re.findall(r"`(test_\w+)`", " ".join(row[5] for row in table_of_waits()))

    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in tests] == []


@pytest.mark.parametrize("words", ["come", "are late"])
def test_a_booking_that_waited_for_words_is_given_no_more_time_than_any_tool(words: str) -> None:
    call = ScriptedCall().live()
    item = call.caller_says("Yes, book it.", words=False)
    response = call.starts()
    call.feed(ev.ToolCalled(call.at_ms, response, "call_1", "book_appointment", {}))
    call.ends(response)
    if words == "come":
        call.feed(ev.CallerSaid(call.at_ms, item, "Yes, book it."))
    call.wait(15_000)

    assert [answer.call_id for answer in call.all(do.AnswerTool)] == ["call_1"]
