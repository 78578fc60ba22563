"""What the receptionist makes of words, wrong transcripts included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.simulator.receptionist.answering.orders import Order, order
from services.simulator.receptionist.briefing import brief, exact_words
from services.simulator.receptionist.hearing import intent, numbers, windows
from services.simulator.receptionist.hearing.address import address, corrected
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


@given(st.text())
def test_nothing_that_can_be_said_breaks_the_hearing(text: str) -> None:
    intent.yes(text)
    intent.name(text)
    intent.danger(text, asked=True)
    windows.choose(text, [{"datetime": "2025-08-28T21:00:00-04:00"}], [], date(2025, 8, 28))
    corrected(address(text), text)


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


def test_a_word_that_sounds_like_a_digit_is_one_only_among_digits() -> None:
    assert numbers.digits("I want to call for help") == ""
    assert numbers.digits("one to three") == "123"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("123 Oak Street, Springfield, Ohio.", "123 Oak Street, Springfield, Ohio"),
        ("one twenty three oak street springfield ohio", "123 Oak Street, Springfield, Ohio"),
        (
            "The address is 42 Maple Avenue, in Springfield, Ohio.",
            "42 Maple Avenue, Springfield, Ohio",
        ),
        ("1-2-3 Oak Street", "123 Oak Street"),
        ("One hundred and twenty three Oak Street.", "123 Oak Street"),
        (
            "two hundred four Elm Ave, Springfield, four five five oh one",
            "204 Elm Ave, Springfield 45501",
        ),
        (
            "twelve fifty North Main Street Springfield Ohio",
            "1250 North Main Street, Springfield, Ohio",
        ),
    ],
)
def test_an_address_is_written_as_one_writes_it(said: str, written: str) -> None:
    assert str(address(said)) == written


def test_a_zip_alone_is_corrected_as_a_zip() -> None:
    old = address("123 Oak Street, Springfield, OH 45501")
    assert corrected(old, "No, it's four five five zero two.").zip == "45502"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Yes, that's right.", True),
        ("No, that's right.", True),
        ("Yep.", True),
        ("That is not right.", False),
        ("No.", False),
        ("Not really.", False),
        ("Seventeen.", None),
    ],
)
def test_yes_and_no_are_told_apart(said: str, meant: bool | None) -> None:
    assert intent.yes(said) is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Just the cooling and the noise. No smells.", False),
        ("No, no smells, and no alarm.", False),
        ("Nothing like that.", False),
        ("I don't think so.", False),
        ("Yes, I smell gas.", True),
        ("There's a little smoke.", True),
        ("Yes.", True),
        ("No alarm, but it smells like gas.", True),
        ("Tuesday.", None),
    ],
)
def test_an_answer_about_danger_understands_no(said: str, meant: bool | None) -> None:
    assert intent.danger(said, asked=True) is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I smell gas in my house, near the furnace.", True),
        ("There is a strong smell of gas in the house.", True),
        ("My furnace is on fire.", True),
        ("My gas furnace is broken.", False),
        ("The smoke detector chirps.", False),
        ("My AC stopped cooling.", False),
    ],
)
def test_danger_is_heard_unasked_only_in_plain_words(said: str, meant: bool) -> None:
    assert intent.danger(said, asked=False) is meant


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("My name is Sarah Miller.", "Sarah Miller"),
        ("It's Sarah Miller and my number is 555", "Sarah Miller"),
        ("I'm John Baker speaking.", "John Baker"),
        ("Yes.", None),
        ("I only want to know the price, please.", None),
    ],
)
def test_a_name_is_found_among_the_words_around_it(said: str, name: str | None) -> None:
    assert intent.name(said) == name


def test_the_instructions_tell_the_business_the_day_the_hours_and_the_caller() -> None:
    told = brief(
        "You answer the phone of CoolCare HVAC (HVAC).\n"
        "Now: Thursday, August 28th, 2025, 7:12 PM, which is after hours.\n"
        "The caller calls from +15551230000.\n",
        [],
    )
    assert told.business == "CoolCare HVAC"
    assert told.today == date(2025, 8, 28)
    assert told.after_hours
    assert told.caller == "5551230000"
    assert not brief("Now: Monday, which is within regular hours.", []).after_hours


@pytest.mark.parametrize(
    ("instructions", "wanted"),
    [
        ("Say exactly: Are you still there?", Order.EXACT),
        ("Ask only whether they are safe now.", Order.SAFE),
        ("Tell the caller that this call can last about two more minutes.", Order.TIME_LIMIT),
        ("The caller has been silent. Ask whether they are still there.", Order.STILL_THERE),
        ("Say goodbye and end the call.", Order.GOODBYE),
        ("Go on.", Order.GO_ON),
    ],
)
def test_one_off_instructions_are_understood(instructions: str, wanted: Order) -> None:
    assert order(instructions) is wanted


def test_exact_words_lose_their_quotes_and_nothing_else() -> None:
    assert exact_words('Say exactly: "Hello: how can I help?"') == "Hello: how can I help?"
    assert exact_words("Greet the caller.") is None
