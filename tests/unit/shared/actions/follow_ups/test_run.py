"""The schedule: what failed is tried again, by day, to an end; and each thing once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.actions.follow_ups.retry import CLAIM, FollowUpRun
from shared.actions.follow_ups.run import run
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.models import FollowUpKind, JobStatus
from tests.examples import OFFICE, SARAH, a_customer, a_follow_up, a_job
from tests.fakes import FakeWorld

PUBLIC = "https://voice.example.com"
DAY = datetime(2025, 8, 28, 15, tzinfo=UTC)  # 11:00 in Springfield
NIGHT = datetime(2025, 8, 29, 2, tzinfo=UTC)  # 22:00
MORNING = datetime(2025, 8, 29, 12, tzinfo=UTC)  # 08:00
MINUTE = timedelta(minutes=1)


def at(world: FakeWorld, now: datetime) -> dict[str, int]:
    """One run of the schedule."""
    return dict(run(FollowUpRun(world.ports, by_id, PUBLIC, CallTime(now, now)), lambda: True))


def left(world: FakeWorld, *follow_ups: Any) -> FakeWorld:
    for follow_up in follow_ups:
        world.follow_ups.leave(follow_up)
    return world


def text(follow_up_id: str = "text:job1:caller", **changes: Any) -> Any:
    return a_follow_up(follow_up_id, **({"due_at": DAY} | changes))


def checkout(**changes: Any) -> Any:
    fields = {"kind": FollowUpKind.CHECKOUT, "body": None, "due_at": DAY} | changes
    return a_follow_up("checkout:job1", **fields)


def test_a_kept_text_is_sent_and_struck_off() -> None:
    world = left(FakeWorld(), text())

    assert at(world, DAY) == {"done": 1}
    assert world.texts.to(SARAH) == ["You're booked."]
    assert world.texts.sent[0].sender == "+19375550100"
    assert world.follow_ups.rows == {}
    assert world.metrics.total("SmsSent") == 1
    assert at(world, DAY) == {}
    assert len(world.texts.sent) == 1


def test_a_request_stripe_will_always_refuse_is_given_up_at_once() -> None:
    world = left(FakeWorld(), checkout())
    world.jobs.book(a_job(), a_customer())
    world.checkout.refusing = True

    assert at(world, DAY)["given_up"] == 1

    assert world.metrics.total("FollowUpsGivenUp") == 1
    assert "takes no such amount" in world.texts.to(OFFICE)[0]
    assert world.follow_ups.rows == {}


def test_a_session_that_stripe_did_not_give_is_made_and_its_link_is_texted_once() -> None:
    world = left(FakeWorld(), checkout())
    world.jobs.book(a_job(), a_customer())

    assert at(world, DAY) == {"done": 2}
    assert world.checkout.created == ["job:job1:deposit:1"]
    assert world.texts.to(SARAH) == [
        f"CoolCare HVAC: your deposit of $206 can be paid here: {PUBLIC}/pay/job1"
    ]
    assert at(world, DAY + timedelta(hours=3)) == {}
    assert len(world.texts.sent) == 1


def test_the_link_waits_for_the_day() -> None:
    world = left(FakeWorld(), checkout())
    world.jobs.book(a_job(start=MORNING + timedelta(hours=2)), a_customer())

    assert at(world, NIGHT) == {"done": 1, "held": 1}
    assert world.texts.sent == []
    at(world, MORNING)
    assert len(world.texts.to(SARAH)) == 1


def test_stripe_still_down_is_one_more_attempt() -> None:
    world = left(FakeWorld(), checkout())
    world.jobs.book(a_job(), a_customer())
    world.checkout.down = True

    assert at(world, DAY) == {"again": 1}
    row = world.follow_ups.rows["checkout:job1"]
    assert (row.attempts, row.due_at) == (1, DAY + 10 * MINUTE)


@pytest.mark.parametrize("changes", [{"deposit_paid": True}, {"status": JobStatus.CANCELLED}])
def test_a_deposit_that_is_not_owed_any_more_needs_no_session(changes: dict[str, Any]) -> None:
    world = left(FakeWorld(), checkout(), text("text:job1:link"), text("text:job1:reminder"))
    world.jobs.book(a_job(**changes), a_customer())

    assert at(world, DAY) == {"done": 3}
    assert (world.checkout.created, world.texts.sent) == ([], [])


def test_a_follow_up_of_no_business_is_counted_and_dropped() -> None:
    world = left(FakeWorld(), text(business_id="sold_last_year"))

    at(world, DAY)

    assert world.follow_ups.rows == {}
    assert world.metrics.total("FollowUpsGivenUp") == 1


def test_two_runs_at_once_send_each_text_once() -> None:
    world = left(FakeWorld(), *(text(f"text:job{n}:caller", body=f"{n}") for n in range(30)))

    with ThreadPoolExecutor(4) as runs:
        tallies = list(runs.map(lambda _: at(world, DAY), range(4)))

    assert sorted(world.texts.to(SARAH)) == sorted(str(n) for n in range(30))
    assert sum(tally.get("done", 0) for tally in tallies) == 30


def test_a_run_that_died_with_a_text_in_hand_is_made_good_by_a_later_one() -> None:
    world = left(FakeWorld(), text())

    class Died(BaseException):
        """The function was ended."""

    class Dies(type(world.texts)):  # type: ignore[misc]
        def send(self, *args: object, **more: object) -> str:
            raise Died

    alive, world.texts = world.texts, Dies()
    with pytest.raises(Died):
        at(world, DAY)
    world.texts = alive

    assert at(world, DAY + MINUTE) == {}
    assert at(world, DAY + CLAIM) == {"done": 1}
    assert world.texts.to(SARAH) == ["You're booked."]


def test_one_row_that_breaks_does_not_keep_the_others_waiting() -> None:
    class Broken(type(FakeWorld().checkout)):  # type: ignore[misc]
        def create(self, *args: object, **more: object) -> Any:
            raise ValueError("a bug")

    world = left(FakeWorld(), checkout(due_at=DAY - MINUTE), text())
    world.checkout = Broken()
    world.jobs.book(a_job(), a_customer())

    assert at(world, DAY) == {"again": 1, "done": 1}


def test_what_there_is_no_time_for_is_left_to_the_next_run() -> None:
    world = left(FakeWorld(), text(), text("text:job2:caller"))
    times = iter([True, False])

    tally = run(FollowUpRun(world.ports, by_id, PUBLIC, CallTime(DAY, DAY)), lambda: next(times))

    assert tally == {"done": 1, "left": 1}
    assert at(world, DAY) == {"done": 1}


def test_on_a_laptop_s_clock_what_is_due_goes_by_real_time() -> None:
    real = datetime(2026, 11, 22, 3, tzinfo=UTC)
    world = left(FakeWorld(), text(due_at=real))

    run(FollowUpRun(world.ports, by_id, PUBLIC, CallTime(NIGHT, real)), lambda: True)

    assert world.follow_ups.rows["text:job1:caller"].due_at == real + timedelta(hours=10)


def test_a_checkout_left_by_a_move_opens_the_session_of_the_new_deposit() -> None:
    world = left(FakeWorld(), checkout())
    world.jobs.book(a_job(), a_customer())
    old = world.checkout.create(a_job(), number=1, business_name="x", return_url=PUBLIC)
    there = {"deposit": 13_800, "checkout_session_id": old.session_id, "checkout_number": 2}
    world.jobs.change("job1", version=1, **there)

    assert at(world, DAY) == {"done": 2}
    assert world.checkout.sessions[old.session_id].status == "expired"
    assert "$138" in world.texts.to(SARAH)[0]


def with_texts_off(business_id: str) -> Business | None:
    business = by_id(business_id)
    off = {"texts": "off", "office_email": "office@x.example"}
    return business.model_copy(update=off) if business else None


def test_with_texts_off_what_staff_were_to_get_is_mailed_and_a_customer_s_text_waits() -> None:
    world = left(
        FakeWorld(), text(), text("text:job1:office", to=OFFICE, body="CoolCare: job. More.")
    )
    tally = run(FollowUpRun(world.ports, with_texts_off, PUBLIC, CallTime(DAY, DAY)), lambda: True)
    assert dict(tally) == {"done": 1, "again": 1}
    assert world.mail.sent == [("office@x.example", "CoolCare: job", "CoolCare: job. More.")]
    assert world.texts.sent == []


def test_with_texts_off_a_mail_that_fails_is_tried_again() -> None:
    world = left(FakeWorld(), text("text:job1:office", to=OFFICE))
    world.mail.fails = True
    tally = run(FollowUpRun(world.ports, with_texts_off, PUBLIC, CallTime(DAY, DAY)), lambda: True)
    assert dict(tally) == {"again": 1}
    assert set(world.follow_ups.rows) == {"text:job1:office"}


def test_with_texts_off_no_unpaid_window_is_given_back() -> None:
    world = FakeWorld()
    world.jobs.book(a_job(), a_customer())
    left(world, a_follow_up("deposit:job1", kind=FollowUpKind.DEPOSIT, body=None, due_at=DAY))
    later = DAY + timedelta(days=30)
    run(FollowUpRun(world.ports, with_texts_off, PUBLIC, CallTime(DAY, later)), lambda: True)
    job = world.jobs.get("job1")
    assert job is not None
    assert job.status is JobStatus.SCHEDULED
    assert world.follow_ups.rows == {}
