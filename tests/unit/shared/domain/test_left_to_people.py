"""A visit with a danger, one whose time has come and one changed often are changed by people."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain import left_to_people
from shared.domain.models import Priority
from tests.examples import NOW, a_job

STARTS = a_job().window.start


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"priority": Priority.LIFE_SAFETY}, "A danger was told of with this visit."),
        ({"priority": Priority.SAME_DAY}, None),
        ({"version": left_to_people.MOST_CHANGES}, "It was changed many times already."),
        ({}, None),
    ],
)
def test_a_visit_is_left_to_people(changes: dict[str, Any], why: str | None) -> None:
    assert left_to_people.why(a_job().model_copy(update=changes), NOW) == why


def test_so_is_one_whose_time_has_come() -> None:
    assert left_to_people.why(a_job(), STARTS) is not None
    assert left_to_people.why(a_job(), STARTS - timedelta(minutes=1)) is None
