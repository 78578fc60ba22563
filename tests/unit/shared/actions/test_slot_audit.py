"""The nightly check finds what the booking's transaction makes impossible."""

from datetime import timedelta

from shared.actions import slot_audit
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.models import Job, JobStatus
from tests.examples import NOW, TONIGHT, a_customer, a_job
from tests.fakes import FakeJobs, FakeWorld

DAY = timedelta(days=1)


def coolcare() -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business


def booked() -> FakeWorld:
    world = FakeWorld()
    world.jobs.book(a_job(), a_customer())
    world.jobs.book(a_job("job2", TONIGHT + 3 * DAY), a_customer())
    return world


def checked(world: FakeWorld) -> int:
    return slot_audit.check(world.jobs, coolcare(), world.metrics, now=NOW)


def test_jobs_with_their_hours_are_right_and_a_zero_is_counted() -> None:
    world = booked()

    assert checked(world) == 0
    assert world.metrics.counted == [("SlotInvariantViolation", 0, "coolcare_hvac")]


def test_nothing_booked_is_right() -> None:
    assert checked(FakeWorld()) == 0


def test_a_scheduled_job_that_lost_an_hour_is_found() -> None:
    world = booked()
    world.jobs.locks.pop(next(iter(world.jobs.locks)))

    assert checked(world) == 1
    assert world.metrics.total("SlotInvariantViolation") == 1


def test_two_jobs_in_one_hour_are_both_found() -> None:
    world = booked()
    world.jobs.rows["job3"] = a_job("job3", TONIGHT + timedelta(hours=1))

    assert checked(world) == 2


def test_a_closed_job_needs_no_hours() -> None:
    world = booked()
    world.jobs.close("job1", JobStatus.CANCELLED, at=NOW)

    assert checked(world) == 0


def test_a_job_closed_while_we_looked_is_none() -> None:
    world = booked()

    class RunsBehind(type(world.jobs)):  # type: ignore[misc]
        """The index still shows job1 as it was."""

        def of_business(self, business_id: str, day: str) -> list[object]:
            return [a_job()] if day == "2025-08-28" else []

    behind = RunsBehind()
    behind.rows, behind.locks = world.jobs.rows, world.jobs.locks
    behind.close("job1", JobStatus.CANCELLED, at=NOW)

    assert slot_audit.check(behind, coolcare(), world.metrics, now=NOW) == 0


class Behind(FakeJobs):
    """The index still lists the job at the window it was moved from."""

    def of_business(self, business_id: str, day: str) -> list[Job]:
        stale = [a_job()] if day == "2025-08-28" else []
        return stale + super().of_business(business_id, day)


def test_a_job_moved_between_the_two_looks_is_right() -> None:
    world = FakeWorld()
    world.jobs = Behind(world.customers, world.follow_ups)
    world.jobs.book(a_job(), a_customer())
    world.jobs.move(a_job(), a_job(start=TONIGHT + 3 * DAY, version=1))

    assert checked(world) == 0
