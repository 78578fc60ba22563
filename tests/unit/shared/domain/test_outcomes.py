"""The words of outcomes: complete, and as the page lists them."""

import json
from pathlib import Path

import pytest

from shared.domain.outcomes import CallStage, EndReason, EscalationReason, Failure

PAGE = Path(__file__).parents[4] / "docs" / "calls.md"


def test_the_page_lists_every_end_and_every_failure() -> None:
    page = PAGE.read_text("utf-8")

    assert [word for word in (*EndReason, *Failure) if f"`{word}`" not in page] == []


def test_an_end_that_was_not_well_names_what_broke_in_the_same_word() -> None:
    well = {
        EndReason.GOODBYE,
        EndReason.HANDED_OVER,
        EndReason.TOO_LONG,
        EndReason.SILENCE,
        EndReason.HUNG_UP,
    }

    assert {reason.value for reason in set(EndReason) - well} <= {*Failure}


@pytest.mark.parametrize("words", [CallStage, EndReason, Failure, EscalationReason])
def test_words_are_written_as_plain_strings(words: type[CallStage]) -> None:
    assert json.loads(json.dumps(list(words))) == [word.value for word in words]
