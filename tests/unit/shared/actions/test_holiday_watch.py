"""An office hears of the end of its list of holidays once, and when it is there to read it."""

from datetime import date
from typing import Any

import pytest

from shared.actions.holiday_watch import check
from shared.businesses import all_businesses
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from tests.examples import NOW, OFFICE
from tests.fakes import FakeWorld

AT = CallTime(now=NOW, real=NOW)  # Thursday at 7:12 PM
SOON, FAR = date(2025, 9, 1), date(2026, 1, 1)


def shop(**changes: Any) -> Business:
    real = {"id": "mine", "numbers": ("+19375550234",)}
    return all_businesses()["coolcare_hvac"].model_copy(update=real | changes)


def test_it_is_told_once_for_each_list_when_the_office_opens() -> None:
    world = FakeWorld()
    assert check(world.ports, [shop(holidays=(SOON,))], AT) == ["mine"]
    assert check(world.ports, [shop(holidays=(SOON,))], AT) == []
    (left,) = world.follow_ups.rows.values()
    assert left.to == OFFICE and left.body is not None
    assert "the last holiday in your business file is Sep 1, 2025" in left.body
    assert shop().local(left.due_at).isoformat() == "2025-08-29T08:00:00-04:00"
    assert world.texts.sent == []

    another = date(2025, 10, 1)
    assert check(world.ports, [shop(holidays=(SOON, another))], AT) == ["mine"]


@pytest.mark.parametrize(
    "changes",
    [
        {"holidays": (SOON, FAR)},
        {"holidays": (SOON,), "yearly_holidays": ("Christmas",)},
        {"holidays": ()},  # its choice; `check` says so
        {"holidays": (SOON,), "numbers": ("+19375550100",)},  # an example
    ],
)
def test_others_are_left_alone(changes: dict[str, Any]) -> None:
    world = FakeWorld()
    assert check(world.ports, [shop(**changes)], AT) == []
    assert not world.follow_ups.rows


def test_without_the_table_and_without_hours_nobody_is_told_and_nothing_breaks() -> None:
    world = FakeWorld()
    assert check(world.ports, [shop(holidays=(SOON,), hours={})], AT) == []
    world.follow_ups.down = True
    assert check(world.ports, [shop(holidays=(SOON,))], AT) == []
