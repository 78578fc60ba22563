"""Many callers and one window, over tables whose transactions hold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.simulator.stack.aws import make_tables
from shared.actions.ports import Ports
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.wiring import dynamo_client
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.models import Hold, Job, JobStatus
from shared.tools.dispatch import ToolDispatcher
from tests.at_once import at_once
from tests.contracts.conftest import dynamo_store
from tests.examples import NOW, OFFICE, ON_CALL, a_call
from tests.fakes import FakeWorld

pytestmark = pytest.mark.stack

CALLERS = 20
AT: dict[str, Any] = {"now": NOW, "real_now": NOW}
LAST = "2025-08-28T21:00:00-04:00"
BOOKING: dict[str, object] = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling.",
    "scheduled_time": LAST,
    "estimated_cost": 825,
    "is_emergency": True,
}


class Race:
    """Twenty dispatchers over one set of tables; Stripe and the phone network are fakes."""

    def __init__(self, url: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "local")
        client = dynamo_client(region="us-east-1", endpoint_url=url)
        make_tables(client, prefix)
        store = dynamo_store(client, prefix)
        self.fakes = FakeWorld()
        self.ports: Ports = replace(
            self.fakes.ports,
            calls=store.calls,
            customers=store.customers,
            jobs=store.jobs,
            follow_ups=store.follow_ups,
        )
        self.jobs = DynamoJobs(client, prefix)

    def run(
        self,
        business: Business,
        booking: Callable[[int], dict[str, object]],
        callers: int = CALLERS,
    ) -> list[Any]:
        """What each caller is told, when all ask at once."""
        waiting = [self.dispatcher(business, n) for n in range(callers)]
        return at_once(*(asking(tools, booking(n)) for n, tools in enumerate(waiting)))

    def book(self, business: Business, n: int, booking: dict[str, object]) -> dict[str, Any]:
        """Call number n books alone."""
        return self.dispatcher(business, n).use("book_appointment", booking, **AT).output

    def dispatcher(self, business: Business, n: int) -> ToolDispatcher:
        self.ports.calls.open(a_call(f"CA{n}"))
        return ToolDispatcher(business, f"CA{n}", None, self.ports, "https://voice.example.com")

    def holds(self, business: Business) -> dict[Hold, str]:
        """Every lock there is, as the hours of the jobs that hold them."""
        month = timedelta(days=30)
        return self.jobs.holders(business.id, business.crews, NOW - month, NOW + month)

    def scheduled(self, calls: int) -> list[Job]:
        ids = (id for n in range(calls) for id in self.jobs.of_call(f"CA{n}"))
        found = [job for id in ids if (job := self.jobs.get(id)) is not None]
        return [job for job in found if job.status is JobStatus.SCHEDULED]


def asking(tools: ToolDispatcher, booking: dict[str, object]) -> Callable[[], dict[str, Any]]:
    return lambda: tools.use("book_appointment", booking, **AT).output


@pytest.fixture
def race(ministack_url: str, request: Any, monkeypatch: pytest.MonkeyPatch) -> Race:
    module = request.module.__name__.rpartition(".")[2]
    return Race(ministack_url, f"{module}-{request.node.name[:40]}-", monkeypatch)


def coolcare(**changes: Any) -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business.model_copy(update=changes)


def kinds(replies: list[dict[str, Any]]) -> Counter[str]:
    return Counter(str(reply.get("error", "booked")) for reply in replies)


def test_twenty_callers_on_one_window_are_one_job(race: Race) -> None:
    replies = race.run(coolcare(), lambda n: BOOKING)

    assert kinds(replies) == {"booked": 1, "window_taken": CALLERS - 1}
    for refused in (reply for reply in replies if "error" in reply):
        offered = [slot["datetime"] for slot in refused["available_slots"]]
        assert offered
        assert LAST not in offered
    assert len(race.jobs.of_business("coolcare_hvac", "2025-08-28")) == 1
    texts = Counter(text.to for text in race.fakes.texts.sent)
    assert texts == {"+15551230000": 1, OFFICE: 1, ON_CALL: 1}
    assert race.fakes.metrics.total("BookingFailed") == 0


def test_with_two_crews_the_window_is_two_jobs(race: Race) -> None:
    replies = race.run(coolcare(crews=("crew-1", "crew-2")), lambda n: BOOKING)

    assert kinds(replies) == {"booked": 2, "window_taken": CALLERS - 2}
    jobs = race.jobs.of_business("coolcare_hvac", "2025-08-28")
    assert sorted(job.crew for job in jobs) == ["crew-1", "crew-2"]


def test_windows_that_overlap_by_an_hour_are_never_both_booked(race: Race) -> None:
    business = coolcare(window_starts=(8, 9, 10))
    hours = ("08", "09", "10")

    replies = race.run(
        business,
        lambda n: (
            BOOKING
            | {"scheduled_time": f"2025-08-29T{hours[n % 3]}:00:00-04:00", "is_emergency": False}
        ),
    )

    starts = sorted(
        datetime.fromisoformat(reply["window"]["datetime"]).astimezone(UTC).hour - 4
        for reply in replies
        if "booked" in reply
    )
    assert starts in ([8, 10], [9], [8], [10])
    assert set(kinds(replies)) == {"booked", "window_taken"}


def test_one_call_that_asks_twenty_times_has_one_job_and_its_texts_once(race: Race) -> None:
    replies = at_once(*[asking(race.dispatcher(coolcare(), 1), BOOKING)] * CALLERS)

    assert {reply["job_id"] for reply in replies} == {replies[0]["job_id"]}
    assert len(race.fakes.texts.sent) == 3


def test_the_same_call_at_two_dispatchers_is_one_job(race: Race) -> None:
    same = [race.dispatcher(coolcare(), 1) for _ in range(CALLERS)]
    replies = at_once(*(asking(tools, BOOKING) for tools in same))

    assert kinds(replies) == {"booked": CALLERS}
    assert len(race.fakes.texts.sent) == 3


# -- moves ----------------------------------------------------------------------------------


def hours_of(jobs: list[Job]) -> dict[Hold, str]:
    return {(job.crew, hour): job.job_id for job in jobs for hour in job.window.hours}


def test_twenty_moves_onto_one_window_beside_twenty_bookings_have_one_holder(race: Race) -> None:
    one = coolcare(window_starts=(8, 10, 12, 14, 16), max_slots=10)
    starts = [
        f"2025-09-{day:02}T{hour:02}:00:00-04:00"
        for day in (2, 3, 4, 5)
        for hour in (8, 10, 12, 14, 16)
    ]
    regular = BOOKING | {"is_emergency": False}
    for n, start in enumerate(starts):
        assert "booked" in race.book(one, n, regular | {"scheduled_time": start})
    target = "2025-09-08T10:00:00-04:00"

    replies = race.run(one, lambda n: regular | {"scheduled_time": target}, callers=2 * CALLERS)

    assert kinds(replies) == {"booked": 1, "window_taken": 2 * CALLERS - 1}
    assert all(reply["available_slots"] for reply in replies if "error" in reply)
    jobs = race.scheduled(2 * CALLERS)
    assert sum(job.window.start == datetime.fromisoformat(target) for job in jobs) == 1
    assert race.holds(one) == hours_of(jobs)
    moved = sum("moved" in reply for reply in replies)
    assert len(jobs) == CALLERS + 1 - moved
    assert race.fakes.metrics.total("BookingFailed") == 0


def test_moves_of_one_job_at_many_dispatchers_leave_one_window_held(race: Race) -> None:
    """One call at twenty dispatchers, each of which moves the same job to one of three windows."""
    business = coolcare(window_starts=(8, 9, 10))
    race.book(business, 1, BOOKING)
    hours = ("08", "09", "10")
    same = [race.dispatcher(business, 1) for _ in range(CALLERS)]
    times = [f"2025-08-29T{hours[n % 3]}:00:00-04:00" for n in range(CALLERS)]
    replies = at_once(
        *(
            asking(tools, BOOKING | {"scheduled_time": time, "is_emergency": False})
            for tools, time in zip(same, times, strict=True)
        )
    )

    assert set(kinds(replies)) <= {"booked", "unavailable"}
    assert "booked" in kinds(replies)
    (job,) = race.scheduled(2)
    assert race.holds(business) == hours_of([job])
    assert job.window.start > NOW + timedelta(hours=4)


def test_jobs_that_swap_their_windows_are_never_two_in_one(race: Race) -> None:
    business = coolcare(window_starts=(8, 10))
    times = ("2025-08-29T08:00:00-04:00", "2025-08-29T10:00:00-04:00")
    regular = BOOKING | {"is_emergency": False}
    for n, time in enumerate(times):
        race.book(business, n, regular | {"scheduled_time": time})

    replies = race.run(
        business, lambda n: regular | {"scheduled_time": times[1 - n % 2]}, callers=2
    )

    assert kinds(replies) == {"window_taken": 2}
    assert race.holds(business) == hours_of(race.scheduled(2))
