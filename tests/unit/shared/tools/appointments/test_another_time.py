"""A visit is put elsewhere outside of a call: the next windows, at what they cost, once."""

import pytest

from shared.domain.call_time import CallTime
from shared.domain.errors import WindowTaken
from shared.domain.models import Covered, Job, Window
from shared.domain.money import Cents
from shared.tools.appointments.another_time import context_of, offers, put, there
from shared.tools.context import ToolContext
from tests.examples import NOW, OFFICE, SARAH, TONIGHT, a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.shared.tools.appointments.visit import visit
from tests.unit.shared.tools.talk import coolcare

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
