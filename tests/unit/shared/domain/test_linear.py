"""A linear model adds up what it knows; the more is said, the less each word weighs."""

import pytest

from shared.domain.linear import BIAS, FEW, Linear, share

MODEL = Linear(("no", "yes"), {BIAS: (0.5, 0.0), "sure": (-1.0, 2.0), "hardly": (2.0, -1.0)})


def test_odds_add_up_to_one_and_follow_what_was_found() -> None:
    assert sum(MODEL.odds({"sure"})) == pytest.approx(1)
    assert MODEL.odds({"sure"})[1] > 0.9 > 0.1 > MODEL.odds({"hardly"})[1]


def test_what_was_never_seen_leaves_the_bias() -> None:
    assert MODEL.odds(set()) == MODEL.odds({"perhaps"})
    assert MODEL.odds({"perhaps"})[0] > 0.5


def test_a_word_weighs_less_in_a_long_text() -> None:
    among_many = {"sure", *(f"word {n}" for n in range(100))}

    assert 0.5 < MODEL.odds(among_many)[1] < MODEL.odds({"sure"})[1]
    assert share(among_many, FEW) < share({"sure"}, FEW)
