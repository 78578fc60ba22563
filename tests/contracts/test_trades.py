"""Twelve technicians and two trades on one number, over tables whose transactions hold."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from shared.businesses import load
from shared.domain.business import Business
from shared.domain.models import Job
from tests.contracts.test_races import BOOKING, Race, kinds
from tests.examples import EVERGREEN, NOW

pytestmark = pytest.mark.stack

FRIDAY = "2025-08-29"


@pytest.fixture
def race(ministack_url: str, request: Any, monkeypatch: pytest.MonkeyPatch) -> Race:
    return Race(ministack_url, f"{request.node.name[:40]}-", monkeypatch)


def evergreen() -> Business:
    return load(EVERGREEN)


def wants(service: str, start: str) -> dict[str, object]:
    return BOOKING | {
        "address": "123 Oak St, Columbus, OH",
        "service_type": service,
        "description": "It leaks.",
        "scheduled_time": f"{FRIDAY}T{start}:00:00-04:00",
        "estimated_cost": 9_999,
        "is_emergency": False,
    }


def on_friday(race: Race) -> list[Job]:
    return race.jobs.of_business("evergreen_home", FRIDAY)


def test_each_trade_is_offered_and_booked_with_crews_of_its_own(race: Race) -> None:
    business = evergreen()

    replies = race.run(
        business, lambda n: wants("hvac_repair" if n % 2 else "plumbing_repair", "07")
    )

    # Three do heating and cooling at seven on Friday, four do plumbing; two of them do both.
    jobs = on_friday(race)
    assert kinds(replies)["booked"] == len(jobs) == 5
    assert {job.crew for job in jobs} == {"ben", "eli", "gus", "jo", "kim"}
    assert all(business.work(j.service_type).trade in _trades(business, j.crew) for j in jobs)


def test_a_long_job_holds_its_crew_to_the_end(race: Race) -> None:
    business = evergreen()
    first = race.book(business, 0, wants("hvac_installation", "07"))
    assert first["booked"] is True
    (job,) = on_friday(race)
    assert (job.crew, job.hours) == ("gus", 8)
    assert race.holds(business) == dict.fromkeys(job.holds, job.job_id)
    assert job.holds[-1][1] - job.holds[0][1] == timedelta(hours=7)

    # He is held until three, when he goes home: the next visit is another's.
    assert race.book(business, 1, wants("hvac_repair", "13"))["booked"] is True
    assert {job.crew for job in on_friday(race)} == {"gus", "ivan"}


def test_long_and_short_jobs_at_once_never_share_an_hour_of_a_crew(race: Race) -> None:
    business = evergreen()
    services = ("repipe", "water_heater", "plumbing_repair", "hvac_installation", "hvac_repair")

    replies = race.run(business, lambda n: wants(services[n % 5], ("07", "09", "11", "13")[n % 4]))

    jobs = on_friday(race)
    assert kinds(replies)["booked"] == len(jobs) > 5
    claimed = Counter(hold for job in jobs for hold in job.holds)
    assert set(claimed.values()) == {1}
    assert race.holds(business) == {hold: job.job_id for job in jobs for hold in job.holds}


def test_a_long_visit_that_moves_keeps_the_hours_both_windows_need(race: Race) -> None:
    business, caller = evergreen(), race.dispatcher(evergreen(), 0)
    at: dict[str, Any] = {"now": NOW, "real_now": NOW}
    assert caller.use("book_appointment", wants("water_heater", "07"), **at).output["booked"]
    (before,) = on_friday(race)
    reply = caller.use("book_appointment", wants("water_heater", "09"), **at).output
    assert reply["booked"] is True, reply
    (after,) = on_friday(race)
    assert (after.job_id, after.crew, len(after.holds)) == (before.job_id, before.crew, 4)
    assert race.holds(business) == dict.fromkeys(after.holds, after.job_id)


def test_what_is_offered_is_what_the_trade_s_crews_have_left(race: Race) -> None:
    business, caller = evergreen(), race.dispatcher(evergreen(), 99)
    for n in range(3):  # gus, jo and kim
        assert race.book(business, n, wants("hvac_repair", "07"))["booked"] is True
    asked = {"is_emergency": False, "preferred_date": FRIDAY}
    first = {
        service: caller.use(
            "check_availability", {"service_type": service, **asked}, now=NOW, real_now=NOW
        ).output["available_slots"][0]["datetime"]  # type: ignore[index]
        for service in ("hvac_repair", "plumbing_repair")
    }
    assert first == {
        "hvac_repair": f"{FRIDAY}T09:00:00-04:00",
        "plumbing_repair": f"{FRIDAY}T07:00:00-04:00",
    }


def _trades(business: Business, crew: str) -> tuple[str, ...]:
    return business.crew_terms(crew).trades or business.trades
