"""What the caller keys: numbers told to the model, a 0 for a person."""

from services.media_bridge.core import commands as do
from tests.scripted import ScriptedCall


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


def test_a_lone_zero_reaches_a_person_after_a_short_pause() -> None:
    call = ScriptedCall().live()
    call.keys("0")
    assert call.all(do.NoteCall)[-1].escalate is None
    call.wait(1500)

    assert call.all(do.NoteCall)[-1].escalate == "caller_pressed_0"


def test_a_number_that_begins_with_zero_is_a_number() -> None:
    call = ScriptedCall().live()
    call.keys("0417#")
    call.agent_says("Thanks.")
    call.keys("02139")
    call.wait(3200)

    assert [told.text for told in call.all(do.TellModel)] == [
        "The caller keyed 0417 on the phone's keypad.",
        "The caller keyed 02139 on the phone's keypad.",
    ]
    assert not any(note.escalate for note in call.all(do.NoteCall))
