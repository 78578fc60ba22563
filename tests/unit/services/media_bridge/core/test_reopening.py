"""A model that is lost is opened again: nobody starts over, nothing is done twice."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.hearing.kept_audio import LEAD_FRAMES, TURN_FRAMES
from services.media_bridge.core.journal import replay
from services.media_bridge.core.phases import Phase
from services.media_bridge.core.speaking.phrases import KEYED, RESUMED, STILL_RUNNING
from shared.domain.outcomes import EndReason, Failure
from tests.moments import STILL_THERE, WAITING
from tests.scripted import DISCLOSURE, ScriptedCall, some_setup

ABOUT_THE_MODEL = (
    do.OpenSession,
    do.TellSpoken,
    do.TellHeard,
    do.TellModel,
    do.RecallTool,
    do.AnswerTool,
    do.Respond,
)


def lost(call: ScriptedCall, *, for_good: bool = False) -> list[do.Command]:
    return call.feed(ev.ModelLost(call.at_ms, "closed", for_good))


def told(commands: list[do.Command]) -> list[do.Command]:
    return [command for command in commands if isinstance(command, ABOUT_THE_MODEL)]


def quoted() -> ScriptedCall:
    """The caller has described the trouble, and the agent has told the price."""
    call = ScriptedCall().live()
    call.caller_says("My AC stopped cooling.")
    response = call.starts()
    tool = call.calls_tool("get_pricing_quote", '{"service_type":"repair"}', response_id=response)
    call.ends(response)
    call.tool_answers(tool, '{"visit_fee": 99}')
    call.agent_says("Somebody comes out.", asked=True)
    call.wait(1_200)
    return call


def test_the_next_session_learns_what_was_said_heard_and_answered_in_order() -> None:
    call = quoted()
    assert lost(call)[-1] == do.ReopenModel()

    commands = told(call.reopens())

    (recalled,) = [command for command in commands if isinstance(command, do.RecallTool)]
    assert recalled.call_id != "c1" and recalled.name == "get_pricing_quote"
    assert recalled.arguments == {"service_type": "repair"}
    assert [type(c).__name__ for c in commands] == [
        "TellSpoken",
        "TellHeard",
        "RecallTool",
        "AnswerTool",
        "TellSpoken",
        "TellModel",
    ]
    assert commands[0] == do.TellSpoken(DISCLOSURE, "clip-disclosure")
    assert commands[3] == do.AnswerTool(recalled.call_id, '{"visit_fee": 99}')
    assert commands[-1] == do.TellModel(RESUMED)


def test_between_turns_nothing_is_said_and_nothing_asked_for() -> None:
    call = quoted()

    commands = [*lost(call), *call.reopens()]

    assert not [c for c in commands if isinstance(c, do.PlayAudio | do.Respond | do.ClearPlayback)]


def test_half_a_sentence_is_stopped_and_what_was_wanted_is_asked_for_anew() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much is it?")
    response = call.starts()
    call.speaks(response, "It is", 2_000, over=False)
    call.wait(400)

    commands = lost(call)

    assert commands[1] == do.ClearPlayback()
    call.wait(1_200)
    assert call.heard["clip-waiting-1"] == 1_000
    assert isinstance(call.reopens()[-1], do.Respond)


def test_a_sentence_that_had_to_be_said_word_for_word_is_said_anew() -> None:
    call = ScriptedCall().live()
    call.caller_says("Yes.")
    response = call.starts()
    tool = call.calls_tool("check_availability", response_id=response)
    call.ends(response)
    call.tool_answers(tool)
    call.agent_says("Tonight at nine?", asked=True)
    call.wait(1_200)
    call.wait(20_000)
    assert call.asked.sentence == STILL_THERE
    call.starts()

    lost(call)

    assert call.reopens()[-1] == do.Respond(call.asked.request_id, None, STILL_THERE)


def test_a_turn_whose_words_never_came_is_heard_by_the_next_session() -> None:
    call = ScriptedCall().live()
    call.feed(ev.CallerSpoke(call.at_ms, "u1"))
    call.wait(2_000)
    lost(call)
    call.wait(500)

    commands = call.reopens()

    sound = [c for c in commands if isinstance(c, do.HearAudio)]
    assert len(sound) == LEAD_FRAMES + (2_000 + 500) // 20
    assert not [c for c in commands if isinstance(c, do.Respond)]
    call.feed(ev.CallerSpoke(call.at_ms, "v1"))
    assert isinstance(call.feed(ev.CallerStopped(call.at_ms, "v1"))[-1], do.Respond)


def test_of_a_long_turn_the_newest_five_seconds_are_kept() -> None:
    call = ScriptedCall().live()
    call.feed(ev.CallerSpoke(call.at_ms, "u1"))
    call.wait(7_500)
    lost(call)

    assert len([c for c in call.reopens() if isinstance(c, do.HearAudio)]) == TURN_FRAMES


def test_a_turn_that_nothing_is_left_of_is_answered_after_a_moment_of_silence() -> None:
    call = ScriptedCall().live()
    call.caller_says("", words=False)
    lost(call)
    call.reopens()
    call.wait(2_000)

    assert call.all(do.CommitAudio)
    assert call.all(do.Respond)[-1].sentence is None


def test_words_that_were_understood_are_answered_and_not_heard_twice() -> None:
    call = ScriptedCall().live()
    call.caller_says("How much is it?")
    lost(call)

    commands = call.reopens()

    assert do.TellHeard("How much is it?", "u1") in commands
    assert not [c for c in commands if isinstance(c, do.HearAudio)]
    assert isinstance(commands[-1], do.Respond)


def test_a_booking_under_way_is_told_in_words_and_runs_once() -> None:
    call = ScriptedCall().live()
    call.caller_says("Yes, book it.")
    response = call.starts()
    tool = call.calls_tool("take_message", response_id=response)
    lost(call)
    assert do.TellModel(STILL_RUNNING.format(tool="take_message")) in call.reopens()
    assert not call.all(do.Respond)[1:]

    call.tool_answers(tool, '{"taken":true}')

    assert call.all(do.AnswerTool) == []
    assert call.all(do.TellModel)[-1].text == 'take_message has now answered: {"taken":true}'
    assert len(call.all(do.RunTool)) == 1
    assert isinstance(call.last[-1], do.Respond)


def test_a_tool_that_answers_between_two_sessions_is_told_with_the_rest() -> None:
    call = ScriptedCall().live()
    call.caller_says("Yes.")
    response = call.starts()
    tool = call.calls_tool("take_message", response_id=response)
    lost(call)
    call.tool_answers(tool, '{"taken":true}')

    commands = told(call.reopens())

    assert [c.output for c in commands if isinstance(c, do.AnswerTool)] == ['{"taken":true}']
    assert not any("has now answered" in c.text for c in commands if isinstance(c, do.TellModel))


def test_keys_pressed_between_two_sessions_are_told() -> None:
    call = quoted()
    lost(call)
    call.keys("5551230145#")

    commands = told(call.reopens())

    texts = [command.text for command in commands if isinstance(command, do.TellModel)]
    assert KEYED.format(keys="5551230145") in texts
    assert isinstance(commands[-1], do.Respond)


def test_the_third_loss_brings_a_person() -> None:
    call = quoted()
    for pause_ms in (0, 700):
        assert lost(call)[-1] == do.ReopenModel(pause_ms)
        call.reopens()
    lost(call)

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.MODEL_LOST)
    assert call.measured("ModelReopened") == [1, 1]


def test_a_loss_for_good_brings_a_person_at_once() -> None:
    call = quoted()
    lost(call, for_good=True)

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.MODEL_LOST)


def test_a_next_session_that_is_not_ready_in_four_seconds_brings_a_person() -> None:
    call = quoted()
    lost(call)
    call.wait(3_900)
    assert call.all(do.EndCall) == []
    call.wait(200)

    assert call.end() == do.EndCall(EndReason.FAILED, Failure.MODEL_NOT_READY)


def test_a_model_lost_under_the_disclosure_leaves_it_to_be_heard() -> None:
    call = ScriptedCall()
    call.open()
    call.wait(600)

    assert not [c for c in lost(call) if isinstance(c, do.ClearPlayback)]
    call.reopens()
    call.wait(2_000)
    assert call.heard["clip-disclosure"] == 2_000
    assert call.all(do.HearAudio)


def test_a_guidance_the_model_had_to_read_is_read_by_the_next_session() -> None:
    call = ScriptedCall().live(guidance_clips={})
    call.caller_says("I smell gas.")
    call.starts()
    lost(call)

    assert call.reopens()[-1] == do.Respond(
        call.asked.request_id, None, some_setup().guidance["gas_leak"]
    )


def test_an_expired_session_is_opened_again() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")

    commands = call.ends(call.starts(), "failed", "session_expired")

    assert commands[-1] == do.ReopenModel()
    assert isinstance(call.reopens()[-1], do.Respond)


@pytest.mark.parametrize("when", ["speaking", "waiting", "between"])
def test_a_call_whose_model_was_lost_replays(when: str) -> None:
    call = quoted()
    if when == "speaking":
        call.feed(ev.CallerSpoke(call.at_ms, "u8"))
        call.wait(800)
    if when == "waiting":
        call.caller_says("Yes.")
    lost(call)
    call.wait(300)
    call.reopens()
    call.caller_says("My card is 4242 4242 4242 4242.")
    call.wait(2_000)
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))

    assert call.session.phase is Phase.ENDED
    assert "4242" not in call.lines
    assert replay(call.lines.splitlines()) == []


def test_a_card_that_was_told_to_a_lost_session_is_taken_out_of_the_next_one() -> None:
    call = ScriptedCall().live()
    call.caller_says("It is 4242 4242")
    call.agent_says("And the rest?")
    call.wait(1_200)
    lost(call)
    told_anew = [c for c in call.reopens() if isinstance(c, do.TellHeard)]
    call.caller_says("4242 4242")

    forgotten = [(c.item_id, c.retold) for c in call.all(do.ForgetItem)]
    assert [c.item_id for c in told_anew] == ["u1"]
    assert ("u1", True) in forgotten and ("u4", False) in forgotten


def test_every_clip_for_waiting_is_other_words() -> None:
    assert len(set(WAITING)) == len(WAITING) == 3
