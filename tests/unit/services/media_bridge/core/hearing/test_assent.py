"""A yes is known by what it is; whatever else was said, or could not be read, is none."""

import pytest

from services.media_bridge.core.hearing.assent import answer_to, is_yes, other_digits

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


@pytest.mark.parametrize(
    "said",
    [
        "It's been one of those weeks, you know. Yep.",
        "Sorry about the noise, that's my kids. Yes, that's right.",
        "Hang on one second. Okay, yes.",
        "Yep, that's my cell.",
        "Yes. My dog barks at everyone.",
        "I was up half the night with it. Correct.",
        "Yeah, that's me. Do you take cards?",
        "What a week! Yes ma'am.",
        "No problem. Yes.",
    ],
)
def test_a_yes_beside_something_that_changes_nothing_is_a_yes(said: str) -> None:
    assert answer_to(READ, said) is True


@pytest.mark.parametrize(
    "said",
    [
        "Yes. But it's the other street.",
        "Yes. It's apartment four.",
        "Yes. Wait.",
        "It's been one of those weeks.",
        "Yes. One more thing, it's 125.",
        "That was quick. What?",
        "Yes? I'm not sure.",
        "The name is spelled with a K. Yes.",
    ],
)
def test_a_yes_beside_something_that_changes_it_is_none(said: str) -> None:
    assert answer_to(READ, said) is not True


ASKED = "So that's Sam Hale, tonight 9 to 11 PM, $248 for the visit. Shall I book it?"


@pytest.mark.parametrize(
    "said",
    ["Yes.", "Okay.", "Sure, go ahead.", "Please do.", "Book it.", "Let's do it.", "That works.",
     "Sounds good, thanks.", "Yeah, that's fine with me.", "Perfect.", "Um, okay, yes please."],
)  # fmt: skip
def test_more_words_are_a_yes_to_whether_to_book(said: str) -> None:
    assert answer_to(ASKED, said, go_ahead=True) is True


@pytest.mark.parametrize(
    "said",
    ["No.", "Not yet.", "Hold on.", "How much?", "Okay, but can you come earlier?", "Actually, no.",
     "Can we do tomorrow instead?", "Not okay.", "Let me ask my wife.", "Maybe.", "Okay, 8 to 10."],
)  # fmt: skip
def test_these_are_none_to_whether_to_book(said: str) -> None:
    assert answer_to(ASKED, said, go_ahead=True) is not True


def test_okay_is_no_yes_to_whether_it_is_right() -> None:
    assert answer_to(READ, "Okay.") is None


@pytest.mark.parametrize("asked", ["Shall I move it?", "Shall I cancel your visit tonight?"])
@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("Okay.", True),
        ("Alright, please do.", True),
        ("Yes, cancel it.", True),
        ("Move it.", True),
        ("Call it off.", True),
        ("No, keep it.", False),
        ("Don't cancel it.", None),
        ("What does that cost me?", None),
        ("Wait, not yet.", None),
    ],
)
def test_to_move_or_cancel_takes_the_same_plain_yes(
    asked: str, answer: str, meant: bool | None
) -> None:
    assert answer_to(asked, answer, go_ahead=True) is meant
