"""Who asks whether they talk to a person asks just that."""

import pytest

from shared.domain.spoken.whether_ai import asks_whether_ai


@pytest.mark.parametrize(
    "said",
    [
        "Wait, am I talking to a real person?",
        "are you a robot",
        "Is this a robot or a person?",
        "Are you human?",
        "You're a bot, aren't you?",
        "Hold on, is this one of those AI things?",
        "so i'm talking to a computer?",
        "Am I talking to somebody real?",
        "is this like a computer voice",
        "am i talkin to a machine here",
        "are you a real lady or what",
    ],
)
def test_it_is_heard_in_many_words(said: str) -> None:
    assert asks_whether_ai(said)


@pytest.mark.parametrize(
    "said",
    [
        "Can I talk to a real person?",
        "I want a human.",
        "Is this recording my call?",
        "Is it the computer board?",
        "Is it the machine outside that's rattling?",
        "Are you the guy who came yesterday?",
        "Are you a person who can help me with billing?",
        "Is it real gas?",
        "Is this recorded?",
    ],
)
def test_a_wish_for_a_person_and_a_machine_that_is_broken_are_none(said: str) -> None:
    assert not asks_whether_ai(said)
