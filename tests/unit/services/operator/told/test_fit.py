"""Stored words on a terminal: what a hostile caller wrote moves nothing, and nobody is named."""

import pytest

from services.operator.told.fit import LONGEST, Mask, clean, phone

SARAH = Mask.of(["Sarah Miller", "123 Oak St, Springfield, OH"])


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b[1;1Hgone", "gone"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]52;c;cm0gLXJm\x1b\\after", "after"),
        ("\x1bP1$r\x1b\\after", "after"),
        ("\x9b31mred", "red"),
        ("a\rb\nc\td", "a b c d"),
        ("back\x08space\x7f\x00", "backspace"),
        ("\u202eevil\u2066 \u200bzero", "evil zero"),
        ("half \x1b", "half "),
        ("two\u2028lines", "two lines"),
        ("\ud800lone", "lone"),
    ],
)
def test_nothing_that_was_stored_moves_the_cursor(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown


def test_a_flood_of_words_is_cut() -> None:
    assert len(clean("x" * 1_000_000)) == LONGEST


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Sarah Miller here", "S. M. here"),
        ("sarah's at 123 oak street", "s.'s at … o. street"),
        ("call 555-123-0000, please", "call …0000, please"),
        ("+15551230000", "…0000"),
        ("(555) 123 0000", "…0000"),
        ("five five five, one two three", "[digits]"),
        ("Gate code 1234.", "Gate code ••••."),
        ("sarah@example.com", "s…@…"),
        ("pay here: https://x.example/pay/abc", "pay here: https://x.example/pay/…"),
        ("the range is $1200 to $1800", "the range is $1200 to $1800"),
        ("2025-08-28T21:00:00-04:00", "2025-08-28T21:00:00-04:00"),
        ("9 to 11 PM", "9 to 11 PM"),
    ],
)
def test_who_it_was_is_masked_and_what_was_agreed_is_not(said: str, shown: str) -> None:
    assert SARAH.text(said) == shown


def test_an_escape_code_inside_a_name_does_not_hide_it_from_the_mask() -> None:
    assert SARAH.text("Sa\x1b[0mrah") == "S."


def test_figures_inside_a_value_stay_and_its_texts_are_masked() -> None:
    value = {"phone": "+15551230000", "total": 82500, "slots": ["Miller", None, True]}
    assert SARAH.value(value) == {"phone": "…0000", "total": 82500, "slots": ["M.", None, True]}


def test_unmasked_shows_all_but_the_escape_codes() -> None:
    assert Mask(off=True).text("Sarah \x1b[1m+15551230000") == "Sarah +15551230000"
    assert Mask(off=True).number("+15551230000") == "+15551230000"


def test_a_number_that_is_none_shows_nothing_of_itself() -> None:
    assert phone("abc") == "…"
    assert Mask().number(None) == "withheld"
