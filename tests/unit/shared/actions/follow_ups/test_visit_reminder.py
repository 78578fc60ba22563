"""A visit to come: reminded of the day before and that morning, by day, once, with a yes alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.actions.follow_ups.visit_reminder import left
from shared.businesses import by_id
from shared.domain.business import Business, Policy
from shared.domain.call_time import CallTime
from shared.domain.models import JobStatus, OptOut, TextConsent
from tests.examples import OFFICE, SARAH, a_customer, a_job
from tests.fakes import FakeWorld

BOOKED = datetime(2025, 8, 28, 15, tzinfo=UTC)  # 11:00 in Springfield
VISIT = datetime(2025, 9, 3, 14, tzinfo=UTC)  # 10:00 on a Wednesday
DAY_BEFORE, MORNING = VISIT - timedelta(days=1), VISIT - timedelta(hours=2)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ON = Policy(remind_visits=True)
YES = TextConsent(at=BOOKED, wording="Book and text?", call_sid="CA1")


def business(policy: Policy = ON) -> Business:
    found = by_id("coolcare_hvac")
    assert found is not None
    return found.model_copy(update={"policy": policy})


def booked(at: datetime = BOOKED, policy: Policy = ON, **changes: Any) -> FakeWorld:
    world = FakeWorld()
    fields: dict[str, Any] = {"start": VISIT, "created_at": at, "consent": YES}
    job = a_job(**(fields | changes))
    world.jobs.book(job, a_customer(), left(business(policy), job, CallTime(at, at)))
    return world


def at(world: FakeWorld, *times: datetime, policy: Policy = ON) -> list[str]:
    for now in times:
        to_do = FollowUpRun(
            world.ports, lambda _: business(policy), "https://x", CallTime(now, now)
        )
        run(to_do, lambda: True)
    return world.texts.to(SARAH)


def test_the_day_before_and_that_morning_each_once() -> None:
    world = booked()
    assert at(world, DAY_BEFORE - MINUTE) == []
    every_hour = [DAY_BEFORE + n * HOUR for n in range(26)]
    assert at(world, *every_hour, *every_hour) == [
        "CoolCare HVAC: a reminder of your visit tomorrow, Wed, Sep 3, 10 AM to noon, at 123 Oak "
        "St, Springfield, OH. Reply R to change the time, C to call it off, STOP for no texts.",
        "CoolCare HVAC: a reminder of your visit today, Wed, Sep 3, 10 AM to noon, at 123 Oak "
        "St, Springfield, OH. Reply R to change the time, C to call it off, STOP for no texts.",
    ]
    assert world.metrics.total("VisitsReminded") == 2 and world.follow_ups.rows == {}


@pytest.mark.parametrize("changes", [{"consent": None}, {"synthetic": True}])
def test_nobody_is_reminded_without_a_yes(changes: dict[str, Any]) -> None:
    assert booked(**changes).follow_ups.rows == {}


def test_it_is_off_unless_the_file_says_so() -> None:
    assert booked(policy=Policy()).follow_ups.rows == {}
    world = booked()
    assert at(world, DAY_BEFORE, policy=Policy()) == [] and world.follow_ups.rows == {}


def test_who_said_stop_meanwhile_is_not_texted_and_nobody_is_bothered() -> None:
    world = booked()
    world.texting.opt_out("coolcare_hvac", SARAH, OptOut(at=BOOKED, by="text"))
    assert at(world, DAY_BEFORE, MORNING) == []
    assert all("could not text" not in told for told in world.texts.to(OFFICE))


@pytest.mark.parametrize("status", [JobStatus.CANCELLED, JobStatus.COMPLETED])
def test_a_visit_that_stands_no_more_is_not_reminded_of(status: JobStatus) -> None:
    world = booked()
    world.jobs.change("job1", status=status)
    assert at(world, DAY_BEFORE) == [] and world.follow_ups.rows == {}


def test_of_a_moved_visit_its_own_reminder_tells() -> None:
    world = booked()
    before = world.jobs.rows["job1"]
    later = a_job(start=VISIT + timedelta(days=1), created_at=BOOKED, consent=YES, version=1)
    moved_at = CallTime(BOOKED + HOUR, BOOKED + HOUR)
    world.jobs.move(before, later, follow_ups=left(business(), later, moved_at))
    assert at(world, DAY_BEFORE) == []
    (told,) = at(world, DAY_BEFORE + timedelta(days=1))
    assert "Thu, Sep 4" in told


def test_what_was_just_booked_or_is_about_to_begin_is_not_reminded_of() -> None:
    assert [text[:40] for text in at(booked(DAY_BEFORE - HOUR), DAY_BEFORE, MORNING)] == [
        "CoolCare HVAC: a reminder of your visit "
    ]
    assert booked(MORNING - HOUR).follow_ups.rows == {}
    early = VISIT - timedelta(hours=2)  # 8:00: nobody is texted before it
    assert len(at(booked(start=early), early - timedelta(days=1), early)) == 1


def test_a_late_run_keeps_to_the_day() -> None:
    world = booked()
    assert at(world, DAY_BEFORE + timedelta(hours=14)) == []  # midnight: tomorrow is today by now
    assert len(at(world, MORNING)) == 1
