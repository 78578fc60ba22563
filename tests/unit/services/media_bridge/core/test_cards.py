"""Card numbers, spoken or keyed: stopped, forgotten, masked everywhere."""

import json

from services.media_bridge.core import commands as do
from services.media_bridge.core import events as ev
from services.media_bridge.core.wording import NO_CARDS
from tests.scripted import ScriptedCall

CARD = "4242 4242 4242 4242"
SPOKEN = "four two four two, four two four two, four two four two, four two four two"


def leaks(text: str) -> bool:
    return "4242" in text.replace(" ", "") or "four two four two" in text


def test_a_card_number_is_interrupted_forgotten_and_refused() -> None:
    call = ScriptedCall().live()
    user = call.caller_says(f"My card is {CARD}.", words=False)
    response = call.starts()
    call.feed(ev.CallerSaid(call.at_ms, user, f"My card is {CARD}."))

    assert [c.response_id for c in call.all(do.CancelResponse)] == [response]
    assert [c.item_id for c in call.all(do.ForgetItem)] == [user]
    assert call.measured("CardNumbersMasked") == [1]
    call.ends(response, "cancelled")
    assert call.asked.instructions == f"Say exactly: {NO_CARDS}"
    (turn,) = [t for t in call.all(do.NoteTurn) if t.role == "user"]
    assert turn.text == "My card is [card number]."


def test_a_card_number_over_two_turns_is_masked_in_both() -> None:
    call = ScriptedCall().live()
    first = call.caller_says("It's 4242 4242")
    second = call.caller_says("4242 4242")

    newest = {t.item_id: t.text for t in call.all(do.NoteTurn) if t.role == "user"}
    assert not leaks(newest[first] + newest[second])
    assert [c.item_id for c in call.all(do.ForgetItem)] == [first, second]


def test_no_card_number_is_in_any_command_or_journal() -> None:
    call = ScriptedCall().live()
    call.caller_says("Take 4242 4242")
    call.caller_says("4242 4242 please")
    call.caller_says(SPOKEN)
    call.agent_says(f"You said {CARD}.")
    call.wait(1400)
    tool = call.calls_tool("add_note", json.dumps({"note": f"card {CARD}"}))
    call.tool_answers(tool, json.dumps({"noted": f"card {CARD}"}))
    call.keys("4242424242424242#")
    call.feed(ev.LineClosed(call.at_ms, "hung_up"))
    lines = call.lines + call.journal.rest()

    assert not leaks(lines)
    written = [c for c in call.done if not isinstance(c, do.NoteTurn)]
    assert not leaks(str(written))
    newest = {turn.seq: turn for turn in call.all(do.NoteTurn)}
    assert not leaks(str(newest))


def test_a_keyed_card_number_is_stopped_and_never_told() -> None:
    call = ScriptedCall().live()
    call.keys("4242424242424242")
    call.wait(3200)

    assert call.measured("CardNumbersMasked") == [1]
    assert not any("keyed" in told.text for told in call.all(do.TellModel))
    assert call.asked.instructions == f"Say exactly: {NO_CARDS}"


def test_a_phone_number_is_no_card() -> None:
    call = ScriptedCall().live()
    call.caller_says("My number is 555 123 0000.")

    assert call.measured("CardNumbersMasked") == []


def test_a_keyed_number_is_told_to_the_model_after_a_pause() -> None:
    call = ScriptedCall().live()
    call.keys("5551230000")
    assert call.all(do.TellModel) == []
    call.wait(3200)

    assert call.all(do.TellModel) == [
        do.TellModel("The caller keyed 5551230000 on the phone's keypad.")
    ]
    assert call.all(do.Respond) == [do.Respond("r1")]


def test_a_keyed_number_is_told_at_once_after_the_hash_key() -> None:
    call = ScriptedCall().live()
    call.keys("45501#")

    assert [told.text for told in call.all(do.TellModel)] == [
        "The caller keyed 45501 on the phone's keypad."
    ]


def test_the_star_key_begins_anew() -> None:
    call = ScriptedCall().live()
    call.keys("99*45501#")

    assert "45501" in call.all(do.TellModel)[0].text
    assert "99" not in call.all(do.TellModel)[0].text
