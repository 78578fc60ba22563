"""A visit is called off: its hours are free, and nothing is half done."""

from typing import Any

import pytest

from services.operator.done.cancel import cancel
from services.operator.where.trouble import CannotTell
from shared.businesses import all_businesses
from shared.domain.models import JobStatus
from tests.examples import NOW, a_customer, a_job
from tests.fakes import FakeWorld


def booked(**changes: Any) -> FakeWorld:
    world = FakeWorld()
    world.jobs.book(a_job(**changes), a_customer())
    return world


def test_it_is_shown_first_and_nothing_changed() -> None:
    world = booked()

    shown = list(cancel(world.jobs, "job1", all_businesses(), NOW, apply=False))

    assert shown[0] == "job job1: repair, Thu, Aug 28, 9 to 11 PM"
    assert "nothing was changed" in shown[1]
    assert world.jobs.rows["job1"].status is JobStatus.SCHEDULED and world.jobs.locks


def test_canceled_it_stands_no_more_and_holds_no_hour() -> None:
    world = booked()

    assert (
        "hours are free" in list(cancel(world.jobs, "job1", all_businesses(), NOW, apply=True))[1]
    )
    assert world.jobs.rows["job1"].status is JobStatus.CANCELLED and not world.jobs.locks
    with pytest.raises(CannotTell, match="cancelled already"):
        list(cancel(world.jobs, "job1", all_businesses(), NOW, apply=True))


def test_a_paid_deposit_is_refunded_first() -> None:
    world = booked(deposit_paid=True)

    with pytest.raises(CannotTell, match="refund it in Stripe first"):
        list(cancel(world.jobs, "job1", all_businesses(), NOW, apply=True))
    assert world.jobs.locks


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(CannotTell, match="there is no job nobody"):
        list(cancel(FakeWorld().jobs, "nobody", all_businesses(), NOW, apply=True))


def test_a_table_that_is_down_is_told() -> None:
    world = booked()
    world.jobs.down = True
    with pytest.raises(CannotTell):
        list(cancel(world.jobs, "job1", all_businesses(), NOW, apply=True))
