"""Phone numbers as people say them, in the one form they are kept and read back in."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.errors import BadContact
from shared.domain.spoken.contact import phone, read_back_phone

SARAH = "+15551230000"


@pytest.mark.parametrize(
    "said",
    [
        "555-123-0000",
        "(555) 123-0000",
        "555.123.0000",
        "5551230000",
        "+15551230000",
        "1 555 123 0000",
        "five five five one two three double oh double oh",
        "five five five, one two three, oh oh oh oh",
        "five five five one two three double oh oh oh",
        "triple five, one twenty three, zero zero zero zero",
        "It's 555 123 0000, thanks.",
    ],
)
def test_a_number_is_understood_however_it_is_said(said: str) -> None:
    heard = phone(said)
    assert (heard.raw, heard.normalised, heard.confirmed) == (said, SARAH, False)


def test_seven_digits_are_asked_for_their_area_code() -> None:
    with pytest.raises(BadContact, match="area code"):
        phone("123-0000")


@pytest.mark.parametrize(
    "said", ["", "my number", "911", "nine one one", "555 123 000", "1" * 30, "+1555", "²²²"]
)
def test_what_cannot_be_a_number_is_refused_with_what_to_ask(said: str) -> None:
    with pytest.raises(BadContact, match=r"[Aa]sk for"):
        phone(said)


def test_the_number_they_call_from_is_the_caller_id() -> None:
    assert phone("the number I'm calling from", SARAH).normalised == SARAH
    assert phone("this one is fine", SARAH).normalised == SARAH
    assert phone("", SARAH).normalised == SARAH
    assert phone("937-555-0190", SARAH).normalised == "+19375550190"
    with pytest.raises(BadContact):
        phone("the number I'm calling from", None)
    with pytest.raises(BadContact):
        phone("I have none", SARAH)


def test_a_number_abroad_keeps_its_country() -> None:
    assert phone("+44 20 7946 0958").normalised == "+442079460958"


def test_a_number_is_read_back_three_three_four() -> None:
    assert read_back_phone(SARAH) == "555, 123, 0000"
    assert read_back_phone("+442079460958") == "442, 079, 460, 958"


@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_any_ten_digits_come_back_as_they_are(number: str) -> None:
    assert phone(number).normalised == f"+1{number}"
    assert read_back_phone(f"+1{number}").replace(", ", "") == number


@example("+0")
@example("+44 20")
@given(st.text(max_size=100))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(BadContact):
        assert phone(text).normalised.startswith("+")


@pytest.mark.parametrize("said", ["+0", "+", "+4", "+44 20", "plus +33 1", "+0, +7"])
def test_a_plus_before_too_few_digits_is_asked_for_again(said: str) -> None:
    with pytest.raises(BadContact, match=r"[Aa]sk"):
        phone(said)
