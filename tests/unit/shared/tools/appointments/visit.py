"""A visit that was booked in a call of before."""

from datetime import timedelta
from typing import Any

from shared.domain.models import Job
from tests.examples import TONIGHT, a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.shared.tools.talk import Talk

SUNDAY = TONIGHT + timedelta(days=3)
FRIDAY_8 = "2025-08-29T08:00:00-04:00"


def visit(**changes: Any) -> Job:
    return a_job(**{"call_sid": "CA0", "start": SUNDAY, **changes})


def returning(*jobs: Job, **talk: Any) -> Talk:
    """A call of somebody for whose number these were booked."""
    world = FakeWorld()
    for job in jobs:
        world.jobs.book(job, a_customer())
    return Talk(world=world, **talk)


def found(talk: Talk) -> Talk:
    """The same, once the caller has said who they are."""
    assert "appointments" in talk.use("find_appointment", name="Sarah Miller").output
    return talk
