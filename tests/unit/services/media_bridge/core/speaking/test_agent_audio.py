"""The caller talks over the agent: what stops, and what the model is told was heard."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from tests.scripted import ScriptedCall, quiet_call, sound


@pytest.mark.parametrize("echo", [True, False])
def test_talking_over_the_agent_clears_first_and_then_truncates(echo: bool) -> None:
    call = quiet_call(echo_after_clear=echo)
    item = call.agent_says("one two three four five six seven eight nine ten", 4000)
    call.wait(1500)

    commands = call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    assert type(commands[0]) is do.ClearPlayback
    (cut,) = [c for c in commands if isinstance(c, do.Truncate)]
    assert cut.item_id == item
    assert abs(cut.heard_ms - call.heard[item]) <= 20
    assert call.all(do.CancelResponse) == []  # the server cancels by itself


def test_late_deltas_of_a_cut_response_are_never_heard() -> None:
    call = quiet_call()
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(2000)))
    call.wait(500)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    assert call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200))) == []
    assert call.feed(ev.AgentAudio(call.at_ms, response, "another", sound(200))) == []


def test_nothing_is_truncated_when_nothing_was_played() -> None:
    call = quiet_call()
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(2000)))

    commands = call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    assert type(commands[0]) is do.ClearPlayback
    assert isinstance(commands[1], do.ForgetItem) and commands[1].item_id == "a9"
    assert call.all(do.Truncate) == []


def test_a_caller_who_speaks_before_the_first_sound_of_a_response_is_not_talked_over() -> None:
    call = quiet_call()
    response = call.starts()

    assert call.feed(ev.CallerSpoke(call.at_ms, "u9")) == []
    assert call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200))) == []


def test_after_playback_ended_speaking_stops_nothing() -> None:
    call = quiet_call()
    call.agent_says("How can I help?", 1000)
    call.wait(1200)

    assert call.feed(ev.CallerSpoke(call.at_ms, "u9")) == []


def test_of_two_items_the_one_playing_is_cut_and_the_next_forgotten() -> None:
    call = quiet_call()
    response = call.starts()
    first = call.speaks(response, "one two", 1000, over=False)
    second = call.speaks(response, "three four", 1000)
    call.wait(500)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    assert [c.item_id for c in call.all(do.Truncate)] == [first]
    assert [c.item_id for c in call.all(do.ForgetItem)] == [second]


def test_a_truncation_longer_than_the_item_is_tried_once_at_the_length_named() -> None:
    call = quiet_call()
    item = call.agent_says("one two three", 4000)
    call.wait(3760)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    (cut,) = call.all(do.Truncate)
    message = f"Audio content of 3700ms is already shorter than {cut.heard_ms}ms"

    again = call.feed(ev.ModelRefused(call.at_ms, "invalid_request_error", message, None))
    assert isinstance(again[0], do.Truncate) and again[0].item_id == item
    assert again[0].heard_ms == 3700
    refusal = ev.ModelRefused(call.at_ms, "invalid_request_error", message, again[0].request_id)
    assert call.feed(refusal) == []


def test_the_first_word_after_the_caller_stopped_is_timed() -> None:
    call = ScriptedCall().live()
    call.caller_says("Hello?")
    call.wait(700)
    item = call.agent_says("Hi there.", 600)
    call.wait(800)

    assert call.measured("TurnLatencyMs") == [700]
    (turn,) = [t for t in call.all(do.NoteTurn) if t.item_id == item]
    assert (turn.latency_ms, turn.cut) == (700, False)
