"""Patterns are for developers; what was expected is said in words."""

import pytest

from services.simulator.cli.playing.expecting import Verdict
from services.simulator.cli.playing.sentences import sentence


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("outcome ~ ^(booked)$", "The outcome is “booked”"),
        ("job.deposit = 20600", "The visit's deposit is $206.00"),
        ("call.business_hours = false", "The call's in business hours is no"),
        (r"spoken: (?=.*\b(AI|A\.I\.))(?=.*record)",
         "It is said, in this order: “AI or A.I.”, “record”"),
        (r"never spoken: \$?206", "It is never said: “$206”"),
        ("jobs: 1 row", "The table jobs has 1 row"),
    ],
)  # fmt: skip
def test_an_expectation_is_a_sentence(what: str, said: str) -> None:
    assert sentence(Verdict(what)) == said
