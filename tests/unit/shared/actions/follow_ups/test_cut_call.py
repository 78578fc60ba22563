"""Whose call was cut off, and who has not called back: the office calls them."""

from datetime import timedelta

import pytest

from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.businesses import by_id
from shared.domain.call_time import CallTime
from shared.domain.models import Escalation
from shared.domain.outcomes import Failure
from tests.examples import OFFICE, a_customer, a_job
from tests.fakes import A_TIME, FakeWorld
from tests.unit.shared.actions.test_cut_calls import ended

LATER = A_TIME + timedelta(minutes=10)


def at_ten(world: FakeWorld) -> dict[str, int]:
    this_run = FollowUpRun(world.ports, by_id, "https://x", CallTime(LATER, LATER))
    return dict(run(this_run, lambda: True))


def test_the_office_is_told_whom_to_call() -> None:
    world = ended(Failure.BRIDGE_LOST)

    assert at_ten(world) == {"done": 2}
    (text,) = world.texts.to(OFFICE)
    assert "was cut off, and they have not called back" in text and "555" in text


def test_it_says_that_they_are_booked_and_may_not_know() -> None:
    world = ended(Failure.BRIDGE_LOST)
    world.jobs.book(a_job(call_sid="CA1"), a_customer())
    world.calls.note("CA1", job_id="job1")
    at_ten(world)

    (text,) = world.texts.to(OFFICE)
    assert text.endswith("They are booked, and may not know.")


@pytest.mark.parametrize("result", ["answered", "voicemail"])
def test_nobody_is_told_where_a_person_or_the_mailbox_had_them(result: str) -> None:
    world = ended(Failure.BRIDGE_LOST)
    asked = Escalation.model_validate({"reason": "failure", "asked_at": A_TIME, "result": result})
    world.calls.escalate("CA1", asked)

    assert at_ten(world) == {"done": 1}
    assert world.texts.sent == []
