"""A crew that is away: its hours are held like a job's, over tables whose transactions hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.simulator.stack.aws import make_tables
from shared.actions.crew_blocks import CrewBusy
from shared.adapters.dynamo.blocks import DynamoBlocks
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.errors import PortError, WindowTaken
from shared.office import blocks as blocking
from shared.office.cannot import CannotDo
from tests.at_once import at_once
from tests.examples import NOW, a_customer, a_job

CREW, OTHER = "crew-1", "crew-2"
HOUR = timedelta(hours=1)
MORNING = datetime(2025, 9, 2, 12, tzinfo=UTC)  # 08:00 in Springfield, a Tuesday
SINCE, UNTIL = "2025-09-01", "2025-09-03"


@dataclass(frozen=True, slots=True)
class Shop:
    """The tables of one business with two crews, and who asks them."""

    client: Any
    prefix: str

    @property
    def jobs(self) -> DynamoJobs:
        return DynamoJobs(self.client, self.prefix)

    @property
    def blocks(self) -> DynamoBlocks:
        return DynamoBlocks(self.client, self.prefix)

    @property
    def business(self) -> Business:
        found = by_id("coolcare_hvac")
        assert found is not None
        return found.model_copy(update={"crews": (CREW, OTHER)})

    def asked(self, since: str = SINCE, until: str = UNTIL) -> blocking.Blocking:
        return blocking.blocking(self.business, CREW, since, until, NOW)

    def block(self, *, blocks: Any = None, apply: bool = True, **span: str) -> list[str]:
        lines = blocking.block(
            blocks or self.blocks, self.asked(**span), "vacation", lambda job: job, apply=apply
        )
        return list(lines)

    def unblock(self, *, apply: bool = True) -> list[str]:
        return list(blocking.unblock(self.blocks, self.asked(), apply=apply))

    def book(self, job_id: str, start: datetime, crew: str = CREW) -> bool:
        return self.jobs.book(a_job(job_id, start, crew=crew), a_customer())

    def holders(self) -> dict[datetime, str]:
        week = timedelta(days=7)
        held = self.blocks.held(self.business.id, CREW, MORNING - week, MORNING + week)
        return {hour: each.holder for hour, each in held.items()}


@pytest.fixture(params=["moto", pytest.param("ministack", marks=pytest.mark.stack)])
def shop(request: pytest.FixtureRequest) -> Shop:
    if request.param == "ministack":
        return Shop(*request.getfixturevalue("ministack_tables"))
    client = request.getfixturevalue("moto_client")
    make_tables(client, "blocks-")
    return Shop(client, "blocks-")


def test_blocked_hours_are_nobody_s_and_another_crew_s_are_free(shop: Shop) -> None:
    said = shop.block()

    assert said[-1].startswith("blocked")
    assert len(said) == 5  # what is asked, three days, and what it means
    assert len(shop.holders()) == 3 * 24
    with pytest.raises(WindowTaken):
        shop.book("job1", MORNING)
    assert shop.book("job1", MORNING, OTHER) is True
    held = shop.jobs.held(shop.business.id, [CREW], MORNING, MORNING + HOUR)
    assert held == {(CREW, MORNING), (CREW, MORNING + HOUR)}
    reasons = shop.blocks.held(shop.business.id, CREW, MORNING, MORNING).values()
    assert [each.reason for each in reasons] == ["vacation"]


def test_without_apply_nothing_is_written(shop: Shop) -> None:
    assert "72 hours to block" in shop.block(apply=False)[-1]
    assert shop.holders() == {}


def test_jobs_in_the_way_are_listed_and_nothing_is_written(shop: Shop) -> None:
    shop.book("job1", MORNING)
    shop.book("job2", MORNING + timedelta(days=1))
    before = shop.holders()
    said: list[str] = []

    with pytest.raises(CannotDo, match="2 jobs are in the way, and nothing was written"):
        said.extend(
            blocking.block(shop.blocks, shop.asked(), "vacation", lambda job: job, apply=True)
        )

    assert said == ["in the way: job1", "in the way: job2"]
    assert shop.holders() == before


def test_what_was_blocked_is_given_back_and_jobs_stay(shop: Shop) -> None:
    shop.block(since="2025-09-01", until="2025-09-02T08:00")
    shop.book("job1", MORNING)

    said = shop.unblock()

    assert len(said) == 3
    assert set(shop.holders().values()) == {"job1"}
    with pytest.raises(CannotDo, match="nothing is blocked then"):
        shop.unblock()


def test_the_same_again_changes_nothing(shop: Shop) -> None:
    shop.block()
    before = shop.holders()
    assert "72 are blocked already" in shop.block()[0]
    assert shop.holders() == before


class DiesAfter(DynamoBlocks):
    """Writes so many days, and then the table is gone."""

    def __init__(self, client: Any, prefix: str, days: int) -> None:
        super().__init__(client, prefix)
        self.left = days

    def block(self, *day: Any) -> None:
        if not self.left:
            raise PortError("dynamodb: EndpointConnectionError")
        self.left -= 1
        super().block(*day)


@pytest.mark.parametrize("days", [0, 1, 2])
def test_a_run_that_broke_off_goes_on_with_the_same_command_or_is_taken_back(
    shop: Shop, days: int
) -> None:
    for finish in (shop.block, shop.unblock):
        with pytest.raises(CannotDo, match=f"{days} of 3 days are blocked"):
            shop.block(blocks=DiesAfter(shop.client, shop.prefix, days))
        assert len(shop.holders()) == 24 * days
        if days or finish == shop.block:
            finish()
        assert len(shop.holders()) == (72 if finish == shop.block else 0)
        if finish == shop.block:
            shop.unblock()


class BookedMeanwhile(DynamoBlocks):
    """A caller books the last day while the first ones are written."""

    def __init__(self, client: Any, prefix: str, book: Callable[[], object]) -> None:
        super().__init__(client, prefix)
        self.book: Callable[[], object] | None = book

    def block(self, *day: Any) -> None:
        super().block(*day)
        if self.book is not None:
            self.book()
            self.book = None


def test_a_job_that_is_booked_meanwhile_takes_the_whole_block_back(shop: Shop) -> None:
    wednesday = MORNING + timedelta(days=1)
    blocks = BookedMeanwhile(shop.client, shop.prefix, lambda: shop.book("job1", wednesday))

    with pytest.raises(CannotDo, match="1 job is in the way, and nothing was written"):
        shop.block(blocks=blocks)

    assert shop.holders() == dict.fromkeys((wednesday, wednesday + HOUR), "job1")


def test_an_hour_of_a_job_is_neither_blocked_nor_freed(shop: Shop) -> None:
    shop.book("job1", MORNING)
    hours = [MORNING - HOUR, MORNING]
    with pytest.raises(CrewBusy):
        shop.blocks.block(shop.business.id, CREW, hours, "vacation")
    with pytest.raises(CrewBusy):
        shop.blocks.free(shop.business.id, CREW, hours)
    assert shop.holders() == dict.fromkeys((MORNING, MORNING + HOUR), "job1")


@pytest.mark.stack
@pytest.mark.parametrize("attempt", range(4))
def test_a_block_raced_by_twenty_bookings_is_whole_or_not_there(
    ministack_tables: tuple[Any, str], attempt: int
) -> None:
    """Two windows a day of three days, and one who is going away."""
    shop, callers = Shop(*ministack_tables), 20

    def call(n: int) -> bool | str:
        window = MORNING + timedelta(days=n % 3 - 1, hours=4 * (n % 2))
        try:
            return shop.book(f"job{n}", window)
        except WindowTaken:
            return False

    def away() -> bool | str:
        try:
            shop.block()
        except CannotDo as exc:
            return str(exc)
        return "blocked"

    became, *booked = at_once(away, *(partial(call, n) for n in range(callers)))

    holders = shop.holders()
    jobs = {f"job{n}" for n, came in enumerate(booked) if came}
    if became == "blocked":
        assert not jobs
        assert set(holders.values()) == {"block"}
        assert len(holders) == 72
    else:
        assert jobs
        assert "nothing was written" in str(became)
        # Each job that came has both of its hours, and not one hour is blocked or left over.
        assert sorted(holders.values()) == sorted([*jobs, *jobs])
