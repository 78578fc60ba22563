"""The weights are a list a person can review: sorted, short, rounded."""

from pathlib import Path

import pytest

from shared.adapters.hazard_weights import ANSWERS, QUESTIONS, WEIGHTS, load
from shared.domain.linear import BIAS
from tests.weights import assert_reviewable


@pytest.mark.parametrize("path", [ANSWERS, QUESTIONS, WEIGHTS], ids=lambda path: path.stem)
def test_each_list_is_sorted_rounded_and_a_few_thousand_long(path: Path) -> None:
    assert_reviewable(path, most=25_001)


def test_no_entry_is_idle_and_the_margins_are_in_order() -> None:
    classifier = load().classifier
    assert all(any(row) for name, row in classifier.weights.items() if name != BIAS)
    limits = classifier.thresholds
    assert limits.unsure < min(limits.life_safety, limits.other)
