"""The caller talks over the agent: what stops, and what the model is told was heard."""

import pytest

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from tests.scripted import ScriptedCall, sound


def quiet_call(**more: bool) -> ScriptedCall:
    call = ScriptedCall(**more).live()
    call.caller_says("My AC stopped cooling.")
    call.wait(100)
    return call


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


def test_the_cut_turn_says_what_was_heard() -> None:
    call = quiet_call()
    item = call.agent_says("one two three four five six seven eight nine ten", 4000)
    call.wait(2000)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    (turn,) = [t for t in call.all(do.NoteTurn) if t.item_id == item]
    assert (turn.cut, turn.sent_ms) == (True, 4000)
    assert turn.heard_ms is not None and abs(turn.heard_ms - 2000) <= 20
    assert turn.heard == "one two three four five"
    assert turn.text == "one two three four five six seven eight nine ten"


def test_words_that_come_after_the_cut_complete_its_note() -> None:
    call = quiet_call()
    response = call.starts()
    for _ in range(10):
        call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.wait(1000)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))
    assert [t for t in call.all(do.NoteTurn) if t.item_id == "a9"] == []
    call.feed(ev.AgentSaid(call.at_ms, response, "a9", "alpha beta gamma delta"))

    (turn,) = [t for t in call.all(do.NoteTurn) if t.item_id == "a9"]
    assert (turn.cut, turn.heard) == (True, "alpha beta")


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


def test_marks_returned_by_clear_count_for_nothing() -> None:
    call = quiet_call()
    first = call.agent_says("first " * 10, 4000)
    call.wait(600)
    call.feed(ev.CallerSpoke(call.at_ms, "u8"))
    call.feed(ev.CallerStopped(call.at_ms, "u8"))
    call.feed(ev.CallerSaid(call.at_ms, "u8", "Wait."))
    second = call.agent_says("second " * 10, 4000)
    call.wait(600)  # the echoes of the cleared marks come in here

    commands = call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    cuts = {c.item_id: c.heard_ms for c in call.all(do.Truncate)}
    assert abs(cuts[first] - 600) <= 20
    assert abs(cuts[second] - call.heard[second]) <= 20
    assert type(commands[0]) is do.ClearPlayback


def test_heard_is_never_more_than_was_sent() -> None:
    call = quiet_call()
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(400)))
    call.wait(300)
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.wait(120)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    (cut,) = call.all(do.Truncate)
    assert abs(cut.heard_ms - 420) <= 20


def test_sound_after_a_pause_in_the_stream_is_counted_from_when_it_came() -> None:
    call = quiet_call()
    response = call.starts()
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(200)))
    call.wait(3000)  # the model thinks, or a tool runs
    call.feed(ev.AgentAudio(call.at_ms, response, "a9", sound(1000)))
    call.wait(400)
    call.feed(ev.CallerSpoke(call.at_ms, "u9"))

    (cut,) = call.all(do.Truncate)
    assert abs(cut.heard_ms - 600) <= 20


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


def test_turns_are_numbered_in_the_order_of_the_conversation() -> None:
    call = ScriptedCall().live()
    user = call.caller_says("Hello?", words=False)
    call.agent_says("Hi there.", 600)
    call.wait(2000)
    call.feed(ev.CallerSaid(call.at_ms, user, "Hello?"))

    turns = {t.item_id: t.seq for t in call.all(do.NoteTurn)}
    assert sorted(turns.values()) == [1, 2, 3]
    assert turns[user] == 2
