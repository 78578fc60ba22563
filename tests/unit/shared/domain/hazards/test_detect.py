"""Danger is heard, denial is understood, and neither takes long."""

import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.hazards.detect import GUIDANCE, detect
from shared.domain.models import LIFE_SAFETY, HazardCategory, Language
from shared.domain.moments import GUIDANCE_IN

EVALS = tomllib.loads((Path(__file__).parents[4] / "evals/hazards.toml").read_text())
DANGERS = [
    (HazardCategory(name), said) for name, all_said in EVALS["danger"].items() for said in all_said
]
SAFE = [said for all_said in EVALS["safe"].values() for said in all_said]


def found(said: str) -> HazardCategory | None:
    hazard = detect(said)
    return hazard.category if hazard else None


def test_the_set_is_large_enough_to_say_anything() -> None:
    assert len(DANGERS) >= 150 and len(SAFE) >= 150
    assert len({said.lower() for said in SAFE} | {said.lower() for _, said in DANGERS}) == len(
        SAFE
    ) + len(DANGERS)


def test_dangers_are_heard_and_false_alarms_are_rare(
    record_property: Callable[[str, object], None],
) -> None:
    tier_1 = [(category, said) for category, said in DANGERS if category in LIFE_SAFETY]
    missed = [said for _, said in tier_1 if found(said) not in LIFE_SAFETY]
    other = [(said, found(said)) for category, said in DANGERS if found(said) != category]
    alarms = [(said, found(said)) for said in SAFE if found(said)]
    recall = 1 - len(missed) / len(tier_1)
    false_alarms = len(alarms) / len(SAFE)
    record_property(
        "hazards",
        f"tier-1 recall {recall:.3f} of {len(tier_1)}, right category "
        f"{1 - len(other) / len(DANGERS):.3f} of {len(DANGERS)}, "
        f"false alarms {false_alarms:.3f} of {len(SAFE)}",
    )
    assert recall >= 0.98, missed
    assert false_alarms <= 0.05, alarms
    assert len(other) <= 0.05 * len(DANGERS), other


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Huele a gas en la cocina.", "gas_leak"),
        ("Olor a gas", "gas_leak"),
        ("No, huele mucho a gas.", "gas_leak"),
        ("Creo que hay una fuga de gas", "gas_leak"),
        ("Hay humo saliendo del aire acondicionado", "fire_smoke"),
        ("Hay fuego en la cocina", "fire_smoke"),
        ("No puedo salir, hay mucho humo", "fire_smoke"),
        ("La alarma de monóxido de carbono está sonando", "carbon_monoxide"),
        ("esta sonando el detector de monoxido", "carbon_monoxide"),
        ("Salen chispas del enchufe", "electrical_hazard"),
        ("Se reventó la tubería", "major_leak"),
        ("No huele a gas, pero hay humo", "fire_smoke"),
        ("Hay agua cerca de los enchufes", "flood_electrical"),
        ("Se está regresando el drenaje por la regadera", "sewage"),
        ("salen aguas negras por la coladera", "sewage"),
        ("No hay calefacción y tengo un bebé", "no_heat_freezing"),
        ("el calenton no prende y esta helando, mi abuelita tiene frio", "no_heat_freezing"),
        ("El drenaje está lento", None),
        ("No hay aire y tengo un bebé", None),
        ("No huele a gas.", None),
        ("No, no hay humo ni nada.", None),
        ("Quiero instalar un detector de humo", None),
        ("La estufa de gas no funciona", None),
        ("El aire no enfría", None),
    ],
)
def test_plain_dangers_are_understood_in_spanish(said: str, expected: str | None) -> None:
    assert found(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("It smells like fish near the breaker panel", "electrical_hazard"),
        ("It smells like skunk over by the furnace", "gas_leak"),
        ("There's a rotten cabbage smell near the stove", "gas_leak"),
        ("A skunk sprayed the yard", None),
    ],
)
def test_smells_that_are_gas_or_wires_by_where_they_are(said: str, expected: str | None) -> None:
    assert found(said) == expected


def test_guidance_is_in_the_language_of_the_words() -> None:
    spanish, english = detect("Huele a gas en la cocina"), detect("I smell gas")
    assert spanish is not None and english is not None
    assert (spanish.language, english.language) == (Language.SPANISH, Language.ENGLISH)
    assert spanish.guidance == GUIDANCE_IN[Language.SPANISH][HazardCategory.GAS_LEAK]
    assert english.guidance == GUIDANCE[HazardCategory.GAS_LEAK]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("there's a gas smell and the outlet is sparking", "gas_leak"),
        ("the basement flooded, and now the dryer is on fire", "fire_smoke"),
        ("a pipe burst and I smell gas", "gas_leak"),
        ("the sewer backed up and water is in the breaker panel", "flood_electrical"),
    ],
)
def test_the_worst_of_several_wins(said: str, expected: str) -> None:
    assert found(said) == expected


def test_tier_two_sends_nobody_to_911_at_once() -> None:
    hazard = detect("Sewage is backing up into my bathtub.")
    assert hazard is not None and hazard.category not in LIFE_SAFETY
    assert "call 911" not in hazard.guidance
    urgent = detect("I smell gas.")
    assert urgent is not None and urgent.category in LIFE_SAFETY
    assert "call 911" in urgent.guidance


@pytest.mark.parametrize(
    "said", ["", " ", "...", "?!", "🔥", "\x00", "nein, es riecht nicht", "a" * 100_000]
)
def test_what_is_no_speech_is_no_danger(said: str) -> None:
    assert detect(said) is None


@pytest.mark.parametrize(
    "words",
    [
        "smell ",
        "a" * 30 + " ",
        "no ",
        "water in ",
        "smoke, ",
        "no heat ",
        "not not no smoke ",
        "gas and ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(words: str) -> None:
    def took(times: int) -> float:
        text = words * times
        return min(_timed(text) for _ in range(3))

    def _timed(text: str) -> float:
        start = time.process_time()
        detect(text)
        return time.process_time() - start

    # Eight times the text: quadratic work would take 64 times as long.
    assert took(4000) < 30 * max(took(500), 1e-3)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "no",
                "not",
                "i",
                "smell",
                "gas",
                "smoke",
                "fire",
                "water",
                "outlet",
                "panel",
                "carbon",
                "monoxide",
                "alarm",
                "going",
                "off",
                "is",
                ",",
                ".",
                "and",
                "but",
                "the",
                "in",
                "on",
                "burning",
                "sparks",
                "heat",
                "freezing",
                "leak",
                "don't",
                "never",
                "detector",
                "chirps",
            ]
        ),
        max_size=300,
    )
)
def test_any_order_of_such_words_is_answered(words: list[str]) -> None:
    hazard = detect(" ".join(words))
    assert hazard is None or hazard.guidance == GUIDANCE[hazard.category]


@settings(deadline=None)
@given(st.text(max_size=500))
def test_any_text_is_answered(text: str) -> None:
    detect(text)
