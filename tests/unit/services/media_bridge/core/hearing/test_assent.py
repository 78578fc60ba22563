"""A yes is known by what it is; whatever else was said, or could not be read, is none."""

import pytest

from services.media_bridge.core.hearing.assent import is_yes, other_digits

READ = "I have 937, 555, 0142, and 123 Oak Street. Is that right?"


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "Yeah, that's right.",
        "Correct.",
        "Uh-huh.",
        "Mm-hmm.",
        "Yep, you got it.",
        "That's it.",
        "That’s correct, thank you very much.",
        "Yes, it is.",
        "Yes, that's the best number to reach me.",
        "Um, yes, please.",
        "Oh, yes.",
        "That's the one.",
        "Yes ma'am.",
        "Yes, 123 Oak Street.",
        "Yes, one twenty-three Oak.",
        "Yeah, nine three seven, five five five, oh one four two.",
    ],
)
def test_a_whole_utterance_of_assent_is_a_yes(said: str) -> None:
    assert is_yes(said, READ)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "...",
        "Thank you for watching!",
        "시청해주셔서 감사합니다!",
        "Sí, correcto.",
        "Да.",
        "Um...",
        "What?",
        "Yes?",
        "Hold on a second.",
        "Right, wait.",
        "Could you repeat that?",
        "Okay.",
        "All right.",
        "Uh-uh.",
        "No, that's right.",
        "Yeah, no.",
        "That's not okay.",
        "Not correct.",
        "Almost right.",
        "Is that right",
        "Yes, but my name is spelled differently.",
        "Yes, Elm Street.",
        "Yes, 125 Oak.",
        "Close, but it's 125 Oak.",
        "It's 937 555 0143.",
        "Yes, and the gate is 1234.",
        "123 Oak Street.",
    ],
)
def test_anything_else_is_none(said: str) -> None:
    assert not is_yes(said, READ)


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("It's 125 Oak.", True),
        ("Yes, nine three seven, five five five, oh one four three.", True),
        ("Yes, 937.", False),
        ("That's the one.", False),
        ("Oh, yes.", False),
        ("Yes.", False),
    ],
)
def test_other_digits_are_told_from_the_same_said_again(said: str, other: bool) -> None:
    assert other_digits(said, READ) is other
