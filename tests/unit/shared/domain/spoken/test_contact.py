"""Numbers and addresses as people say them, in the one form they are kept and read back in."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import BadContact
from shared.domain.spoken.contact import address, phone, read_back_phone, zip_of

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


@given(st.text(max_size=100))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(BadContact):
        assert phone(text).normalised.startswith("+")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("123 Oak Street, Springfield, Ohio.", "123 Oak St, Springfield, OH"),
        ("123 oak street springfield ohio", "123 Oak St, Springfield, OH"),
        ("123 Oak St, Springfield, OH", "123 Oak St, Springfield, OH"),
        (
            "It's one twenty three Oak Street, Springfield, Ohio, 45501",
            "123 Oak St, Springfield, OH 45501",
        ),
        ("My address is 123 Oak Street.", "123 Oak St"),
        ("123 Oak Street, zip code 45501", "123 Oak St, 45501"),
        (
            "456 N. Main St Apt 4b, Springfield OH 45503",
            "456 N Main St Apt 4B, Springfield, OH 45503",
        ),
        ("12 west high street, apartment three, springfield", "12 W High St Apt 3, Springfield"),
        ("77 North Street", "77 North St"),
        ("123 Oak Ct", "123 Oak Ct"),
        ("12 Ohio Street, Columbus", "12 Ohio St, Columbus"),
        (
            "9 Saint Paris Pike, Springfield, Ohio, 45504-1234",
            "9 Saint Paris Pike, Springfield, OH 45504",
        ),
        ("55 5th Avenue #3, New York, New York 10003", "55 5th Ave #3, New York, NY 10003"),
        ("100 highway 40, springfield oh", "100 Hwy 40, Springfield, OH"),
        (
            "twelve oh four elm street springfield oh four five five oh one",
            "1204 Elm St, Springfield, OH 45501",
        ),
        ("5 elm street boston massachusetts oh two one three nine", "5 Elm St, Boston, MA 02139"),
        ("123 O'Fallon Avenue", "123 O'Fallon Ave"),
        ("123 Oak Street, Springfield, Ohio, USA", "123 Oak St, Springfield, OH"),
    ],
)
def test_an_address_is_written_as_the_post_does(said: str, written: str) -> None:
    heard = address(said)
    assert (heard.raw, heard.normalised) == (said, written)


def test_a_written_address_stays_as_it_is() -> None:
    once = address("123 Oak Street, Springfield, Ohio 45501").normalised
    assert address(once).normalised == once


@pytest.mark.parametrize(
    "said", ["", "Oak Street", "123", "State Route 41", "I don't know", "," * 50, "1 " * 300]
)
def test_an_address_without_number_or_street_is_refused_with_what_to_ask(said: str) -> None:
    with pytest.raises(BadContact, match=r"Ask for"):
        address(said)


@pytest.mark.parametrize(
    ("written", "zip_code"),
    [
        ("123 Oak St, Springfield, OH 45501", "45501"),
        ("123 Oak St, Springfield, OH 45501-1234", "45501"),
        ("springfield ohio four five five oh one", "45501"),
        ("123 Oak St, Springfield, OH", None),
        ("45501 Oak Street", None),
        ("", None),
    ],
)
def test_the_zip_is_at_the_end(written: str, zip_code: str | None) -> None:
    assert zip_of(written) == zip_code


@given(st.text(max_size=250))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    with contextlib.suppress(BadContact):
        assert address(text).normalised
