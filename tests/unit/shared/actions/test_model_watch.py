"""A model's end is seen coming, two months ahead."""

from datetime import date

import pytest

from shared.actions.model_watch import check
from shared.domain.errors import PortError
from tests.fakes import FakeMetrics

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (None, 0),
        (date(2027, 1, 26), 0),
        (date(2027, 1, 25), 1),
        (date(2026, 11, 26), 1),
        (date(2026, 1, 1), 1),
    ],
)
def test_a_model_that_ends_within_sixty_days_is_counted(ends: date | None, found: int) -> None:
    metrics = FakeMetrics()
    told = check(["gpt-realtime-2.1"], lambda *_: ends, metrics, today=TODAY)
    assert len(told) == found
    assert [(name, value) for name, value, _ in metrics.counted] == [("ModelsEndingSoon", found)]


def test_one_that_cannot_be_asked_about_hides_no_other() -> None:
    def ends(model: str, today: date) -> date | None:
        if model == "down":
            raise PortError("openai models: 503")
        return today

    assert check(["down", "gone"], ends, FakeMetrics(), today=TODAY) == {"gone": "2026-11-26"}


def test_where_nobody_answers_nothing_is_counted() -> None:
    def ends(model: str, today: date) -> date | None:
        raise PortError("openai models: 503")

    metrics = FakeMetrics()
    assert check(["down", "too"], ends, metrics, today=TODAY) == {}
    assert metrics.counted == []
