"""What the model read beside what it was to read, however its transcript spells it."""

import pytest

from services.media_bridge.core.speaking.same_words import agreed, folded, same_words


@pytest.mark.parametrize(
    ("said", "wording"),
    [
        ("I am the AI assistant.", "I'm the A.I. assistant!"),
        ("We’re CoolCare and Sons", "we are CoolCare & Sons."),
        ("THANKS - for calling", "Thanks for calling."),
        ("That's two hundred six dollars.", "That is $206."),
        ("two hundred and six dollars", "$206"),
        ("five five five, one two three, zero zero zero zero", "555, 123, 0000"),
        ("nine to eleven p.m. on Friday, August twenty-eighth", "9 to 11 PM on Friday, August 28"),
        ("fourteen ten North Elm Street", "1410 North Elm Street"),
        ("We can't do that, and won't.", "We cannot do that and will not."),
        ("twelve hundred dollars", "$1,200"),
    ],
)  # fmt: skip
def test_spelling_and_stops_make_no_other_words(said: str, wording: str) -> None:
    assert same_words(said, wording)


@pytest.mark.parametrize(
    "said", ["", "I'm the assistant.", "I'm the AI assistant, Max.", "the AI assistant I'm"]
)
def test_fewer_more_or_turned_words_are_others(said: str) -> None:
    assert not same_words(said, "I'm the AI assistant.")


@pytest.mark.parametrize(
    ("said", "wording"),
    [
        ("It's two hundred sixty dollars.", "It's $206."),
        ("from nine to ten PM", "from 9 to 11 PM"),
        ("Friday, August twenty-ninth", "Friday, August 28th"),
        ("1411 North Elm Street", "1410 North Elm Street"),
        ("We can do that.", "We can't do that."),
    ],
)
def test_another_figure_or_a_denial_more_or_less_is_a_difference(said: str, wording: str) -> None:
    assert not same_words(said, wording)


def test_a_transcript_agrees_as_far_as_its_complete_words_go() -> None:
    wording = "That is $206 for tonight."

    assert agreed("", folded(wording)) == 0
    assert agreed("That's tw", folded(wording)) == len("thatis")
    assert agreed("That's two hundred", folded(wording)) == len("thatis")
    assert agreed("That's two hundred six dollars for", folded(wording)) == len("thatis206")
    assert agreed("That's two hundred six dollars for tonight.", folded(wording)) == len(
        "thatis206fortonight"
    )


@pytest.mark.parametrize(
    ("wording", "spoken"),
    [
        (
            "So that's Dana Cole, 937, 555, 0691, and 310 Selma Road. Is that right?",
            "So that's Dana Cole, nine three seven, five five five, oh six nine one, and three ten "
            "Selma Road. Is that right?",
        ),
        ("It's 1,200 and then 14 Elm.", "It is twelve hundred and then fourteen Elm."),
        ("Friday, August 28, 9 to 11 PM.", "Friday, August twenty-eighth, nine to eleven PM."),
    ],
)
def test_a_transcript_that_grows_agrees_at_every_letter(wording: str, spoken: str) -> None:
    for said in (wording, spoken):
        read = [agreed(said[:end], folded(wording)) for end in range(len(said) + 1)]
        assert None not in read
        assert read[-1] == agreed(wording, folded(wording))


@pytest.mark.parametrize("said", ["Well, that", "That's two hundred sixty for ", "That is not "])
def test_a_transcript_that_says_something_else_agrees_no_more(said: str) -> None:
    assert agreed(said, folded("That is $206 for tonight.")) is None
