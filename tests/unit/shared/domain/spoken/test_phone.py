"""A phone number is told from its extension and from the other numbers beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import BadContact
from shared.domain.spoken.contact import phone
from shared.domain.spoken.phone import SpokenNumber, number_in

HOME = "+19375550142"


@pytest.mark.parametrize(
    "said",
    [
        "937-555-0142 ext 12",
        "+19375550142;ext=555",
        "937-555-0142 x143",
        "937-555-0142x143",
        "(937) 555-0142 ext. 12",
        "937 555 0142, extension one two nine",
        "nine three seven five five five oh one four two extension twelve",
        "extension 12 at 937-555-0142",
        "937-555-0142, then press 2",
    ],
)
def test_an_extension_is_no_part_of_the_number_and_stays_as_it_was_said(said: str) -> None:
    heard = phone(said)
    assert (heard.raw, heard.normalised) == (said, HOME)


@pytest.mark.parametrize(
    "said",
    ["555-0142 ext 937", "555-0142 x937", "five five five oh one four two extension nine three",
     "unit 937, 555-0142", "555-0142 937", "555-0142, ZIP 45501"],
)  # fmt: skip
def test_seven_digits_and_another_number_are_asked_for_their_area_code(said: str) -> None:
    with pytest.raises(BadContact, match="area code"):
        phone(said)


@pytest.mark.parametrize(
    "said",
    [
        "937-555-0142, ZIP 45501",
        "937-555-0142 45501",
        "937-555-0142, and my zip code is 45501",
        "zip 45501, 937-555-0142",
        "123 Oak St 45501, 937-555-0142",
        "937-555-0142 unit 4",
        "the gate code is 1234 and my number is 9375550142",
    ],
)
def test_a_zip_a_unit_or_a_code_never_runs_into_the_number(said: str) -> None:
    assert phone(said).normalised == HOME


@pytest.mark.parametrize(
    "said",
    [
        "home 937-555-0142, cell 937-555-0199",
        "937-555-0142 or 937-555-0199",
        "937-555-0142 937-555-0199",
        "9375550142, 9375550199",
        "nine three seven five five five oh one four two or 937-555-0199",
    ],
)
def test_of_two_numbers_it_is_asked_which(said: str) -> None:
    with pytest.raises(BadContact, match="which"):
        phone(said)


@pytest.mark.parametrize(
    "said",
    [
        "937-555-0142, that's 937-555-0142",
        "555-0142, so 937-555-0142",
        "555-0142, area code 937",
        "area code 937, 555-0142",
        "area code nine three seven and the number is five five five oh one four two",
        "my area code is 937 then 555 0142",
        "nine three seven. five five five. oh one four two.",
        "937 dash 555 dash 0142",
        "1 (937) 555-0142",
    ],
)
def test_one_number_said_in_parts_is_one(said: str) -> None:
    assert phone(said).normalised == HOME


def test_a_digit_too_many_is_no_second_number() -> None:
    for said in ("555 123 0000 0", "five five five, one two three, oh oh oh oh, one"):
        with pytest.raises(BadContact, match="11 digits"):
            phone(said)


def test_a_number_abroad_ends_where_it_pauses() -> None:
    assert number_in("+44 20 7946 0958, ext 3") == SpokenNumber("442079460958", international=True)


@given(
    st.from_regex(r"[2-9][0-9]{2}-555-01[0-9]{2}", fullmatch=True),
    st.sampled_from([" ext {}", " x{}", "x{}", ";ext={}", ", ZIP {}", " unit {}", ", room {}"]),
    st.integers(1, 99999),
)
def test_no_other_number_gets_into_it(number: str, other: str, figures: int) -> None:
    said = number + other.format(figures)
    assert phone(said).normalised == "+1" + number.replace("-", "")
