"""Every feature adds its weights; the margin says whether, the weights which."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.hazard_weights import load_classifier
from shared.domain.hazards.classifier import CLASSES, FEW_FEATURES, Classifier, Thresholds
from shared.domain.hazards.detect import heard
from shared.domain.hazards.features import MOST_WORDS, features
from shared.domain.linear import BIAS, share
from shared.domain.models import HazardCategory

SHIPPED = load_classifier()


def weights(**by_class: float) -> tuple[float, ...]:
    return tuple(by_class.get(name, 0.0) for name in CLASSES)


SMALL = Classifier(
    {
        BIAS: weights(none=3.0),
        "reeks": weights(gas_leak=4.0),
        "fizzes": weights(electrical_hazard=2.0),
        "drips": weights(major_leak=4.0),
        "and": weights(carbon_monoxide=9.0),
    },
    Thresholds(life_safety=2.0, other=8.0, unsure=0.0),
)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("reeks", "gas_leak"),
        ("drips", "unsure"),  # as heavy, but a leak takes no life
        ("fizzes", "unsure"),
        ("I smell smoke", "unsure"),  # weighs nothing, but a pattern has found it
        ("and then", "unsure"),  # heavy enough, but it names nothing
        ("hello", "none"),
        ("", "none"),
    ],
)
def test_a_margin_decides_by_tier_and_what_a_pattern_found_is_worth_a_question(
    said: str, verdict: str
) -> None:
    assert SMALL.verdict(said) == verdict


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("The cat is acting drunk and we all have headaches.", "carbon_monoxide"),
        ("my sea oh detector is going off", "carbon_monoxide"),
        ("the brake her box is buzzing and hot", "electrical_hazard"),
        ("my tenant says it reeks of rotten eggs over there", "gas_leak"),
        ("It's not the smell of gas I'm calling about, it's the sparks.", "electrical_hazard"),
        ("se reventó un tubo y se está inundando la casa", "major_leak"),
        ("every time i flush it comes up in the bathtub", "sewage"),
        ("the furnace quit and i've got a three week old baby", "no_heat_freezing"),
        ("Do you sell CO detectors?", None),
        ("The smoke detector chirps, low battery.", None),
        ("Last year we had a leak and you fixed it.", None),
        ("I'm moving an outlet by the bathtub.", None),
        ("Fire department cleared it this morning, no smoke now.", None),
    ],
)
def test_dangers_are_heard_in_words_no_pattern_knows(said: str, category: str | None) -> None:
    hazard = heard(said, SHIPPED.verdict(said))
    assert (hazard.category.value if hazard else None) == category


def test_a_verdict_decides_and_without_one_the_patterns_do() -> None:
    assert heard("I smell gas", "none") is None
    assert heard("I smell gas", "unsure") is None
    alone, with_verdict = heard("I smell gas", None), heard("I smell gas", "gas_leak")
    assert alone is not None and alone == with_verdict
    unforeseen = heard("the cat is drunk", "carbon_monoxide")
    assert unforeseen is not None
    assert unforeseen.category == HazardCategory.CARBON_MONOXIDE


def test_a_pattern_of_tier_1_outweighs_a_verdict_of_tier_2() -> None:
    hazard = heard("a pipe burst and I smell gas", "major_leak")
    assert hazard is not None and hazard.category == HazardCategory.GAS_LEAK


def test_a_feature_counts_less_in_a_long_story_and_no_more_in_one_word_than_in_two() -> None:
    one, two, many = {"gas"}, {str(n) for n in range(16)}, {str(n) for n in range(80)}
    assert (
        share(set(), FEW_FEATURES)
        == share(one, FEW_FEATURES)
        == share(two, FEW_FEATURES)
        > 1.0
        > share(many, FEW_FEATURES)
    )
    # Letters count less than words.
    assert share(two | {f"~{n}" for n in range(50)}, FEW_FEATURES) > share(many, FEW_FEATURES)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_verdict(text: str) -> None:
    assert SHIPPED.verdict(text) in {*CLASSES, "unsure"}


@pytest.mark.parametrize(
    "words", ["gas smoke water ", "no heat and the baby ", "x" * 40 + " ", "fifty two degrees "]
)
def test_what_is_counted_grows_in_step_with_the_words(words: str) -> None:
    assert len(features(words * 5)) <= 100 * len((words * 5).split()) + 100
    # Said again it is counted once, and after MOST_WORDS nobody looks.
    assert len(features(words * 200)) <= len(features(words * 20)) + 20
    assert features("a " * MOST_WORDS + "reeks") == features("a " * MOST_WORDS)
