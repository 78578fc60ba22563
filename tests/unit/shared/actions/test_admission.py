"""Who the model takes, and who is rung through at once."""

from datetime import timedelta

import pytest

from shared.actions.admission import LOST, Admission, Admitted, RungThrough
from shared.domain.money import Cents
from shared.domain.outcomes import Failure
from tests.fakes import A_TIME, FakeAdmissions

SARAH = "+15551230000"
MINUTE = timedelta(minutes=1)


def failing(lost: int) -> FakeAdmissions:
    """A stage of whose last ten calls so many lost the model."""
    admissions = FakeAdmissions()
    for number in range(10):
        admissions.ended(lost=number < lost)
    return admissions


def looking(admissions: FakeAdmissions, budget: int | None = None) -> Admission:
    admission = Admission(admissions, None if budget is None else Cents(budget))
    admission.refresh(A_TIME)
    return admission


def test_the_model_takes_a_call() -> None:
    assert looking(failing(4)).of("b", SARAH, A_TIME) == Admitted()


def test_half_of_ten_lost_rings_new_callers_through_but_for_one_a_minute() -> None:
    admission = looking(failing(5))

    asked = [admission.of("b", None, A_TIME + n * MINUTE / 3) for n in range(5)]

    first, again = (
        RungThrough(Failure.MODEL_DOWN, is_first=is_first) for is_first in (True, False)
    )
    assert asked == [Admitted(is_probe=True), first, again, Admitted(is_probe=True), again]


def test_a_probe_that_keeps_its_model_lets_all_in_again() -> None:
    admissions = failing(10)
    admission = looking(admissions)
    probe = admission.of("b", None, A_TIME)
    assert isinstance(probe, Admitted)

    admission.ended(probe, None, Cents(0), A_TIME)
    admission.refresh(A_TIME)

    assert admission.of("b", None, A_TIME) == Admitted()


def test_a_probe_that_loses_it_changes_nothing() -> None:
    admissions = failing(10)
    admission = looking(admissions)
    probe = admission.of("b", None, A_TIME)
    assert isinstance(probe, Admitted)

    admission.ended(probe, Failure.MODEL_LOST, Cents(0), A_TIME)
    admission.refresh(A_TIME)

    assert admission.of("b", None, A_TIME) == RungThrough(Failure.MODEL_DOWN, is_first=True)


@pytest.mark.parametrize("failure", [None, Failure.DROPPED, Failure.DRAINING, *sorted(LOST)])
def test_only_what_the_model_broke_counts_against_it(failure: Failure | None) -> None:
    admissions = FakeAdmissions()
    for _ in range(10):
        looking(admissions).ended(Admitted(), failure, Cents(0), A_TIME)

    assert admissions.state(A_TIME).lost == (10 if failure in LOST else 0)


def test_the_seventh_call_of_a_number_within_the_hour_is_for_a_person() -> None:
    admission = looking(FakeAdmissions())

    asked = [admission.of("b", SARAH, A_TIME) for _ in range(9)]

    often = RungThrough(Failure.CALLS_OFTEN, is_first=False)
    assert asked == [Admitted()] * 6 + [
        RungThrough(Failure.CALLS_OFTEN, is_first=True),
        often,
        often,
    ]
    assert admission.of("b", SARAH, A_TIME + timedelta(hours=1)) == Admitted()


def test_withheld_numbers_are_not_taken_for_one() -> None:
    admission = looking(FakeAdmissions())

    assert [admission.of("b", None, A_TIME) for _ in range(9)] == [Admitted()] * 9


def test_a_day_over_its_budget_is_for_people_until_midnight() -> None:
    admissions = FakeAdmissions()
    admission = looking(admissions, budget=100)
    admission.ended(Admitted(), None, Cents(100), A_TIME)
    admission.refresh(A_TIME)
    asked = [admission.of("b", None, A_TIME) for _ in range(3)]
    assert asked == [
        RungThrough(Failure.OVER_BUDGET, is_first) for is_first in (True, False, False)
    ]

    admission.refresh(A_TIME + timedelta(hours=1))
    assert admission.of("b", None, A_TIME + timedelta(hours=1)) == Admitted()


def test_a_table_that_is_down_keeps_nobody_from_the_model() -> None:
    admissions = FakeAdmissions()
    admission = looking(admissions, budget=100)
    admissions.down = True
    admission.refresh(A_TIME)

    assert admission.of("b", SARAH, A_TIME) == Admitted()


def test_a_stage_of_many_processes_tells_of_each_cause_once_a_day() -> None:
    admissions = failing(10)
    assert admissions.probe(A_TIME, every=MINUTE)
    at = [A_TIME, A_TIME, A_TIME + timedelta(hours=24)]
    asked = [looking(admissions).of("b", None, now) for now in at[:2]]
    assert admissions.probe(at[2], every=MINUTE)
    asked.append(looking(admissions).of("b", None, at[2]))

    assert asked == [RungThrough(Failure.MODEL_DOWN, is_first) for is_first in (True, False, True)]
    assert admissions.first_today(Failure.OVER_BUDGET, A_TIME)
