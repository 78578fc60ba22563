"""The labelled wishes for a day are read as they are labelled."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.evals.dates.grade import is_right, measure

FOLDER = Path(__file__).parent / "dates"


@pytest.mark.parametrize("name", ["dev", "held_out"])
def test_a_wish_for_a_day_is_read_right(name: str) -> None:
    score = measure(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))
    assert score.share >= 0.98, "\n".join(score.misses)
    assert score.asked >= 0.95 * score.two_readings, "\n".join(score.misses)


def test_nothing_read_is_right_only_where_nothing_is_expected() -> None:
    assert is_right(None, None, date(2026, 5, 12))
    one = {"date": "2026-05-14", "date_to": None, "earliest": None, "latest": None}
    assert not is_right(None, one, date(2026, 5, 12))
