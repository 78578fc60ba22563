"""The question about danger is that of the trade the job is of."""

import pytest

from shared.domain.hazards.asked import Asks, asks
from shared.domain.hazards.question import trade_of
from shared.domain.moments.english import DANGER_QUESTIONS as QUESTIONS
from shared.domain.moments.english import OF_ANY_TRADE

ALL = tuple(QUESTIONS)


@pytest.mark.parametrize("question", [*QUESTIONS.values(), OF_ANY_TRADE])
def test_each_is_short_and_a_yes_to_it_is_a_danger(question: str) -> None:
    found = asks(question)
    assert found is not None
    assert found[0] is Asks.DANGER
    assert len(question.split()) <= 12


@pytest.mark.parametrize(
    ("said", "trade"),
    [
        ("Our furnace won't start.", "hvac"),
        ("The A/C is not cooling, and the outdoor unit rattles.", "hvac"),
        ("The toilet is backed up.", "plumbing"),
        ("My water heater is leaking.", "plumbing"),
        ("No hot water since this morning.", "plumbing"),
        ("Half the outlets are dead.", "electrical"),
        ("A breaker keeps tripping.", "electrical"),
        ("Something is broken.", None),
        ("The breaker for the furnace keeps tripping.", None),
        ("The heat went out and a pipe burst.", None),
    ],
)
def test_the_caller_s_words_tell_the_trade_where_they_tell_one(
    said: str, trade: str | None
) -> None:
    assert trade_of(said, ALL) == trade


def test_a_trade_whose_words_are_not_known_is_told_by_none() -> None:
    assert trade_of("The roof leaks.", ("roofing", "plumbing")) is None


def test_a_trade_that_the_business_does_not_do_is_not_looked_for() -> None:
    assert trade_of("The breaker for the furnace keeps tripping.", ("hvac", "plumbing")) == "hvac"
    assert trade_of("Half the outlets are dead.", ("hvac", "plumbing")) is None
