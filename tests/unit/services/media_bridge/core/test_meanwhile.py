"""Nobody who is owed an answer hears nothing for longer than it takes to wonder."""

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from shared.domain.moments import CallMoment, wordings_of
from tests.moments import SAY_AGAIN
from tests.scripted import ScriptedCall


def waiting_clips(call: ScriptedCall) -> list[str]:
    return [item for item in call.heard if item.startswith("clip-waiting")]


def test_a_tool_that_takes_long_is_bridged_by_a_clip_and_then_another() -> None:
    call = ScriptedCall().live()
    call.caller_says("Book it, please.")
    response = call.starts()
    call.calls_tool("book_appointment", response_id=response)
    call.ends(response)
    call.wait(3_400)
    assert waiting_clips(call) == []
    call.wait(1_200)
    assert waiting_clips(call) == ["clip-waiting-1"]
    call.wait(4_600)
    assert waiting_clips(call) == ["clip-waiting-1", "clip-waiting-2"]


def test_each_clip_is_played_once_in_a_call() -> None:
    call = ScriptedCall().live()
    for _ in range(4):
        call.caller_says("And?")
        call.agent_says("Let me see.")
        call.wait(1_100)
        tool = call.calls_tool("book_appointment")
        call.wait(4_700)
        call.tool_answers(tool)
        call.agent_says("Done.", asked=True)
        call.wait(1_200)

    assert len(waiting_clips(call)) == 3


def test_an_answer_in_time_is_preceded_by_none() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.wait(3_000)
    call.agent_says("Yes?")
    call.wait(15_000)

    assert waiting_clips(call) == []


def test_nobody_is_spoken_over() -> None:
    call = ScriptedCall().live()
    call.loud = True
    call.feed(ev.CallerSpoke(call.at_ms, "u1"))
    call.wait(7_000)

    assert waiting_clips(call) == []


def test_a_clip_is_no_answer_to_measure() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    response = call.starts()
    call.wait(4_600)
    call.speaks(response, "Yes?")

    assert waiting_clips(call) and call.measured("TurnLatencyMs") == [4_600]


def test_without_clips_nothing_is_said() -> None:
    call = ScriptedCall().live(waiting_clips=())
    call.caller_says("Hello?")
    before = len(call.all(do.PlayAudio))
    call.wait(3_900)

    assert len(call.all(do.PlayAudio)) == before


def test_who_speaks_to_a_deaf_model_is_asked_to_say_it_again_and_then_hears_a_clip() -> None:
    call = ScriptedCall().live()
    call.wait(400)
    call.loud = True
    call.wait(1_200)
    call.loud = False
    call.wait(1_600)
    assert call.asked.sentence == SAY_AGAIN
    call.wait(1_200)
    assert waiting_clips(call) == ["clip-waiting-1"]  # 2.5 s after she fell silent
    call.wait(3_000)

    assert call.all(do.ReopenModel) == [do.ReopenModel()]


def test_noise_is_asked_about_twice_in_a_call() -> None:
    call = ScriptedCall().live()
    for _ in range(4):
        call.wait(400)
        call.loud = True
        call.wait(800)
        call.loud = False
        call.wait(1_600)
        if call.outstanding:
            call.agent_says(call.asked.sentence or "", 1_000)
        call.wait(1_200)

    said = [asked.sentence for asked in call.all(do.Respond)]
    assert tuple(said) == (*wordings_of(CallMoment.SAY_AGAIN)[:2], "Are you still there?")


def test_speech_the_model_notices_is_not_asked_about() -> None:
    call = ScriptedCall().live()
    call.loud = True
    call.wait(400)
    call.caller_says("Hello?")
    call.loud = False
    call.wait(1_700)
    call.agent_says("Yes?")
    call.wait(4_000)

    assert [asked.sentence for asked in call.all(do.Respond)] == [None]
