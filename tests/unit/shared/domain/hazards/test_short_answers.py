"""What a short answer says is known from the question, by models that have read thousands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.hazard_weights import load
from shared.domain.hazards.classifier import CLASSES
from shared.domain.moments.english import ASKED_ANEW, ASKED_FIRST, DANGER_QUESTIONS, OF_ANY_TRADE

SHIPPED = load()


@pytest.mark.parametrize(
    ("asked", "said", "verdict"),
    [
        ("Do you smell gas?", "Yes.", "gas_leak"),
        ("Do you smell gas?", "No.", "none"),
        ("Do you smell gas?", "Not that I've noticed.", "none"),
        ("Do you smell gas?", "Yeah, a little by the stove.", "gas_leak"),
        ("Is it a gas furnace?", "Yes.", "none"),
        ("And nobody smells gas, right?", "Right.", "none"),
        ("And nobody smells gas, right?", "Well, I do.", "gas_leak"),
        ("Is water near the panel?", "It is.", "flood_electrical"),
        ("Would Tuesday work?", "Yes.", "none"),
        ("Would Tuesday work?", "I smell gas.", "gas_leak"),
    ],
)
def test_a_yes_is_a_danger_where_the_question_makes_it_one(
    asked: str, said: str, verdict: str
) -> None:
    assert SHIPPED.verdict(said, asked) == verdict


# As code asks it, first and anew.
OF_CODE = [
    f"{lead}{question.removeprefix(ASKED_FIRST)}"
    for question in (*DANGER_QUESTIONS.values(), OF_ANY_TRADE)
    for lead in (ASKED_FIRST, *ASKED_ANEW)
]


@pytest.mark.parametrize("asked", OF_CODE)
def test_a_plain_yes_to_the_question_of_code_is_a_danger_and_a_plain_no_is_none(asked: str) -> None:
    for yes in ("Yes.", "Yeah.", "Uh huh.", "I do.", "Yes, ma'am.", "I think so.", "A little."):
        assert SHIPPED.verdict(yes, asked) not in {"none", "unsure"}
    for no in ("No.", "Nope.", "No, nothing like that.", "None of that.", "Not that I know of."):
        assert SHIPPED.verdict(no, asked) == "none"


@pytest.mark.parametrize("asked", ["", "All right.", "Tell me what happened."])
def test_words_that_answer_no_question_are_judged_by_themselves(asked: str) -> None:
    for said in ("I smell gas in the kitchen.", "Yes.", "The furnace won't start."):
        assert SHIPPED.verdict(said, asked) == SHIPPED.classifier.verdict(said)


def test_a_story_told_to_a_question_is_judged_by_itself() -> None:
    story = "Well I came home and " + "the house was quiet and " * 5 + "the furnace was cold"
    assert SHIPPED.verdict(story, "Do you smell gas?") == SHIPPED.classifier.verdict(story)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it(asked: str, said: str) -> None:
    assert SHIPPED.verdict(said, f"{asked}?") in {*CLASSES, "unsure"}
