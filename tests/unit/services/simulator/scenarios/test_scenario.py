"""Scenario files: the committed ones load, and a wrong one says what is wrong with it."""

import re
from pathlib import Path

import pytest

from services.simulator.scenarios.scenario import ScenarioError, load, matches, names

WANTED = {
    "spec",
    "daytime",
    "tomorrow",
    "gas_smell",
    "gas_smell_hangs_up",
    "human",
    "human_nobody",
    "price_only",
    "corrects_address",
    "reads_card",
    "hangs_up_mid_booking",
    "rogue",
    "presses_zero",
    "other_number",
}
GOOD = """
title = "A call"
business = "coolcare_hvac"
at = "2025-08-28T19:12:00-04:00"
from = "+15551230000"
voice = "af_heart"
[[line]]
hears = "help"
says = ["My AC stopped."]
[expect]
outcome = "booked"
"""


def test_the_committed_scenarios_are_all_there() -> None:
    assert set(names()) >= WANTED


@pytest.mark.parametrize("name", names())
def test_a_committed_scenario_loads(name: str) -> None:
    scenario = load(name)

    assert scenario.name == name
    assert re.match(r"\+1(937|614)555", scenario.dialed)
    assert "555" in scenario.caller


def test_the_specs_call_comes_in_when_the_specification_says() -> None:
    assert load("spec").at.isoformat() == "2025-08-28T19:12:00-04:00"


def test_an_unknown_scenario_is_told_which_there_are(tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text(GOOD)
    with pytest.raises(ScenarioError, match="no scenario 'nope'; there are: spec"):
        load("nope", tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"help"', '"(help"', r"call.toml: line.0.hears: .*not a regular expression"),
        ('says = ["My AC stopped."]', "", r"call.toml: line.0: .*needs says, keys or hangs_up"),
        ("says =", "say =", r"call.toml: line.0.say: Extra inputs"),
        ('at = "2025-08-28T19:12:00-04:00"', 'at = "2025-08-28T19:12:00"', r"call.toml: at: "),
        ('"coolcare_hvac"', '"coldcare"', r"'coldcare' is neither a number nor one of .*coolcare"),
        ('"+15551230000"', '"555"', r"call.toml: from: "),
        ("[expect]", "[expected]", r"call.toml: "),
        ("[[line]]", "[[line]", r"call.toml: not TOML: "),
    ],
)
def test_a_wrong_file_names_file_field_and_reason(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    (tmp_path / "call.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(ScenarioError, match=complaint):
        load("call", tmp_path)


BOOKED = ("spec", "daytime", "tomorrow", "reads_card", "corrects_address", "other_number")
# What an agent may ask, in its two wordings, and what any booking caller must answer to it.
ASKED = [
    ("How can I help with your HVAC?", "faucet|AC stopped|not cooling|light"),
    ("What is going on there?", "faucet|AC stopped|not cooling|light"),
    ("Is anyone smelling gas or smoke, or is a carbon monoxide alarm sounding?", "^No|^Just"),
    ("Just to be safe: do you smell gas or smoke, or hear an alarm, yes or no?", "^No|^Just"),
    ("Thanks. May I have your name, please?", "(Miller|Baker|Carter)"),
    ("Could you tell me your first and last name?", "(Miller|Baker|Carter)"),
    ("What's the best callback number?", "five, five, five"),
    ("Which phone number can we reach you at?", "five, five, five"),
    ("Sorry, I need all ten digits. Could you say the number again slowly?", "five, five, five"),
    ("Is the number you're calling from the best one?", "^Yes|^No. It is five"),
    ("I have five five five, one two three, four five six seven. Is that right?", "^Yes"),
    ("The number is 555-123-4567. Is that correct?", "^Yes"),
    ("What's the service address?", "Street|Avenue"),
    ("Where should the technician come, with house number and street?", "Street|Avenue"),
    ("What's the house number on Oak Street?", "Street|Avenue"),
    ("That's 7 Elm Street, Springfield, Ohio. Is that right?", "^Yes"),
    ("And the ZIP code?", "four five five"),
    ("Tonight's visit is $248. Shall I find you a time?", "^Yes, please"),
    ("Would you like me to find you a time?", "^Yes, please"),
    ("The visit is two hundred forty eight dollars. Shall I go ahead?", "^Yes, please"),
    ("I can do tonight 9 to 11 PM, or tomorrow 8 to 10 AM. Which works?", "Ton|Tom|Tod|first"),
    ("There's today 2 to 4 PM, and there's this. Which would you like?", "Ton|Tom|Tod|first"),
    ("Anything the technician should know, like a gate code or pets?", "code|special"),
    ("Is there a gate code, a pet, or anything else I should note?", "code|special"),
    ("You're all set. Is there anything else?", "that's all"),
    ("Are you still there?", "still here"),
]


@pytest.mark.parametrize("name", BOOKED)
@pytest.mark.parametrize(("asked", "answer"), ASKED)
def test_a_booking_caller_answers_what_an_agent_asks(name: str, asked: str, answer: str) -> None:
    lines = load(name).lines
    line = next((line for line in lines if matches(line.hears, asked)), None)

    assert line is not None
    assert matches(answer, line.says[0])


@pytest.mark.parametrize(
    ("name", "asked", "does"),
    [
        ("spec", "I can do tonight 9 to 11 PM", "Tonight, nine to eleven."),
        ("spec", "I can do tonight, nine to eleven p M,", "Tonight, nine to eleven."),
        ("tomorrow", "I can do tonight 9 to 11 PM, or tomorrow 8 to 10 AM.", "Tomorrow, eight"),
        ("corrects_address", "That's 128 Oak Street. Is that right?", "No, the house number"),
        ("corrects_address", "That's one twenty-eight oak street.", "No, the house number"),
        ("corrects_address", "That's 123 Oak Street. Is that right?", "Yes, that's right."),
        ("price_only", "The visit is $165. Shall I find you a time?", "No, thank you."),
        ("price_only", "May I have your name?", "I only want to know the price"),
        ("human_nobody", "Please leave a message after the tone.", "This is John Baker"),
        ("human", "Hi, this is Dana, I have your details.", "Hello Dana"),
        ("gas_smell", "Please leave the building now. Call 911.", "Everyone is outside"),
        ("gas_smell", "Would you like me to schedule a technician?", "I will call the gas"),
        ("reads_card", "Please don't read out a card number.", "Okay, please text me"),
    ],
)
def test_a_caller_with_a_purpose_of_her_own(name: str, asked: str, does: str) -> None:
    line = next(line for line in load(name).lines if matches(line.hears, asked))

    assert does in line.says[0]
