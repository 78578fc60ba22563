"""What is written is read aloud as people read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.simulator.speech.spoken import cardinal, clauses, ordinal, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It runs $300-$800.", "It runs three hundred to eight hundred dollars."),
        (
            "It runs $450 to $1,200.",
            "It runs four hundred fifty to one thousand two hundred dollars.",
        ),
        ("The visit is $248, and", "The visit is two hundred forty eight dollars, and"),
        ("a $206 deposit", "a two hundred six dollar deposit"),
        ("$206.25", "two hundred six dollars and twenty five cents"),
        ("$1", "one dollar"),
        ("Call 555-123-0000 now", "Call five five five, one two three, zero zero zero zero now"),
        ("+15551230000", "five five five, one two three, zero zero zero zero"),
        ("4242 4242 4242 4242", "; ".join(["four, two, four, two"] * 4)),
        (
            "Is 555, 123, 0000, right",
            "Is five five five, one two three, zero zero zero zero, right",
        ),
        ("(937) 555-0190", "nine three seven, five five five, zero one nine zero"),
        ("tonight 9-11pm.", "tonight nine to eleven p m."),
        ("tonight 9 to 11 PM", "tonight nine to eleven p m"),
        ("from 11 AM to 1 PM", "from eleven a m to one p m"),
        ("at 9:00 PM", "at nine p m"),
        ("at 8:30 a.m. sharp", "at eight thirty a m sharp"),
        ("until 5 p.m. Then", "until five p m. Then"),
        ("at 8:05 AM", "at eight oh five a m"),
        ("Thu, Aug 28", "Thursday, August twenty eighth"),
        ("August 29th", "August twenty ninth"),
        ("123 Oak Street", "one twenty three Oak Street"),
        ("123 Oak St, Springfield, OH", "one twenty three Oak Street, Springfield, Ohio"),
        ("42 Maple Ave.", "forty two Maple Avenue."),
        ("105 Oak Street", "one oh five Oak Street"),
        ("1450 N. Maple Ave., Springfield", "fourteen fifty North Maple Avenue, Springfield"),
        ("1405 Elm Rd", "fourteen oh five Elm Road"),
        ("ZIP 45503", "ZIP four five five zero three"),
        ("gate code 1234", "gate code one two three four"),
        ("call 911 from outside", "call nine one one from outside"),
        ("an AI assistant", "an A I assistant"),
        ("Your AC unit, CO alarm", "Your A C unit, C O alarm"),
        ("25% of it", "twenty five percent of it"),
        ("2025", "twenty twenty five"),
        ("within 24 hours", "within twenty four hours"),
        ("ready — one moment", "ready, one moment"),
        ("two-hour window", "two hour window"),
        ("Mon-Fri", "Monday to Friday"),
        ("No. I'm fine.", "No. I'm fine."),
        ("see https://pay.example/a1", "see the link"),
    ],
)
def test_it_is_said_like_this(written: str, said: str) -> None:
    assert spoken(written) == said


@given(st.text(max_size=200))
def test_no_figure_is_left(text: str) -> None:
    assert not any(letter in "0123456789$%" for letter in spoken(text))


@given(st.integers(0, 999_999))
def test_numbers_become_words(number: int) -> None:
    assert all(word.isalpha() for word in cardinal(number).split())


def test_ordinals() -> None:
    said = " ".join(ordinal(number) for number in (1, 2, 3, 12, 20, 21, 30))
    assert said == "first second third twelfth twentieth twenty first thirtieth"


def test_the_first_piece_is_short_and_nothing_is_lost() -> None:
    text = spoken(
        "Since it's after hours, tonight's visit is $248, and the estimate is about $825. "
        "Shall I find a time?"
    )
    pieces = list(clauses(text))

    assert len(pieces[0]) < 60
    assert " ".join(pieces) == text
    assert pieces[-1] == "Shall I find a time?"


@given(st.text(alphabet="ab, .!?;:", max_size=300))
def test_no_word_is_lost_between_clauses(text: str) -> None:
    words = "".join(letter for letter in text if letter in "ab")
    assert "".join(letter for letter in "".join(clauses(text)) if letter in "ab") == words
