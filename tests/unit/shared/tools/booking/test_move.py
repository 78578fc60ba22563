"""A change of mind: the second booking of the same visit in one call moves the first."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest

from shared.domain.errors import PortError
from shared.domain.models import Customer, FollowUp, Hold, Job, JobStatus
from shared.tools.dispatch import ToolDispatcher
from tests.examples import NOW, OFFICE, ON_CALL, SARAH, a_customer, a_job
from tests.fakes import FakeFollowUps, FakeJobs, FakeWorld
from tests.unit.shared.tools.booking.test_book import (
    TOMORROW,
    TONIGHT,
    book,
    coolcare,
    new_dispatcher,
)

LATER = "2025-08-29T10:00:00-04:00"
URL = "https://voice.example.com"


def to_tomorrow(world: FakeWorld, **asked: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"scheduled_time": TOMORROW, "estimated_cost": 550} | asked
    return book(world, **fields)


def only_job(world: FakeWorld) -> Job:
    (job,) = world.jobs.rows.values()
    return job


def held(world: FakeWorld) -> set[datetime]:
    return {hour for _, _, hour in world.jobs.locks}


def pay(world: FakeWorld) -> None:
    """The customer pays, and the webhook has settled it."""
    job = only_job(world)
    assert job.checkout_session_id is not None
    world.checkout.complete(job.checkout_session_id)
    world.jobs.change(job.job_id, deposit_paid=True, payment_id="pi_1")


# -- one job, one crew ----------------------------------------------------------------------


def test_a_second_booking_of_the_same_visit_moves_the_first() -> None:
    world = FakeWorld()
    first = book(world)

    second = to_tomorrow(world)

    job = only_job(world)
    assert (second["booked"], second["job_id"], job.job_id) == (True, first["job_id"], job.job_id)
    assert job.window.start == datetime.fromisoformat(TOMORROW)
    assert held(world) == set(job.window.hours)
    assert (job.estimate, job.visit_fee, job.deposit, job.rate) == (
        55_000,
        16_500,
        13_800,
        "regular",
    )
    assert world.metrics.total("Bookings") == 1
    assert world.calls.rows["CA1"].job_id == job.job_id


def test_the_window_that_was_moved_from_is_free_for_others() -> None:
    world = FakeWorld()
    book(world)
    to_tomorrow(world)

    assert book(world, call_sid="CA2")["booked"] is True


@pytest.mark.parametrize(
    "asked",
    [
        {"address": "123 Oak St, Springfield"},
        {"address": "123 Oak St, Springfield, OH 45501"},
        {"address": "123 Oak Street Apt 2, Springfield, Ohio"},
        {"customer_name": "Sarah M. Miller", "description": "It rattles.", "email": None},
        {"phone": "555-123-0009"},
        {"is_emergency": False},
    ],
)
def test_the_same_visit_in_other_words_is_moved_too(asked: dict[str, Any]) -> None:
    world = FakeWorld()
    book(world)

    assert to_tomorrow(world, **asked)["moved"] is True
    assert only_job(world).window.start == datetime.fromisoformat(TOMORROW)


@pytest.mark.parametrize(
    "asked",
    [
        {"address": "9 Elm Street, Springfield, Ohio"},
        {"address": "123 Oak Street, Dayton, Ohio", "zip": "45505"},
        {"service_type": "maintenance"},
    ],
)
def test_a_visit_elsewhere_or_of_another_service_is_a_second_job(asked: dict[str, Any]) -> None:
    world = FakeWorld()
    book(world)

    reply = to_tomorrow(world, **asked)

    assert reply["booked"] is True
    assert "moved" not in reply
    assert len(world.jobs.rows) == 2


def test_a_second_visit_may_take_the_window_the_first_was_moved_from() -> None:
    world = FakeWorld()
    first = book(world)
    to_tomorrow(world)

    reply = book(world, address="9 Elm Street, Springfield, Ohio")

    assert reply["booked"] is True
    assert reply["job_id"] != first["job_id"]
    assert {job.address.normalised[:5] for job in world.jobs.rows.values()} == {"123 O", "9 Elm"}


def test_a_move_by_an_hour_does_not_stand_in_its_own_way() -> None:
    world = FakeWorld()
    hourly = coolcare(window_starts=(8, 9, 10, 11))
    book(world, business=hourly, scheduled_time=TOMORROW, estimated_cost=550)

    reply = book(
        world,
        business=hourly,
        scheduled_time="2025-08-29T09:00:00-04:00",
        estimated_cost=550,
    )

    assert reply["moved"] is True
    assert held(world) == set(only_job(world).window.hours)


def test_there_and_back_is_where_it_was_and_each_reply_is_of_its_own_window() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)

    first = book(world, context=context)
    to_tomorrow(world, context=context)
    back = book(world, context=context)
    again = book(world, context=context)

    assert [r["window"]["datetime"] for r in (first, back, again)] == [TONIGHT] * 3
    assert back["moved"] is True
    assert again == back
    assert only_job(world).window.start == datetime.fromisoformat(TONIGHT)
    assert held(world) == set(only_job(world).window.hours)


def test_the_same_move_again_texts_nobody_twice() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)
    book(world, context=context)
    moved = to_tomorrow(world, context=context)
    texts = len(world.texts.sent)

    assert to_tomorrow(world, context=context) == moved
    elsewhere = to_tomorrow(world)

    assert (elsewhere["booked"], elsewhere["window"]) == (True, moved["window"])
    assert len(world.texts.sent) == texts
    assert only_job(world).version == 1


def test_a_call_moves_its_booking_only_so_often() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)
    starts = [TONIGHT, TOMORROW] * 4

    replies = [book(world, context=context, scheduled_time=start) for start in starts]

    assert [reply.get("error") for reply in replies[:6]] == [None] * 6
    assert replies[6]["error"] == "too_many_bookings"
    assert replies[7]["window"]["datetime"] == TOMORROW  # where it is already
    assert only_job(world).window.start == datetime.fromisoformat(TOMORROW)


def test_a_correction_of_the_address_at_the_same_window_is_no_second_crew() -> None:
    world = FakeWorld()
    two = coolcare(crews=("crew-1", "crew-2"))
    book(world, business=two)

    reply = book(world, business=two, address="132 Oak Street, Springfield, Ohio")

    assert reply["booked"] is True
    assert reply["moved"] is False
    assert "132 Oak St" in reply["say"]
    assert only_job(world).address.normalised == "132 Oak St, Springfield, OH"
    assert "CHANGED" in world.texts.to(OFFICE)[-1]
    assert held(world) == set(only_job(world).window.hours)


# -- refused, nothing has changed -----------------------------------------------------------


def test_a_move_to_a_taken_window_leaves_the_booking_and_offers_others() -> None:
    world = FakeWorld()
    book(world)
    book(world, call_sid="CA2", scheduled_time=TOMORROW, phone="555-123-0002")
    before = dict(world.jobs.rows)

    reply = to_tomorrow(world)

    assert reply["error"] == "window_taken"
    assert reply["available_slots"]
    assert world.jobs.rows == before
    assert len(world.texts.to(SARAH)) == 1


def test_a_dearer_window_is_moved_to_only_at_the_price_that_was_agreed() -> None:
    world = FakeWorld()
    to_tomorrow(world)

    refused = book(world, estimated_cost=550)
    assert (refused["error"], refused["total_estimate"], refused["deposit"]) == (
        "price_rose",
        825,
        206,
    )
    assert only_job(world).window.start == datetime.fromisoformat(TOMORROW)

    assert book(world, estimated_cost=825)["deposit_amount"] == 206


class TakenAtTheLast(FakeJobs):
    """Somebody else books `taken` between the look and the move."""

    def __init__(self, world: FakeWorld) -> None:
        super().__init__(world.customers, world.follow_ups)

    def move(
        self,
        before: Job,
        after: Job,
        *,
        customer: Customer | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        if "rival" not in self.rows:
            rival = a_job("rival", after.window.start, call_sid="CA9", crew=after.crew)
            super().book(rival, a_customer(phone="+15551230077"))
        return super().move(before, after, customer=customer, follow_ups=follow_ups)


def test_whoever_loses_the_race_for_the_new_window_keeps_the_old_one() -> None:
    world = FakeWorld()
    world.jobs = TakenAtTheLast(world)
    book(world)

    reply = to_tomorrow(world)

    assert reply["error"] == "window_taken"
    mine = world.jobs.rows[next(id for id in world.jobs.rows if id != "rival")]
    assert mine.window.start == datetime.fromisoformat(TONIGHT)


def test_a_second_crew_takes_what_the_first_lost() -> None:
    world = FakeWorld()
    world.jobs = TakenAtTheLast(world)
    two = coolcare(crews=("crew-1", "crew-2"))
    book(world, business=two)

    reply = to_tomorrow(world, business=two)

    assert reply["moved"] is True
    assert world.jobs.rows[reply["job_id"]].crew == "crew-2"


class MovedMeanwhile(FakeJobs):
    """The same call, asked at the same moment, moves the job between the look at it and the look
    at what is held."""

    meanwhile: Callable[[], object] | None = None

    def held(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> set[Hold]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().held(business_id, crews, first, last)


def test_hours_that_the_job_itself_has_taken_meanwhile_are_not_in_its_way() -> None:
    world = FakeWorld()
    jobs = world.jobs = MovedMeanwhile(world.customers, world.follow_ups)
    hourly = coolcare(window_starts=(8, 9, 10))
    book(world, business=hourly)
    jobs.meanwhile = lambda: to_tomorrow(world, business=hourly, scheduled_time=LATER)

    reply = to_tomorrow(world, business=hourly, scheduled_time="2025-08-29T09:00:00-04:00")

    assert reply.get("moved") is True
    assert only_job(world).window.start == datetime.fromisoformat("2025-08-29T09:00:00-04:00")
    assert held(world) == set(only_job(world).window.hours)


class LosesTheMove(FakeJobs):
    """Moves, and fails before it can say so."""

    lost = False

    def move(
        self,
        before: Job,
        after: Job,
        *,
        customer: Customer | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        moved = super().move(before, after, customer=customer, follow_ups=follow_ups)
        if not self.lost:
            self.lost = True
            raise PortError("timed out")
        return moved


def test_a_move_whose_answer_was_lost_owes_its_texts_and_is_found_by_the_retry() -> None:
    world = FakeWorld()
    world.jobs = LosesTheMove(world.customers, world.follow_ups)
    context = new_dispatcher(world)
    book(world, context=context)

    assert to_tomorrow(world, context=context)["error"] == "unavailable"
    again = to_tomorrow(world, context=context)

    job = only_job(world)
    assert (again["booked"], again["text_sent"]) == (True, False)
    assert again["window"]["datetime"] == TOMORROW
    owed = {f"text:{job.job_id}:moved:1:{whom}" for whom in ("caller", "office", "on_call")}
    assert owed <= set(world.follow_ups.rows)


# -- who is told ------------------------------------------------------------------------------


def test_the_caller_is_told_from_and_to_and_which_window_is_off() -> None:
    world = FakeWorld()
    book(world)

    reply = to_tomorrow(world)

    assert reply["moved"] is True
    assert reply["window_now_off"]["datetime"] == TONIGHT
    assert reply["say"] == (
        "I've moved your visit from tonight 9 to 11 PM to tomorrow 8 to 10 AM. "
        "I texted the $138 deposit link."
    )
    assert world.texts.to(SARAH)[-1] == (
        "CoolCare HVAC: your visit is moved from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29, 8 to "
        "10 AM, at 123 Oak St, Springfield, OH. "
        f"Deposit $138: {URL}/visit/{reply['job_id']}"
    )


def test_a_first_booking_says_nothing_of_moves() -> None:
    reply = book(FakeWorld())

    assert set(reply) == {
        *("booked", "job_id", "window", "total_estimate", "visit_fee", "deposit_amount"),
        *("checkout_url", "pay_link", "text_sent", "say"),
    }


def test_office_and_on_call_hear_that_tonight_is_off() -> None:
    world = FakeWorld()
    book(world)
    to_tomorrow(world, is_emergency=False)

    for to in (OFFICE, ON_CALL):
        first, second = world.texts.to(to)
        assert "MOVED, Thu, Aug 28, 9 to 11 PM is off" in second
        assert "Fri, Aug 29, 8 to 10 AM" in second
        assert "EMERGENCY" in first
        assert "EMERGENCY" not in second


def test_on_call_hears_of_a_move_into_the_night() -> None:
    world = FakeWorld()
    to_tomorrow(world)
    assert world.texts.to(ON_CALL) == []

    book(world)

    (told,) = world.texts.to(ON_CALL)
    assert "Fri, Aug 29, 8 to 10 AM is off" in told


def test_a_move_between_windows_of_the_office_s_day_is_the_office_s_alone() -> None:
    world = FakeWorld()
    to_tomorrow(world)
    to_tomorrow(world, scheduled_time=LATER)

    assert world.texts.to(ON_CALL) == []
    assert len(world.texts.to(OFFICE)) == 2


def test_without_on_call_the_office_alone_hears_of_it() -> None:
    world = FakeWorld()
    nobody = coolcare(on_call=())
    book(world, business=nobody)
    to_tomorrow(world, business=nobody)

    assert {text.to for text in world.texts.sent} == {SARAH, OFFICE}
    assert len(world.texts.to(OFFICE)) == 2


def test_a_move_that_the_network_takes_no_texts_of_keeps_them_all() -> None:
    world = FakeWorld()
    book(world)
    world.texts.fail_all = 30_001

    reply = to_tomorrow(world)

    assert (reply["moved"], reply["text_sent"]) == (True, False)
    assert "could not send the text" in reply["say"]
    kept = {f"text:{reply['job_id']}:moved:1:{w}" for w in ("caller", "office", "on_call")}
    assert kept <= set(world.follow_ups.rows)


def test_on_call_who_was_never_told_that_tonight_is_off_hears_it_with_the_next_move() -> None:
    world = FakeWorld()
    book(world)
    world.texts.failing = {ON_CALL: 30_001}
    to_tomorrow(world)
    world.texts.failing = {}

    to_tomorrow(world, scheduled_time=LATER)

    first, last = world.texts.to(ON_CALL)
    assert "Thu, Aug 28, 9 to 11 PM" in first
    assert "10 AM to noon" in last
    assert "replaces what was texted before" in last


class Unread(FakeFollowUps):
    """Whether a text still waits cannot be read."""

    def waiting(self, follow_up_id: str) -> bool:
        raise PortError("the fake table is down")


def test_a_move_stands_and_is_told_when_what_waits_cannot_be_read() -> None:
    world = FakeWorld()
    to_tomorrow(world)
    world.follow_ups = Unread()

    assert to_tomorrow(world, scheduled_time=LATER)["moved"] is True
    assert len(world.texts.to(ON_CALL)) == 1  # rather told in vain than not at all


# -- the deposit ------------------------------------------------------------------------------


def test_the_session_of_the_old_window_can_no_longer_be_paid() -> None:
    world = FakeWorld()
    first = book(world)
    second = to_tomorrow(world)

    old, new = world.checkout.sessions.values()
    assert (old.amount, old.status) == (20_600, "expired")
    assert (new.amount, new.status) == (13_800, "open")
    assert second["checkout_url"] == new.url
    assert second["pay_link"] == first["pay_link"]
    assert only_job(world).checkout_session_id == new.session_id
    assert f"checkout:{first['job_id']}" not in world.follow_ups.rows


def test_a_deposit_that_was_paid_stays_and_nothing_is_charged_again() -> None:
    world = FakeWorld()
    book(world)
    pay(world)

    reply = to_tomorrow(world)

    job = only_job(world)
    assert (job.deposit, job.deposit_paid, job.payment_id) == (20_600, True, "pi_1")
    assert (reply["deposit_amount"], reply["checkout_url"], reply["pay_link"]) == (206, None, None)
    assert len(world.checkout.created) == 1
    assert "deposit that was paid stays" in reply["say"]
    assert "Springfield, OH. Your deposit stays. Your visit: " in world.texts.to(SARAH)[-1]


def test_a_dearer_window_asks_no_further_deposit_of_who_has_paid() -> None:
    world = FakeWorld()
    to_tomorrow(world)
    pay(world)

    refused = book(world, estimated_cost=550)

    assert (refused["error"], refused["deposit"]) == ("price_rose", 0)
    assert "deposit" not in refused["say"]
    assert book(world, estimated_cost=825)["deposit_amount"] == 138


def test_a_deposit_paid_a_moment_ago_is_not_asked_for_again() -> None:
    world = FakeWorld()
    book(world)
    session = only_job(world).checkout_session_id
    assert session is not None
    world.checkout.complete(session, paid=True)  # its webhook has not come yet

    reply = to_tomorrow(world)

    assert only_job(world).deposit == 20_600
    assert (reply["deposit_amount"], reply["pay_link"]) == (206, None)
    assert len(world.checkout.created) == 1
    assert "/pay/" not in world.texts.to(SARAH)[-1]


class PaidBetween(FakeJobs):
    """The webhook settles the deposit between the look and the move."""

    def move(
        self,
        before: Job,
        after: Job,
        *,
        customer: Customer | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        if not self.rows[before.job_id].deposit_paid:
            self.change(before.job_id, deposit_paid=True, payment_id="pi_1")
        return super().move(before, after, customer=customer, follow_ups=follow_ups)


def test_a_deposit_settled_at_this_very_moment_stays() -> None:
    world = FakeWorld()
    world.jobs = PaidBetween(world.customers, world.follow_ups)
    book(world)

    reply = to_tomorrow(world)

    job = only_job(world)
    assert reply["moved"] is True
    assert (job.deposit, job.deposit_paid) == (20_600, True)
    assert len(world.checkout.created) == 1


def test_without_stripe_the_visit_is_moved_and_the_link_follows() -> None:
    world = FakeWorld()
    book(world)
    world.checkout.down = True

    reply = to_tomorrow(world)

    job = only_job(world)
    assert (reply["moved"], reply["checkout_url"], reply["deposit_amount"]) == (True, None, 138)
    assert "will follow" in reply["say"]
    assert f"checkout:{job.job_id}" in world.follow_ups.rows


def test_the_look_at_an_unpaid_deposit_is_of_the_new_window() -> None:
    world = FakeWorld()
    book(world)
    job_id = only_job(world).job_id
    world.follow_ups.done(f"deposit:{job_id}")

    to_tomorrow(world)

    assert f"deposit:{job_id}" in world.follow_ups.rows


# -- what belongs together ----------------------------------------------------------------------


def test_a_job_that_was_given_up_is_not_taken_for_the_visit() -> None:
    world = FakeWorld()
    first = book(world)
    world.jobs.close(first["job_id"], JobStatus.CANCELLED, at=NOW)

    again = book(world)

    assert again["booked"] is True
    assert again["job_id"] != first["job_id"]
    assert world.jobs.rows[again["job_id"]].status is JobStatus.SCHEDULED


def test_notes_of_both_bookings_are_kept() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)
    book(world, context=context)
    to_tomorrow(world, context=context, notes=["Gate code 1234.", "Ring twice."])

    assert only_job(world).notes == ("Gate code 1234.", "One friendly dog.", "Ring twice.")


def test_a_note_after_the_move_is_the_moved_job_s() -> None:
    world = FakeWorld()
    context = new_dispatcher(world)
    book(world, context=context)
    to_tomorrow(world, context=context)

    asked = {"note": "Ring twice."}
    assert use(context, "add_note", asked)["job_id"] == only_job(world).job_id
    assert "Ring twice." in only_job(world).notes


def use(context: ToolDispatcher, name: str, asked: dict[str, str]) -> dict[str, Any]:
    return context.use(name, asked, now=NOW, real_now=NOW).output


def test_another_call_s_job_is_never_moved() -> None:
    world = FakeWorld()
    book(world)
    to_tomorrow(world, call_sid="CA2")

    assert len(world.jobs.rows) == 2
