"""What is most likely not meant is said, and no more."""

import tomllib
from datetime import date
from typing import Any

import pytest

from shared.businesses.odd import warnings
from shared.domain.business import Business
from tests.examples import BUSINESSES

TODAY = date(2025, 7, 28)
FILE = tomllib.loads((BUSINESSES / "coolcare_hvac.toml").read_text())
REAL = ("+19374440100",)


def coolcare(**changes: Any) -> Business:
    return Business.model_validate(FILE | {"numbers": REAL} | changes)


def test_a_file_that_is_as_it_is_meant_warns_of_nothing() -> None:
    assert list(warnings(coolcare(), TODAY)) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"numbers": ("+19375550100",)}, "numbers: they are of the range of examples"),
        ({"holidays": ()}, "holidays: none is named"),
        ({"holidays": (date(2025, 1, 1),)}, "holidays: the last one, 2025-01-01, is past"),
        ({"holidays": (date(2025, 9, 1),)}, "holidays: the list runs out on 2025-09-01"),
        ({"window_starts": (8, 17)}, "window_starts: the window from 17:00 to 19:00 is never"),
        ({"window_starts": (23,)}, "no window is ever offered but the emergency one"),
        (
            {"window_starts_on": {"sat": (9,)}},
            "window_starts_on.sat: the window from 9:00 is never",
        ),
        ({"on_call": ()}, "on_call: nobody is named"),
    ],
)
def test_what_is_odd_is_told(changes: dict[str, Any], told: str) -> None:
    assert any(
        line.startswith(told) or told in line for line in warnings(coolcare(**changes), TODAY)
    )


def test_holidays_by_rule_never_run_out() -> None:
    ruled = coolcare(holidays=(date(2020, 1, 1),), yearly_holidays=("Christmas",))
    assert list(warnings(ruled, TODAY)) == []
