"""A visit is put elsewhere outside of a call: the next windows, at what they cost, once."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.errors import WindowTaken
from shared.domain.models import Covered, Job, Window
from shared.domain.money import Cents
from shared.office import visits as office
from shared.tools.appointments import another_time
from shared.tools.appointments.another_time import context_of, offers, put, there
from shared.tools.context import ToolContext
from tests.examples import NOW, OFFICE, SARAH, TONIGHT, a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.shared.tools.appointments.visit import visit
from tests.unit.shared.tools.talk import Talk, coolcare

AT = CallTime(now=NOW, real=NOW)


def at_the_desk(job: Job) -> tuple[FakeWorld, ToolContext]:
    world = FakeWorld()
    world.jobs.book(job, a_customer())
    return world, context_of(world.ports, coolcare(), job, "https://voice.example.com")


def test_the_next_two_windows_are_offered_and_its_own_is_not() -> None:
    job = a_job(start=TONIGHT)
    _, context = at_the_desk(job)
    found = offers(context, job, AT)
    assert [each.slot.window.start.astimezone(NOW.tzinfo).isoformat()[:13] for each in found]
    assert len(found) == 2 and all(each.slot.window.start != TONIGHT for each in found)
    # By day it costs less than tonight, which nobody has to be asked about.
    assert all(each.job.estimate == 55_000 and not each.costs_more(job) for each in found)


def test_at_the_rate_that_was_agreed_it_costs_what_was_agreed() -> None:
    agreed = {"rate": "regular", "after_hours": False, "estimate": Cents(12_345)}
    job = visit(**agreed)
    _, context = at_the_desk(job)
    assert {each.job.estimate for each in offers(context, job, AT)} == {12_345}
    covered = visit(covered=Covered.MEMBER, estimate=Cents(0), visit_fee=Cents(0), deposit=Cents(0))
    _, context = at_the_desk(covered)
    assert {each.job.estimate for each in offers(context, covered, AT)} == {0}


def test_what_the_rate_card_no_longer_has_is_left_to_the_office() -> None:
    job = a_job(service_type="gone")
    _, context = at_the_desk(job)
    assert offers(context, job, AT) == []


def test_it_is_moved_once_with_its_texts_and_its_old_hours_are_free() -> None:
    job = a_job()
    world, context = at_the_desk(job)
    first, _ = offers(context, job, AT)
    kept = put(context, job, there(context, job, first.slot.window, AT), AT)
    assert kept.job.window == first.job.window and kept.job.version == 1
    assert {(crew, hour) for _, crew, hour in world.jobs.locks} == set(kept.job.holds)
    assert "moved from" in world.texts.to(SARAH)[0] and "MOVED" in world.texts.to(OFFICE)[0]


def test_a_window_that_somebody_has_is_taken() -> None:
    job = a_job()
    world, context = at_the_desk(job)
    first, _ = offers(context, job, AT)
    for n, crew in enumerate(context.business.crews):
        other = a_job(f"other{n}", first.slot.window.start, crew=crew)
        world.jobs.book(other, a_customer())
    with pytest.raises(WindowTaken):
        there(context, job, Window.at(first.slot.window.start), AT)


# -- what it costs there: one rule, whether it is moved on a call, by text or by the office ---


MORNING = datetime(2025, 8, 28, 12, tzinfo=UTC)  # 08:00 on a Thursday
BY_DAY, BY_DAY_TOO = datetime(2025, 9, 3, 14, tzinfo=UTC), datetime(2025, 9, 4, 14, tzinfo=UTC)
AT_NIGHT = datetime(2025, 8, 31, 1, tzinfo=UTC)
REGULAR = {"after_hours": False, "rate": "regular", "is_emergency": True}
LATE = {"after_hours": True, "rate": "after_hours", "is_emergency": True}
AGREED = {"estimate": 60_000, "visit_fee": 17_000, "deposit": 15_000}
DEAR = {"estimate": 80_000, "visit_fee": 24_000, "deposit": 20_000}
PUBLIC = "https://voice.example.com"


def by_voice(world: FakeWorld, business: Business, to: Window) -> None:
    talk = Talk(business, now=MORNING, world=world)
    talk.use("find_appointment", name="Sarah Miller")
    talk.use(
        "check_availability", service_type="repair", is_emergency=True,
        preferred_date=f"{business.local(to.start):%Y-%m-%d}",
    )  # fmt: skip
    start = business.local(to.start).isoformat()
    done = talk.after_a_yes("reschedule_appointment", "terms", job_id="job1", scheduled_time=start)
    assert done.output.get("rescheduled"), done.output


def by_text(world: FakeWorld, business: Business, to: Window) -> None:
    at, job = CallTime(MORNING, MORNING), world.jobs.rows["job1"]
    tools = another_time.context_of(world.ports, business, job, PUBLIC)
    another_time.put(tools, job, another_time.there(tools, job, to, at), at)


def by_office(world: FakeWorld, business: Business, to: Window) -> None:
    at, job = CallTime(MORNING, MORNING), world.jobs.rows["job1"]
    start = f"{business.local(to.start):%Y-%m-%dT%H:%M}"
    list(office.move(world.ports, business, job, start, None, at, public_url=PUBLIC, apply=True))


Door = Callable[[FakeWorld, Business, Window], None]
DOORS: tuple[Door, ...] = (by_voice, by_text, by_office)


def moved(door: Door, start: datetime, to: datetime, **agreed: Any) -> Job:
    world, business = FakeWorld(), coolcare(crews=("crew-1", "crew-2"))
    world.jobs.book(a_job(start=start, call_sid="CA0", **agreed), a_customer())
    door(world, business, Window.at(to))
    job = world.jobs.rows["job1"]
    assert job.window.start == to
    return job


def price(job: Job) -> tuple[int, int, int]:
    return job.visit_fee, job.estimate, job.deposit


@pytest.mark.parametrize("door", DOORS)
def test_at_the_same_rate_it_costs_what_was_agreed_whatever_the_card_says_now(door: Door) -> None:
    job = moved(door, BY_DAY, BY_DAY_TOO, **REGULAR, **AGREED)
    assert price(job) == (17_000, 60_000, 15_000)


@pytest.mark.parametrize("door", DOORS)
def test_at_the_cheaper_rate_it_costs_what_the_card_says(door: Door) -> None:
    job = moved(door, AT_NIGHT, BY_DAY_TOO, **LATE, **DEAR)
    assert price(job) == (16_500, 55_000, 13_800)


@pytest.mark.parametrize("door", DOORS)
def test_and_never_more_than_was_agreed(door: Door) -> None:
    cheap = {"estimate": 50_000, "visit_fee": 15_000, "deposit": 12_500}
    job = moved(door, AT_NIGHT, BY_DAY_TOO, **LATE, **cheap)
    assert price(job) == (15_000, 50_000, 12_500)


@pytest.mark.parametrize("door", [by_text, by_office])
def test_at_the_dearer_rate_it_costs_what_the_card_says_and_is_told_first(door: Door) -> None:
    job = moved(door, BY_DAY, AT_NIGHT, **REGULAR, **AGREED)
    assert price(job) == (24_800, 82_500, 20_600)
