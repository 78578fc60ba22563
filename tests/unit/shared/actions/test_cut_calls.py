"""Who was cut off and calls back goes on; who does not is called."""

from datetime import timedelta

import pytest

from shared.actions import calls, cut_calls
from shared.businesses import by_id
from shared.domain.models import Escalation
from shared.domain.outcomes import EndReason, Failure
from tests.examples import SARAH
from tests.fakes import A_TIME, FakeWorld

MINUTE = timedelta(minutes=1)
FOUND = by_id("coolcare_hvac")
assert FOUND is not None
COOLCARE = FOUND


def ended(failure: Failure | None, *, heard: bool = True, caller: str | None = SARAH) -> FakeWorld:
    world = FakeWorld()
    calls.open_call(world.calls, calls.new_call(COOLCARE, "CA1", caller, now=A_TIME))
    if heard:
        world.calls.note("CA1", disclosed_at=A_TIME)
    reason = EndReason.FAILED if failure else EndReason.GOODBYE
    calls.finish(world.calls, world.jobs, "CA1", now=A_TIME, reason=reason, failure=failure)
    cut_calls.note(world.ports, "CA1", real_now=A_TIME)
    return world


def known(world: FakeWorld, after: timedelta = MINUTE) -> str | None:
    return world.admissions.called(COOLCARE.id, SARAH, A_TIME + after).cut_call


@pytest.mark.parametrize(
    ("failure", "heard", "caller"),
    [
        (None, True, SARAH),
        (Failure.CAPACITY, True, SARAH),
        (Failure.MODEL_DOWN, True, SARAH),
        (Failure.MODEL_LOST, False, SARAH),
        (Failure.MODEL_LOST, True, None),
    ],
)
def test_what_was_not_cut_off_is_not_kept(
    failure: Failure | None, heard: bool, caller: str | None
) -> None:
    world = ended(failure, heard=heard, caller=caller)

    assert known(world) is None and world.follow_ups.rows == {}


@pytest.mark.parametrize("failure", [Failure.MODEL_LOST, Failure.BRIDGE_LOST, Failure.DROPPED])
def test_a_call_that_broke_is_known_for_ten_minutes_and_followed_up(failure: Failure) -> None:
    world = ended(failure)

    assert known(world, 9 * MINUTE) == "CA1" and known(world, 10 * MINUTE) is None
    (later,) = world.follow_ups.rows.values()
    assert (later.follow_up_id, later.due_at) == ("cut:CA1", A_TIME + 10 * MINUTE)


def test_reported_twice_it_is_one() -> None:
    world = ended(Failure.BRIDGE_LOST)
    world.admissions.called_back(COOLCARE.id, SARAH, "CA1")
    cut_calls.note(world.ports, "CA1", real_now=A_TIME + MINUTE)

    assert known(world) is None and len(world.follow_ups.rows) == 1


def test_who_calls_back_goes_on_once_and_is_not_called() -> None:
    world = ended(Failure.MODEL_LOST)

    assert cut_calls.resumed(world.ports, known(world), "TN-Validation-Passed-A") == "CA1"
    assert known(world) is None and world.follow_ups.rows == {}


def test_a_number_that_is_not_the_callers_goes_on_with_nothing() -> None:
    world = ended(Failure.MODEL_LOST)

    assert cut_calls.resumed(world.ports, known(world), "TN-Validation-Failed-C") is None
    assert known(world) == "CA1"


@pytest.mark.parametrize("result", ["answered", "voicemail"])
def test_whom_a_person_or_the_mailbox_had_goes_on_with_nothing(result: str) -> None:
    world = ended(Failure.MODEL_LOST)
    asked = Escalation(reason="failure", asked_at=A_TIME)
    world.calls.escalate("CA1", asked)
    world.calls.escalate("CA1", asked.model_copy(update={"result": result}))

    assert cut_calls.resumed(world.ports, known(world), None) is None


def test_a_table_that_is_down_makes_a_new_caller_of_them() -> None:
    world = ended(Failure.MODEL_LOST)
    world.calls.down = True

    assert cut_calls.resumed(world.ports, "CA1", None) is None


def test_a_cut_call_is_counted_once_and_where_no_table_answers_all_the_same() -> None:
    world, told = ended(Failure.DROPPED), list[str]()
    for who in ("bridge", "webhook"):
        cut_calls.tell_once(world.ports, "CA1", lambda who=who: told.append(who), real_now=A_TIME)  # type: ignore[misc]
    assert told == ["bridge"]

    world.follow_ups.down = True
    cut_calls.tell_once(world.ports, "CA1", lambda: told.append("again"), real_now=A_TIME)
    assert told == ["bridge", "again"]
