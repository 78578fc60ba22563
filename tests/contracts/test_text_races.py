"""Texts that come at once, over tables whose transactions hold: each thing is done once."""

from datetime import timedelta
from typing import Any, cast

import pytest

from shared.actions.alerts.raising import hazard_alert
from shared.actions.payments.settle import settle
from shared.actions.texts import wording
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.businesses import by_id
from shared.domain.models import JobStatus, PaymentStatus
from tests.at_once import at_once
from tests.contracts.conftest import dynamo_store
from tests.examples import NOW, a_call
from tests.fakes import FakeWorld
from tests.money import JOB_ID, a_session, an_event
from tests.unit.functions.incoming.phone_company import CALL, CALLER, OFFICE, ON_CALL, Phone
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
    at_once(lambda: both.sarah.says("1"), lambda: both.sarah.says("2"))
    job = both.sarah.job()
    assert job.window.start in (FRIDAY_8, FRIDAY_10) and job.version == 1
    assert both.held() == dict.fromkeys(job.holds, job.job_id)
    assert len([told for told in both.sarah.got() if "moved from" in told]) == 1


def test_the_same_answer_delivered_twice_at_once_moves_and_tells_once(both: Both) -> None:
    both.sarah.books()
    both.sarah.says("R")
    sid = "SM" + "9" * 32
    at_once(*[lambda: both.sarah.says("1", sid=sid)] * 2)
    assert (both.sarah.job().version, both.sarah.job().window.start) == (1, FRIDAY_8)
    assert len([told for told in both.sarah.got() if "moved from" in told]) == 1


def test_of_two_who_answer_1_at_once_one_has_it_and_the_other_is_told_who(both: Both) -> None:
    world, phone = both.world, both.sarah.phone
    world.calls.open(a_call(CALL))
    business = by_id("coolcare_hvac")
    assert business is not None
    hazard_alert(world.ports, business, CALL, CALLER, "gas_leak", real_now=phone.now)
    world.calls.note(CALL, alert_asked=(ON_CALL, OFFICE))
    first, second = (Texter(phone, number) for number in (ON_CALL, OFFICE))
    told = at_once(
        lambda: first.says("1", "SM" + "1" * 32), lambda: second.says("1", "SM" + "2" * 32)
    )
    row = world.calls.get(CALL)
    assert row is not None and row.acknowledged_by in (ON_CALL, OFFICE)
    has, has_not = told if row.acknowledged_by == ON_CALL else reversed(told)
    assert "you have a gas leak" in str(has)
    assert f"{wording.number(row.acknowledged_by)} has taken a gas leak" in str(has_not)
    assert world.metrics.total("EmergencyAcknowledged") == 1


def test_a_visit_called_off_by_text_while_it_is_paid_leaves_no_money_unseen(both: Both) -> None:
    both.sarah.books(JOB_ID)
    both.sarah.says("C")
    event = an_event("checkout.session.completed", a_session(1), "evt_1")

    def pay() -> None:
        world = both.world
        settle(event, world.jobs, world.payments, world.metrics, now=NOW, live=False)

    at_once(lambda: both.sarah.says("Y"), pay)
    job = both.sarah.job(JOB_ID)
    assert job.status is JobStatus.CANCELLED and both.held() == {}
    (row,) = both.world.payments.of_job(JOB_ID)
    # Paid first: the office is asked for it. Called off first: the payment itself says so.
    assert job.deposit_paid or row.status is PaymentStatus.NEEDS_REFUND
