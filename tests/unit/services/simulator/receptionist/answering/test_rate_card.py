"""A caller's problem is priced by the line of the rate card that it is about."""

import pytest

from services.simulator.receptionist.answering.rate_card import service

TWO_TRADES = (
    *("plumbing_repair", "water_heater", "repipe", "hvac_repair", "maintenance"),
    "hvac_installation",
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("My AC stopped cooling and the outdoor unit is rattling.", "hvac_repair"),
        ("The toilet is backed up.", "plumbing_repair"),
        ("I want a new water heater.", "water_heater"),
        ("We need a new furnace installed.", "hvac_installation"),
        ("It is time for the annual tune-up.", "maintenance"),
        ("Something is broken.", "plumbing_repair"),
    ],
)
def test_the_line_that_the_problem_is_about_is_chosen(said: str, name: str) -> None:
    assert service(said, TWO_TRADES) == name


@pytest.mark.parametrize("known", [(), ("repair", "maintenance")])
def test_the_plain_card_is_repair_or_maintenance(known: tuple[str, ...]) -> None:
    assert service("My AC stopped cooling.", known) == "repair"
    assert service("Just a tune up, please.", known) == "maintenance"


def test_a_card_without_upkeep_is_never_asked_for_it() -> None:
    assert service("Maintenance for my drain.", ("repair", "drain")) == "drain"
