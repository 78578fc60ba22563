"""A callback number, however it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.simulator.receptionist.hearing.phone import in_groups, phone

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@given(st.text("0123456789", min_size=10, max_size=10), st.sampled_from([" ", ", ", ". ", "-"]))
def test_ten_digits_are_a_phone_number_in_words_or_figures(ten: str, between: str) -> None:
    assert phone(ten) == ten
    assert phone(between.join(ten)) == ten
    assert phone(between.join(WORDS[int(digit)] for digit in ten)) == ten
    assert in_groups(ten).replace(", ", "") == ten


@given(st.text("0123456789").filter(lambda text: len(text) not in (10, 11)))
def test_any_other_count_of_digits_is_no_phone_number(digits: str) -> None:
    assert phone(digits) is None


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("five double five one two three triple zero oh", "5551230000"),
        ("1-555-123-0000", "5551230000"),
        ("Sarah Miller, 555-123-0000.", "5551230000"),
        ("five five five one twenty three four thousand", "5551234000"),
    ],
)
def test_a_number_is_heard_however_it_is_said(said: str, digits: str) -> None:
    assert phone(said) == digits
