"""Texts that come at once, over tables whose transactions hold: each thing is done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, cast

import pytest

from shared.actions.payments.settle import settle
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.domain.models import JobStatus, PaymentStatus
from tests.contracts.conftest import dynamo_store
from tests.examples import NOW
from tests.fakes import FakeWorld
from tests.money import JOB_ID, a_session, an_event
from tests.unit.functions.incoming.phone_company import Phone
from tests.unit.functions.incoming.webhooks.texts.test_moving import FRIDAY_8, FRIDAY_10
from tests.unit.functions.incoming.webhooks.texts.texter import Texter

pytestmark = pytest.mark.stack
ROUNDS = 6


class Both:
    """Sarah at a phone of real tables; the phone network and Stripe are fakes."""

    def __init__(self, client: Any, prefix: str) -> None:
        store = dynamo_store(client, prefix)
        world = cast(Any, FakeWorld())
        world.jobs, world.follow_ups = store.jobs, store.follow_ups
        world.texting, world.inbox = store.texting, store.inbox
        world.payments, world.calls = store.payments, store.calls
        self.world: FakeWorld = world
        self.jobs = DynamoJobs(client, prefix)
        self.sarah = Texter(Phone(world))

    def at_once(self, *do: Callable[[], object]) -> list[object]:
        barrier = Barrier(len(do))

        def one(act: Callable[[], object]) -> object:
            barrier.wait()
            return act()

        with ThreadPoolExecutor(len(do)) as threads:
            return list(threads.map(one, do))

    def held(self) -> dict[Any, str]:
        day = timedelta(days=2)
        return self.jobs.holders("coolcare_hvac", ["crew-1"], NOW - day, NOW + day)


@pytest.fixture(params=range(ROUNDS))
def both(request: pytest.FixtureRequest) -> Both:
    client, prefix = request.getfixturevalue("ministack_tables")
    return Both(client, prefix)


def test_two_answers_to_r_at_once_move_the_visit_once(both: Both) -> None:
    both.sarah.books()
    both.sarah.says("R")
    both.at_once(lambda: both.sarah.says("1"), lambda: both.sarah.says("2"))
    job = both.sarah.job()
    assert job.window.start in (FRIDAY_8, FRIDAY_10) and job.version == 1
    assert both.held() == dict.fromkeys(job.holds, job.job_id)
    assert len([told for told in both.sarah.got() if "moved from" in told]) == 1


def test_the_same_answer_delivered_twice_at_once_moves_and_tells_once(both: Both) -> None:
    both.sarah.books()
    both.sarah.says("R")
    sid = "SM" + "9" * 32
    both.at_once(*[lambda: both.sarah.says("1", sid=sid)] * 2)
    assert (both.sarah.job().version, both.sarah.job().window.start) == (1, FRIDAY_8)
    assert len([told for told in both.sarah.got() if "moved from" in told]) == 1


def test_a_visit_called_off_by_text_while_it_is_paid_leaves_no_money_unseen(both: Both) -> None:
    both.sarah.books(JOB_ID)
    both.sarah.says("C")
    event = an_event("checkout.session.completed", a_session(1), "evt_1")

    def pay() -> None:
        world = both.world
        settle(event, world.jobs, world.payments, world.metrics, now=NOW, live=False)

    both.at_once(lambda: both.sarah.says("Y"), pay)
    job = both.sarah.job(JOB_ID)
    assert job.status is JobStatus.CANCELLED and both.held() == {}
    (row,) = both.world.payments.of_job(JOB_ID)
    # Paid first: the office is asked for it. Called off first: the payment itself says so.
    assert job.deposit_paid or row.status is PaymentStatus.NEEDS_REFUND
