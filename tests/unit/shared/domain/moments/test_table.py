"""The table of moments is whole, its wordings keep to their lengths, and docs/calls.md shows it."""

import re

import pytest

from services.media_bridge.core.guards.read_back import ASKED_FIRST
from shared.domain.moments import MOMENTS, By, Leads, ReadAs, TalkedOver, wordings_of
from shared.domain.moments import CallMoment as M
from shared.domain.moments.english import DANGER_QUESTIONS, GUIDANCE, OF_ANY_TRADE, WITH_TEXTS
from shared.domain.read_back import CALLED_OFF, TERMS, moment_of
from tests.diagram import PAGE, moments

# Said once in a call, by what brings them, or in the business's own words.
ONCE = frozenset(
    {
        *(
            M.DISCLOSURE,
            M.CUT_OFF,
            M.SPANISH,
            M.DANGER_QUESTION,
        ),
        *(
            M.GUIDANCE,
            M.RECORDING_OFF,
            M.HAND_OVER,
            M.CALL_BACK,
        ),
    }
)


def words(text: str) -> int:
    return len(text.split())


def test_each_moment_has_one_row() -> None:
    assert list(MOMENTS) == list(M)


@pytest.mark.parametrize("moment", [each for each in M if each not in ONCE])
def test_what_may_be_said_again_has_three_wordings(moment: M) -> None:
    wordings = wordings_of(moment)

    assert len(set(wordings)) == len(wordings) >= 3


def test_questions_about_danger_have_twelve_words_at_most() -> None:
    assert all(words(each) <= 12 for each in (*DANGER_QUESTIONS.values(), OF_ANY_TRADE))


def test_the_first_sentence_of_guidance_has_twelve_words_at_most() -> None:
    assert all(words(re.split(r"(?<=[.?!]) ", each)[0]) <= 12 for each in GUIDANCE.values())


def test_each_wording_of_the_terms_has_one_that_asks_for_texts_and_is_no_longer() -> None:
    for wording in wordings_of(M.TERMS):
        question = wording.rpartition(". ")[2]
        assert words(WITH_TEXTS[question]) <= words(question) + 1
    assert len(set(WITH_TEXTS.values())) == len(WITH_TEXTS)


def test_only_a_yes_does_what_is_asked_first() -> None:
    for parts in ASKED_FIRST.values():
        row = MOMENTS[moment_of(parts[-1])]
        assert (row.answer, row.yes, row.other) == (ReadAs.GO_AHEAD, Leads.DONE, Leads.NOT_DONE)
    assert {moment_of(TERMS), moment_of(CALLED_OFF)} == {M.TERMS, M.CALL_OFF}


def test_what_the_law_asks_for_is_not_talked_over() -> None:
    assert MOMENTS[M.DISCLOSURE].talked_over is TalkedOver.NO
    assert MOMENTS[M.DISCLOSURE].by is MOMENTS[M.GUIDANCE].by is By.CLIP


def test_the_page_shows_the_table_as_it_is() -> None:
    assert moments() in PAGE.read_text("utf-8")
