"""A text that failed: sent again, put off, or left to the office."""

from datetime import datetime, timedelta

import pytest

from shared.actions.follow_ups.retry import ATTEMPTS, pause_after
from shared.businesses import by_id
from tests.examples import OFFICE, ON_CALL, SARAH, a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.shared.actions.follow_ups.test_run import (
    DAY,
    MINUTE,
    MORNING,
    NIGHT,
    at,
    left,
    text,
)


def test_a_customer_is_not_texted_at_night_but_who_is_on_call_is() -> None:
    world = left(FakeWorld(), text(), text("text:job1:on_call", to=ON_CALL, body="A gas leak."))

    assert at(world, NIGHT) == {"held": 1, "done": 1}
    assert [sent.to for sent in world.texts.sent] == [ON_CALL]
    assert world.follow_ups.rows["text:job1:caller"].attempts == 0
    assert at(world, MORNING - MINUTE) == {}
    assert at(world, MORNING) == {"done": 1}
    assert world.texts.to(SARAH) == ["You're booked."]


@pytest.mark.parametrize(
    ("hour", "sent"), [(7, False), (8, True), (12, True), (19, True), (20, False), (23, False)]
)
def test_texting_hours_are_the_business_s_own(hour: int, sent: bool) -> None:
    business = by_id("coolcare_hvac")
    assert business is not None
    now = datetime(2025, 8, 28, hour, 59, tzinfo=business.zone)
    world = left(FakeWorld(), text(due_at=now))

    at(world, now)

    assert bool(world.texts.sent) is sent


def test_a_text_refused_again_waits_longer_each_time_and_then_goes_to_the_office() -> None:
    world = left(FakeWorld(), text(attempts=1))
    world.texts.failing = {SARAH: 30_001}
    now, pauses = DAY, []
    while "text:job1:caller" in world.follow_ups.rows:
        at(world, now)
        row = world.follow_ups.rows.get("text:job1:caller")
        if row is not None:
            pauses.append(row.due_at - now)
            now = row.due_at

    minutes = [pause / MINUTE for pause in pauses]
    assert minutes[:5] == [20, 40, 80, 160, 320]
    assert world.metrics.total("FollowUpsGivenUp") == 1
    (notice,) = world.texts.to(OFFICE)
    assert notice.startswith("CoolCare HVAC: we could not text 555-123-0000 about job job1")
    assert world.follow_ups.rows == {}


def test_pauses_grow_and_end_at_six_hours() -> None:
    pauses = [pause_after(n) for n in range(ATTEMPTS * 200)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=6)


def test_who_said_stop_is_never_tried_again() -> None:
    world = left(FakeWorld(), text())
    world.texts.failing = {SARAH: 21_610}

    assert at(world, DAY) == {"done": 1}
    assert world.follow_ups.rows == {}
    assert world.texts.sent == []
    assert world.metrics.total("FollowUpsGivenUp") == 0


def test_a_landline_is_not_tried_again_and_the_office_calls() -> None:
    world = left(FakeWorld(), text())
    world.texts.failing = {SARAH: 21_614}

    at(world, DAY)

    assert len(world.texts.to(OFFICE)) == 1
    assert world.follow_ups.rows == {}


def test_a_text_taken_and_not_delivered_is_told_to_the_office_once() -> None:
    undelivered = text("undelivered:SM1", body=None, job_id=None, error="twilio 30003")
    world = left(FakeWorld(), undelivered)

    at(world, DAY)
    at(world, DAY + timedelta(hours=1))

    (notice,) = world.texts.to(OFFICE)
    assert "555-123-0000" in notice


def test_an_office_that_cannot_be_texted_is_counted_and_told_to_nobody() -> None:
    world = left(FakeWorld(), text("undelivered:SM1", body=None, job_id=None, to=OFFICE))

    assert at(world, DAY) == {"given_up": 1}
    assert world.texts.sent == []
    assert world.follow_ups.rows == {}
    assert world.metrics.total("FollowUpsGivenUp") == 1


@pytest.mark.parametrize("whom", ["caller", "office", "on_call", "link", "reminder"])
@pytest.mark.parametrize(("version", "sent"), [(0, 0), (1, 0), (2, 1)])
def test_a_text_of_a_window_the_job_has_moved_from_is_dropped(
    whom: str, version: int, sent: int
) -> None:
    moved = f"moved:{version}:" if version else ""
    world = left(FakeWorld(), text(f"text:job1:{moved}{whom}"))
    world.jobs.book(a_job(version=2), a_customer())

    assert at(world, DAY) == {"done": 1}
    assert len(world.texts.sent) == sent


def test_what_is_no_text_of_a_window_is_sent_after_a_move_too() -> None:
    ids = ("text:job1:released:caller", "text:given_up:text:job1:caller", "text:job1:other")
    world = left(FakeWorld(), *map(text, ids))
    world.jobs.book(a_job(version=2), a_customer())

    assert at(world, DAY) == {"done": 3}
    assert len(world.texts.sent) == 3
