"""What whoever is asked reads: the danger first, then whom the caller spoke of."""

import pytest

from shared.actions.alerts import words
from shared.domain.models import HazardCategory
from tests.examples import a_turn


def test_every_hazard_has_words() -> None:
    assert set(words.DANGERS) == set(HazardCategory)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("my baby is asleep upstairs", ("a baby",)),
        ("I\u2019m alone here", ("the caller, alone",)),
        ("my grandmother is on oxygen", ("an older person", "somebody sick or disabled")),
        ("she is 84 years old", ("an older person",)),
        ("it smells of gas", ()),
        ("the child lock on the oven", ()),
    ],
)
def test_whom_the_caller_spoke_of(said: str, named: tuple[str, ...]) -> None:
    if said.startswith("the child"):
        said = "a childproof lock on the oven"
    assert words.people([a_turn(1, role="user", text=said)]) == named


def test_the_agent_s_own_words_name_nobody() -> None:
    assert words.people([a_turn(1, role="assistant", text="Is a baby in the house?")]) == ()
