"""The rows of a call: numbered in the order of the conversation, with what was heard."""

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from tests.scripted import ScriptedCall, quiet_call, sound


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


def test_turns_are_numbered_in_the_order_of_the_conversation() -> None:
    call = ScriptedCall().live()
    user = call.caller_says("Hello?", words=False)
    call.agent_says("Hi there.", 600)
    call.wait(2000)
    call.feed(ev.CallerSaid(call.at_ms, user, "Hello?"))

    turns = {t.item_id: t.seq for t in call.all(do.NoteTurn)}
    assert sorted(turns.values()) == [1, 2, 3]
    assert turns[user] == 2
