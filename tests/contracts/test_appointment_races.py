"""Visits of before, moved and called off by many at once, over tables whose transactions hold."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.models import Contact, Job, JobStatus
from shared.tools.dispatch import ToolDispatcher
from tests.at_once import at_once
from tests.contracts.test_races import AT, BOOKING, Race, coolcare
from tests.contracts.test_races import race as race
from tests.examples import NOW, a_call, a_customer, a_job

pytestmark = pytest.mark.stack

MOVERS = BOOKERS = 20
TO = "2025-08-29T08:00:00-04:00"
YES = frozenset({"terms", "called_off", "name", "phone", "address"})


def caller(n: int) -> str:
    return f"+1555123{n:04}"


def visits(race: Race, many: int) -> list[Job]:
    """So many visits of so many callers, each in a window of its own."""
    found = []
    for n in range(many):
        day = datetime(2025, 9, 2 + n // 5, 12 + 2 * (n % 5), tzinfo=UTC)
        phone = Contact(raw=caller(n), normalised=caller(n))
        job = a_job(f"job{n}", day, call_sid=f"CA-before-{n}", phone=phone)
        race.jobs.book(job, a_customer(phone=caller(n)))
        found.append(job)
    return found


def mover(race: Race, n: int) -> ToolDispatcher:
    race.ports.calls.open(a_call(f"CA-move-{n}"))
    tools = ToolDispatcher(
        coolcare(), f"CA-move-{n}", caller(n), race.ports, "https://voice.example.com"
    )
    assert "appointments" in tools.use("find_appointment", {"name": "Sarah Miller"}, **AT).output
    tools.use(
        "check_availability",
        {"service_type": "repair", "is_emergency": False, "preferred_date": None},
        **AT,
    )
    return tools


def moving(tools: ToolDispatcher, job_id: str, to: str = TO) -> Callable[[], dict[str, Any]]:
    asked = {"job_id": job_id, "scheduled_time": to}
    return lambda: tools.use("reschedule_appointment", asked, confirmed=YES, **AT).output


def booking(tools: ToolDispatcher) -> Callable[[], dict[str, Any]]:
    asked = {**BOOKING, "scheduled_time": TO, "estimated_cost": 550, "is_emergency": False}
    return lambda: tools.use("book_appointment", asked, confirmed=YES, **AT).output


def test_twenty_moves_onto_one_window_beside_twenty_bookings_have_one_holder(race: Race) -> None:
    before = visits(race, MOVERS)
    movers = [moving(mover(race, n), f"job{n}") for n in range(MOVERS)]
    bookers = [race.dispatcher(coolcare(), n) for n in range(BOOKERS)]
    replies = at_once(
        *movers,
        *(booking(one) for one in bookers),
    )

    done = [reply for reply in replies if "error" not in reply]
    assert len(done) == 1
    lost = Counter(reply["error"] for reply in replies if "error" in reply)
    assert lost == {"window_taken": MOVERS + BOOKERS - 1}
    for refused in (reply for reply in replies if "error" in reply):
        assert TO not in [slot["datetime"] for slot in refused["available_slots"]]
    # No lock is lost, and none is left: the locks are the hours of the jobs that stand.
    now = [race.jobs.get(job.job_id) for job in before]
    standing = [job for job in now if job is not None] + race.scheduled(BOOKERS)
    assert all(job.status is JobStatus.SCHEDULED for job in standing)
    held = {hold: job.job_id for job in standing for hold in job.holds}
    month = timedelta(days=30)
    assert race.jobs.holders("coolcare_hvac", ("crew-1",), NOW - month, NOW + month) == held


def test_a_visit_moved_and_called_off_at_once_is_one_or_the_other(race: Race) -> None:
    (job,) = visits(race, 1)
    tools = mover(race, 0)

    def call_off() -> dict[str, Any]:
        return tools_of_office.use(
            "cancel_appointment", {"job_id": job.job_id}, confirmed=YES, **AT
        ).output

    tools_of_office = mover(race, 0)
    moved, off = at_once(moving(tools, job.job_id), call_off)

    now = race.jobs.get(job.job_id)
    assert now is not None
    # Who comes second decides anew: a moved visit may be called off, never the other way round.
    assert off.get("canceled") is True
    assert now.status is JobStatus.CANCELLED
    assert race.holds(coolcare()) == {}
    assert moved.get("rescheduled") is True or moved["error"] == "nothing_to_change"
