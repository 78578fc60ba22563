"""What a caller's words mean, wrong transcripts included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.simulator.receptionist.hearing import intent, windows
from services.simulator.receptionist.hearing.address import address, corrected


@given(st.text())
def test_nothing_that_can_be_said_breaks_the_hearing(text: str) -> None:
    intent.yes(text)
    intent.name(text)
    intent.danger(text, asked=True)
    windows.choose(text, [{"datetime": "2025-08-28T21:00:00-04:00"}], [], date(2025, 8, 28))
    corrected(address(text), text)


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


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Hi, I need to move my appointment.", "move"),
        ("Can I push my Thursday visit back a day?", "move"),
        ("I'd like to reschedule.", "move"),
        ("Could my appointment be moved to Monday?", "move"),
        ("I have to cancel my visit tonight.", "cancel"),
        ("Please call off the technician.", "cancel"),
        ("My AC stopped cooling.", None),
        ("I want to book an appointment.", None),
        ("Can you move the thermostat?", None),
        ("When is my appointment, please?", "ask"),
        ("What time is the technician coming?", "ask"),
    ],
)
def test_moving_and_canceling_are_told_from_all_else(said: str, meant: str | None) -> None:
    assert intent.change(said) == meant
