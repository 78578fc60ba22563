"""What a model that should read a sentence says instead is never that sentence."""

import pytest

from services.simulator.realtime.responses.misreading import Misreading, misread

WORDS = "I am an AI. You are recorded."


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("rewords", "I'm an AI. You are recorded."),
        ("truncates", "I am an."),
        ("adds", f"Sure, here it is. {WORDS}"),
    ],
)
def test_a_misreading_is_of_its_kind(how: Misreading, said: str) -> None:
    assert misread(WORDS, how) == said


def test_a_sentence_without_anything_to_shorten_is_reworded_all_the_same() -> None:
    assert misread("Leave the house now.", "rewords") == "So, the house now."
