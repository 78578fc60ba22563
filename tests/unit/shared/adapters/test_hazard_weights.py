"""The classifier's weights: a list that reads, is in order, and hears what it is there to hear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.hazard_weights import WEIGHTS, load
from shared.domain.hazards.classifier import BIAS, CLASSES, NONE, UNSURE
from shared.domain.hazards.detect import heard
from tests.evals.hazards.data import own
from tests.evals.hazards.grade import FIRST

CLASSIFIER = load()
# What the report says of situations that did not train, less two in a hundred.
LEAST_FIRST, LEAST_SECOND, MOST_NEAR = 0.80, 0.91, 0.085


def test_the_list_is_sorted_and_holds_every_feature_once() -> None:
    features = [line.partition("\t")[0] for line in WEIGHTS.read_text("utf-8").splitlines()[1:]]

    assert features == sorted(set(features))
    assert BIAS in CLASSIFIER.weights and len(features) < 7_000


def test_on_situations_that_did_not_train_it_hears_what_its_report_says() -> None:
    cases = [case for case in own() if case.held_out]
    raised = {case: heard(case.text, CLASSIFIER.verdict(case.text)) is not None for case in cases}

    def share(cases_of: list[bool]) -> float:
        return sum(cases_of) / len(cases_of)

    first = [found for case, found in raised.items() if case.category in FIRST]
    second = [found for case, found in raised.items() if case.category not in {*FIRST, NONE}]
    near = [found for case, found in raised.items() if case.category == NONE and case.near]
    assert share(first) >= LEAST_FIRST
    assert share(second) >= LEAST_SECOND
    assert share(near) <= MOST_NEAR


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("the carbon monoxide alarm is on and my wife feels sick", "carbon_monoxide"),
        ("theres gas leek smell all over the kitchen", "gas_leak"),
        ("what time do you close on friday", NONE),
    ],
)
def test_a_verdict_is_a_danger_s_name_or_none(said: str, verdict: str) -> None:
    assert CLASSIFIER.verdict(said) == verdict


@given(st.text(max_size=300))
def test_any_text_has_a_verdict(said: str) -> None:
    assert CLASSIFIER.verdict(said) in {*CLASSES, UNSURE}


def test_words_without_a_verdict_are_judged_by_the_patterns_alone() -> None:
    said = "I smell gas in the kitchen"

    assert heard(said, None) is not None
    assert heard(said, NONE) is None
