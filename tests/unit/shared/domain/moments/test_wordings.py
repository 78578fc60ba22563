"""Every danger has its advice in every language, and its first sentence suffices."""

import re

import pytest

from shared.domain.models import LIFE_SAFETY, HazardCategory, Language
from shared.domain.moments import GUIDANCE_IN, Wordings
from shared.domain.moments.english import DANGER_QUESTIONS, OF_ANY_TRADE

EVERY = [(language, category) for language in Language for category in HazardCategory]


@pytest.mark.parametrize(("language", "category"), EVERY)
def test_guidance_is_one_breath_and_its_first_sentence_at_most_twelve_words(
    language: Language, category: HazardCategory
) -> None:
    guidance = GUIDANCE_IN[language][category]
    assert 20 <= len(guidance.split()) <= 60
    first = re.split(r"(?<=\.) ", guidance)[0]
    assert first.endswith(".") and len(first.split()) <= 12
    if category in LIFE_SAFETY:
        assert "911" in guidance
    # The agent says what to do, and never that it has called anybody.
    assert "I" not in guidance.split()


@pytest.mark.parametrize("language", Language)
def test_each_danger_has_its_own_words(language: Language) -> None:
    assert len(set(GUIDANCE_IN[language].values())) == len(HazardCategory)
    # Nobody is sent out of the house for sewage, the cold, a shock or a leak.
    leaving = re.compile(r"\b(?:leave the building|get everyone out|salga del|saque a todos)\b")
    sent_out = {
        category
        for category, words in GUIDANCE_IN[language].items()
        if leaving.search(words.split(".")[0])
    }
    assert sent_out <= {
        HazardCategory.GAS_LEAK,
        HazardCategory.FIRE_SMOKE,
        HazardCategory.CARBON_MONOXIDE,
    }


@pytest.mark.parametrize("question", [*DANGER_QUESTIONS.values(), OF_ANY_TRADE])
def test_the_question_about_danger_is_asked_anew_in_twelve_other_words(question: str) -> None:
    wordings = Wordings()
    asked = [wordings.danger(question) for _ in range(3)]

    assert asked[0] == question
    assert len(set(asked)) == 3
    assert all(len(each.split()) <= 12 for each in asked)


def test_a_question_of_a_business_s_own_is_asked_anew_as_well() -> None:
    wordings = Wordings()
    wordings.danger("Anything scary going on?")

    assert wordings.danger("Anything scary going on?") == "Again, anything scary going on?"
