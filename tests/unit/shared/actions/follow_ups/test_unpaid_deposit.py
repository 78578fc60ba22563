"""Unpaid deposits: one reminder by day; the window back only where policy says so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.actions.follow_ups.retry import CLAIM, FollowUpRun
from shared.actions.follow_ups.run import run
from shared.actions.payments import deposit
from shared.businesses import by_id
from shared.domain.business import Business, Policy
from shared.domain.call_time import CallTime
from shared.domain.models import Contact, FollowUpKind, JobStatus, Priority
from tests.examples import OFFICE, SARAH, a_customer, a_follow_up, a_job
from tests.fakes import FakeWorld

PUBLIC = "https://voice.example.com"
BOOKED = datetime(2025, 8, 28, 15, tzinfo=UTC)  # 11:00 in Springfield
VISIT = datetime(2025, 9, 3, 14, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
STRICT = Policy(remind_unpaid_after_hours=2, cancel_unpaid_after_hours=6)


def business(policy: Policy = STRICT) -> Business:
    found = by_id("coolcare_hvac")
    assert found is not None
    return found.model_copy(update={"policy": policy})


def at(world: FakeWorld, now: datetime, policy: Policy = STRICT) -> dict[str, int]:
    this_run = FollowUpRun(world.ports, lambda _: business(policy), PUBLIC, CallTime(now, now))
    return dict(run(this_run, lambda: True))


def booked(world: FakeWorld | None = None, *, due: datetime | None = None, **changes: Any) -> Any:
    """A normal job with an open session, and the look at it that its booking left."""
    world = world or FakeWorld()
    fields: dict[str, Any] = {
        "start": VISIT,
        "created_at": BOOKED,
        "is_emergency": False,
        "priority": Priority.NORMAL,
    }
    job = a_job(**(fields | changes))
    look = a_follow_up(
        "deposit:job1",
        kind=FollowUpKind.DEPOSIT,
        to=None,
        body=None,
        due_at=due or BOOKED + 2 * HOUR,
    )
    world.jobs.book(job, a_customer(), [look])
    deposit.open_deposit(job, "CoolCare HVAC", world.jobs, world.checkout, return_url=PUBLIC)
    return world


def job(world: FakeWorld) -> Any:
    return world.jobs.rows["job1"]


def test_an_unpaid_deposit_is_reminded_of_once() -> None:
    world = booked()

    assert at(world, BOOKED + 2 * HOUR - MINUTE) == {}
    for hours in (2, 3, 4, 5):
        at(world, BOOKED + hours * HOUR)

    assert world.texts.to(SARAH) == [
        "CoolCare HVAC: a reminder: the deposit of $206 for your visit on Wed, Sep 3, 10 AM to "
        f"noon is still open. Pay here: {PUBLIC}/pay/job1 We hold your window until Thu, Aug 28, "
        "5:00 PM."
    ]
    assert world.metrics.total("DepositsReminded") == 1
    assert job(world).reminded_at == BOOKED + 2 * HOUR


def test_a_reminder_by_a_business_that_never_cancels_names_no_end() -> None:
    world = booked()
    policy = Policy(remind_unpaid_after_hours=2)

    for hours in range(2, 100):
        at(world, BOOKED + hours * HOUR, policy)

    (reminder,) = world.texts.to(SARAH)
    assert "until" not in reminder
    assert job(world).status is JobStatus.SCHEDULED
    assert world.follow_ups.rows == {}


def test_the_window_is_given_back_and_both_sides_are_told_once() -> None:
    world = booked()
    session = job(world).checkout_session_id
    for hours in range(2, 30):
        at(world, BOOKED + hours * HOUR)

    assert job(world).status is JobStatus.RELEASED
    assert world.jobs.locks == {}
    assert world.checkout.get(session).status == "expired"
    assert world.texts.to(SARAH)[1:] == [
        "CoolCare HVAC: your visit on Wed, Sep 3, 10 AM to noon was released, since its deposit "
        "was not paid. To book again, please call us."
    ]
    (to_office,) = world.texts.to(OFFICE)
    assert "job1" in to_office and "Sarah Miller" in to_office
    assert world.metrics.total("JobsReleased") == 1
    assert world.follow_ups.rows == {}


@pytest.mark.parametrize("priority", [Priority.LIFE_SAFETY, Priority.SAME_DAY])
@pytest.mark.parametrize("is_emergency", [True, False])
def test_an_urgent_job_is_reminded_and_never_cancelled(
    priority: Priority, is_emergency: bool
) -> None:
    world = booked(priority=priority, is_emergency=is_emergency)
    for hours in range(2, 120):
        at(world, BOOKED + hours * HOUR)

    assert job(world).status is JobStatus.SCHEDULED
    assert len(world.jobs.locks) == 2
    (reminder,) = world.texts.to(SARAH)
    assert "until" not in reminder


def test_an_emergency_of_normal_priority_is_never_cancelled_either() -> None:
    world = booked(is_emergency=True)
    for hours in range(2, 120):
        at(world, BOOKED + hours * HOUR)

    assert job(world).status is JobStatus.SCHEDULED


def test_at_night_nothing_is_sent_and_nothing_released() -> None:
    evening = BOOKED + 8 * HOUR  # 19:00
    world = booked(created_at=evening, due=evening + 2 * HOUR)
    morning = datetime(2025, 8, 29, 12, tzinfo=UTC)  # 08:00

    for hours in range(2, 13):
        at(world, evening + hours * HOUR - MINUTE)
    assert world.texts.sent == []

    at(world, morning)
    assert len(world.texts.to(SARAH)) == 1
    # Reminded late, so there are still four hours to pay, as for everybody else.
    at(world, morning + 4 * HOUR - MINUTE)
    assert job(world).status is JobStatus.SCHEDULED
    at(world, morning + 4 * HOUR)
    assert job(world).status is JobStatus.RELEASED


def test_who_has_paid_hears_nothing() -> None:
    world = booked()
    world.jobs.change("job1", deposit_paid=True, payment_id="pi_1")

    assert at(world, BOOKED + 2 * HOUR) == {"done": 1}
    assert world.texts.sent == []


def test_money_on_its_way_is_not_answered_with_a_release() -> None:
    world = booked()
    at(world, BOOKED + 2 * HOUR)
    world.checkout.complete(job(world).checkout_session_id)

    assert at(world, BOOKED + 6 * HOUR) == {"held": 1}
    assert job(world).status is JobStatus.SCHEDULED
    world.jobs.change("job1", deposit_paid=True, payment_id="pi_1")
    at(world, BOOKED + 7 * HOUR)
    assert (job(world).status, world.follow_ups.rows) == (JobStatus.SCHEDULED, {})


def test_a_visit_that_has_begun_is_settled_by_the_crew() -> None:
    soon = BOOKED + timedelta(hours=1)
    world = booked(start=soon)

    assert at(world, BOOKED + 2 * HOUR) == {"done": 1}
    assert (job(world).status, world.texts.sent) == (JobStatus.SCHEDULED, [])


def test_without_stripe_nothing_is_released_by_halves() -> None:
    world = booked()
    at(world, BOOKED + 2 * HOUR)
    world.checkout.down = True

    assert at(world, BOOKED + 6 * HOUR) == {"again": 1}
    assert job(world).status is JobStatus.SCHEDULED
    world.checkout.down = False
    at(world, BOOKED + 7 * HOUR)
    assert job(world).status is JobStatus.RELEASED


def test_a_run_that_dies_after_the_release_is_finished_by_the_next() -> None:
    world = booked()
    at(world, BOOKED + 2 * HOUR)

    class Died(BaseException):
        """The function was ended."""

    class Dies(type(world.metrics)):  # type: ignore[misc]
        def count(self, metric: str, *args: Any, **more: Any) -> None:
            if metric == "JobsReleased":
                raise Died
            super().count(metric, *args, **more)

    alive, world.metrics = world.metrics, Dies()
    with pytest.raises(Died):
        at(world, BOOKED + 6 * HOUR)
    world.metrics = alive
    assert job(world).status is JobStatus.RELEASED
    at(world, BOOKED + 6 * HOUR + CLAIM)

    assert (len(world.texts.to(SARAH)), len(world.texts.to(OFFICE))) == (2, 1)
    assert world.follow_ups.rows == {}


def test_many_runs_at_once_remind_and_release_once() -> None:
    world = booked()
    for hours in (2, 6):
        now = BOOKED + hours * HOUR
        with ThreadPoolExecutor(6) as runs:
            list(runs.map(lambda _, now=now: at(world, now), range(12)))

    assert (len(world.texts.to(SARAH)), len(world.texts.to(OFFICE))) == (2, 1)
    assert world.metrics.total("JobsReleased") == 1


def test_a_number_abroad_is_not_texted_and_its_window_is_given_back() -> None:
    abroad = Contact(raw="+44 20 7946 0018", normalised="+442079460018")
    world = booked(phone=abroad)
    for hours in range(2, 9):
        at(world, BOOKED + hours * HOUR)

    assert job(world).status is JobStatus.RELEASED
    assert {text.to for text in world.texts.sent} == {OFFICE}


def test_a_smoke_call_that_died_is_tidied_up_after() -> None:
    world = booked(synthetic=True, is_emergency=True, priority=Priority.SAME_DAY)

    at(world, BOOKED + 2 * HOUR)

    assert (job(world).status, world.jobs.locks) == (JobStatus.RELEASED, {})
    assert world.checkout.get(job(world).checkout_session_id).status == "expired"
    assert (world.texts.sent, world.follow_ups.rows) == ([], {})


def test_a_policy_that_cancels_without_a_reminder_before_is_refused() -> None:
    with pytest.raises(ValueError, match="remind_unpaid_after_hours"):
        Policy(cancel_unpaid_after_hours=6)
    with pytest.raises(ValueError, match="remind_unpaid_after_hours"):
        Policy(remind_unpaid_after_hours=6, cancel_unpaid_after_hours=6)
