"""What a short answer tells of danger is known by the question it answers."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.hazards.answered import answered
from shared.domain.hazards.asked import Asks, asks
from shared.domain.models import HazardCategory as C

FILE = Path("tests/evals/answers.tsv")


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['agent']} {row['caller']}"[:70])
def test_no_answer_raises_what_it_does_not_tell_of(row: dict[str, str]) -> None:
    if row["expected"] == "none":
        assert answered(row["agent"], row["caller"]) is None


@pytest.mark.parametrize(
    ("question", "means"),
    [
        ("Do you smell gas?", Asks.DANGER),
        ("And nobody smells gas, right?", Asks.NO_DANGER),
        ("Is everybody safe?", Asks.NO_DANGER),
        ("Is it a gas furnace?", None),
        ("Do you smell gas.", None),
        ("", None),
    ],
)
def test_a_question_is_read_for_what_a_yes_to_it_says(question: str, means: Asks | None) -> None:
    found = asks(question)
    assert (found and found[0]) == means


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Do you smell gas or smoke, or is a CO alarm going off?", "uh huh", C.GAS_LEAK),
        ("Do you see smoke?", "Kind of.", C.FIRE_SMOKE),
        ("Is the carbon monoxide alarm going off?", "Yep", C.CARBON_MONOXIDE),
        ("Is water near the panel?", "It is.", C.FLOOD_ELECTRICAL),
        ("Is everybody safe?", "No!", C.GAS_LEAK),
        ("Is everybody safe?", "Yes, we're all fine.", None),
        ("Do you smell gas?", "", None),
    ],
)
def test_an_answer_is_a_danger_where_the_question_makes_it_one(
    question: str, answer: str, expected: C | None
) -> None:
    assert answered(question, answer) == expected


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it(question: str, answer: str) -> None:
    answered(question + "?", answer)
    answered("Do you smell gas?", answer)
