"""A yes says what was asked."""

import pytest

from services.media_bridge.core.guards.claims.stated import stated


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("Are you a real person?", " i am a real person "),
        ("So I'm booked for Friday?", " you are booked for friday "),
        ("Did you text me?", " i have text me "),
        ("Is it free?", " it is free "),
        ("Hi there. Is the visit free then?", " the visit is free then "),
    ],
)
def test_a_question_is_turned_into_what_it_asks_for(asked: str, says: str) -> None:
    statement = stated(asked)

    assert statement is not None
    assert statement.text == says


def test_silence_states_nothing() -> None:
    assert stated("") is None
