"""What every `Jobs` must do, and what booking does to `Customers`."""

from datetime import datetime, timedelta

import pytest

from shared.actions.ports import JobChanged
from shared.domain.errors import WindowTaken
from shared.domain.models import (
    Books,
    Contact,
    Hold,
    Job,
    JobStatus,
    Payment,
    PaymentStatus,
    Window,
)
from shared.domain.money import Cents
from tests.contracts.conftest import Store
from tests.examples import NOW, SARAH, TONIGHT, a_customer, a_follow_up, a_job

HOUR = timedelta(hours=1)
MORNING = TONIGHT + 11 * HOUR  # 08:00 in Springfield
PAID = Payment(
    payment_id="pi_1",
    job_id="job1",
    business_id="coolcare_hvac",
    amount=Cents(20_600),
    currency="usd",
    status=PaymentStatus.PAID,
    event_id="evt_1",
    at=NOW,
)


def test_a_job_is_kept_whole(store: Store) -> None:
    job = a_job(notes=("Gate code 1234.", "One friendly dog."), email="sarah@example.com")

    assert store.jobs.book(job, a_customer()) is True
    assert store.jobs.get("job1") == job
    assert store.jobs.get("job404") is None


def test_the_same_job_again_is_a_retry_and_changes_nothing(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())

    assert store.jobs.book(a_job(description="other"), a_customer(name="Other")) is False
    assert store.jobs.get("job1") == a_job()
    assert store.customers.get("coolcare_hvac", SARAH) == a_customer()


def test_a_window_is_held_by_one_job_and_nothing_of_the_other_is_kept(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())

    with pytest.raises(WindowTaken):
        store.jobs.book(a_job("job2", call_sid="CA2"), a_customer(phone="+15551230001"))

    assert store.jobs.get("job2") is None
    assert store.jobs.of_call("CA2") == []
    assert store.customers.get("coolcare_hvac", "+15551230001") is None


def test_windows_that_overlap_by_an_hour_cannot_both_be_held(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())

    for start in (TONIGHT - HOUR, TONIGHT + HOUR):
        with pytest.raises(WindowTaken):
            store.jobs.book(a_job("job2", start), a_customer())
    assert store.jobs.book(a_job("job3", TONIGHT + 2 * HOUR), a_customer()) is True
    assert store.jobs.book(a_job("job4", TONIGHT - 2 * HOUR), a_customer()) is True


def test_another_crew_and_another_business_may_have_the_same_window(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())

    assert store.jobs.book(a_job("job2", crew="crew-2"), a_customer()) is True
    assert store.jobs.book(a_job("job3", business_id="clearflow_plumbing"), a_customer()) is True


def test_what_a_job_owes_is_left_with_it_and_only_with_it(store: Store) -> None:
    mine = a_follow_up("text:job1:caller")
    store.jobs.book(a_job(), a_customer(), [mine, a_follow_up("checkout:job1")])

    assert store.jobs.book(a_job(), a_customer(), [a_follow_up("text:again")]) is False
    with pytest.raises(WindowTaken):
        store.jobs.book(a_job("job2"), a_customer(), [a_follow_up("text:job2:caller")])

    left = store.follow_ups.due(NOW)
    assert sorted(row.follow_up_id for row in left) == ["checkout:job1", "text:job1:caller"]
    assert mine in left


def test_what_is_held_is_told_by_crew_and_hour(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.book(a_job("job2", TONIGHT + 12 * HOUR, crew="crew-2"), a_customer())
    crews = ("crew-1", "crew-2")

    held = store.jobs.held("coolcare_hvac", crews, TONIGHT - HOUR, TONIGHT + 12 * HOUR)

    assert held == {
        ("crew-1", TONIGHT),
        ("crew-1", TONIGHT + HOUR),
        ("crew-2", TONIGHT + 12 * HOUR),
    }
    assert store.jobs.held("clearflow_plumbing", crews, TONIGHT, TONIGHT + HOUR) == set()


def test_a_customer_keeps_the_first_created_at_and_what_was_not_said_again(store: Store) -> None:
    store.jobs.book(a_job(), a_customer(email="sarah@example.com"))
    later = NOW + timedelta(days=3)
    store.jobs.book(
        a_job("job2", TONIGHT + 24 * HOUR),
        a_customer(name="Sarah M. Miller", created_at=later, updated_at=later),
    )

    assert store.customers.get("coolcare_hvac", SARAH) == a_customer(
        name="Sarah M. Miller", email="sarah@example.com", updated_at=later
    )


def test_the_jobs_of_a_call_are_found_by_it(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.book(a_job("job2", TONIGHT + 24 * HOUR), a_customer())
    store.jobs.book(a_job("job3", TONIGHT + 48 * HOUR, call_sid="CA2"), a_customer())

    assert store.jobs.of_call("CA1") == ["job1", "job2"]
    assert store.jobs.of_call("CA404") == []


def test_a_note_is_added_once(store: Store) -> None:
    store.jobs.book(a_job(notes=("Gate code 1234.",)), a_customer())
    for _ in range(2):
        store.jobs.add_note("job1", "One friendly dog.")

    job = store.jobs.get("job1")
    assert job is not None
    assert job.notes == ("Gate code 1234.", "One friendly dog.")
    with pytest.raises(LookupError):
        store.jobs.add_note("job404", "lost")


def test_deposit_n_is_opened_once_and_in_order(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())

    assert store.jobs.open_deposit("job1", number=2, session_id="cs_2") is False
    assert store.jobs.open_deposit("job1", number=1, session_id="cs_1") is True
    assert store.jobs.open_deposit("job1", number=1, session_id="cs_other") is False
    assert store.jobs.open_deposit("job1", number=2, session_id="cs_2") is True
    assert store.jobs.get("job1") == a_job(checkout_number=2, checkout_session_id="cs_2")
    assert store.jobs.open_deposit("job404", number=1, session_id="cs_1") is False


def test_a_closed_job_gives_its_window_back_and_takes_no_deposit(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())

    assert store.jobs.close("job1", JobStatus.RELEASED, at=NOW) is True
    assert store.jobs.close("job1", JobStatus.CANCELLED, at=NOW) is False
    assert store.jobs.get("job1") == a_job(status="released")
    assert store.jobs.open_deposit("job1", number=1, session_id="cs_1") is False
    assert store.jobs.book(a_job("job2"), a_customer()) is True
    assert store.jobs.close("job404", JobStatus.CANCELLED, at=NOW) is False


def test_closing_a_job_leaves_the_locks_of_others_alone(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.book(a_job("job2", TONIGHT + 2 * HOUR), a_customer())

    store.jobs.close("job1", JobStatus.CANCELLED, at=NOW)

    held = store.jobs.held("coolcare_hvac", ["crew-1"], TONIGHT, TONIGHT + 4 * HOUR)
    assert held == {("crew-1", TONIGHT + 2 * HOUR), ("crew-1", TONIGHT + 3 * HOUR)}


def test_the_day_of_a_job_is_the_business_s_own(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())  # 21:00 in Springfield is the next day in UTC

    assert store.jobs.of_business("coolcare_hvac", "2025-08-28") == [a_job()]
    assert store.jobs.of_business("coolcare_hvac", "2025-08-29") == []


def test_the_jobs_of_a_day_are_listed_by_window(store: Store) -> None:
    first = a_job("job1", TONIGHT + 12 * HOUR)
    second = a_job("job2", TONIGHT + 15 * HOUR)
    for job in (second, first, a_job("job3", TONIGHT + 48 * HOUR)):
        store.jobs.book(job, a_customer())

    assert store.jobs.of_business("coolcare_hvac", "2025-08-29") == [first, second]


def test_a_job_is_reminded_of_its_deposit_once_and_the_text_is_left_with_it(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    text = a_follow_up("text:job1:reminder")

    assert store.jobs.remind("job1", at=NOW, follow_ups=[text]) is True
    assert store.jobs.get("job1") == a_job(reminded_at=NOW)
    assert store.follow_ups.due(NOW) == [text]
    store.follow_ups.done("text:job1:reminder")

    assert store.jobs.remind("job1", at=NOW + HOUR, follow_ups=[text]) is False
    assert store.jobs.get("job1") == a_job(reminded_at=NOW)
    assert store.follow_ups.due(NOW) == []
    assert store.jobs.remind("job404", at=NOW) is False


def test_what_a_release_owes_is_left_with_it_and_only_with_it(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    text = a_follow_up("text:job1:released:caller")

    assert store.jobs.close("job1", JobStatus.RELEASED, at=NOW, follow_ups=[text]) is True
    again = a_follow_up("text:job1:released:office")
    assert store.jobs.close("job1", JobStatus.RELEASED, at=NOW, follow_ups=[again]) is False
    assert store.jobs.remind("job1", at=NOW, follow_ups=[again]) is False

    assert store.follow_ups.due(NOW) == [text]


def test_who_holds_an_hour_is_told_by_crew_and_hour(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.book(a_job("job2", TONIGHT + HOUR, crew="crew-2"), a_customer())

    holders = store.jobs.holders("coolcare_hvac", ("crew-1", "crew-2"), TONIGHT, TONIGHT + HOUR)

    assert holders == {
        ("crew-1", TONIGHT): "job1",
        ("crew-1", TONIGHT + HOUR): "job1",
        ("crew-2", TONIGHT + HOUR): "job2",
    }


# -- a move: one transaction ---------------------------------------------------------------


def hours(store: Store, *crews: str) -> dict[Hold, str]:
    return store.jobs.holders(
        "coolcare_hvac", crews or ("crew-1", "crew-2"), TONIGHT - 24 * HOUR, TONIGHT + 48 * HOUR
    )


def moved(job: Job, start: datetime = MORNING, **changes: object) -> Job:
    changes = {"window": Window.at(start), "version": job.version + 1} | changes
    return job.model_copy(update=changes)


def both(job: Job) -> dict[Hold, str]:
    return {(job.crew, hour): job.job_id for hour in job.window.hours}


def test_a_move_frees_the_old_window_and_holds_the_new_one(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    after = moved(a_job(), rate="regular", after_hours=False, deposit=Cents(13_800))

    assert store.jobs.move(a_job(), after) is True

    assert store.jobs.get("job1") == after
    assert hours(store) == both(after)
    assert store.jobs.of_business("coolcare_hvac", "2025-08-28") == []
    assert store.jobs.of_business("coolcare_hvac", "2025-08-29") == [after]
    assert store.jobs.of_call("CA1") == ["job1"]
    assert store.jobs.book(a_job("job2"), a_customer()) is True


@pytest.mark.parametrize("hours_later", [1, -1])
def test_a_move_by_an_hour_keeps_the_hour_both_windows_share(
    store: Store, hours_later: int
) -> None:
    store.jobs.book(a_job(), a_customer())
    after = moved(a_job(), TONIGHT + hours_later * HOUR)

    assert store.jobs.move(a_job(), after) is True
    assert hours(store) == both(after)


def test_a_job_moved_there_and_back_is_where_it_was(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    there = moved(a_job())
    back = moved(there, TONIGHT)

    assert store.jobs.move(a_job(), there) is True
    assert store.jobs.move(there, back) is True

    assert store.jobs.get("job1") == a_job(version=2)
    assert hours(store) == both(back)


def test_a_move_to_a_taken_window_leaves_everything_as_it_was(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    other = a_job("job2", MORNING + HOUR, call_sid="CA2")
    store.jobs.book(other, a_customer())
    text = a_follow_up("text:job1:moved:1:caller")

    with pytest.raises(WindowTaken):
        store.jobs.move(
            a_job(), moved(a_job()), customer=a_customer(name="Other"), follow_ups=[text]
        )

    assert store.jobs.get("job1") == a_job()
    assert hours(store) == both(a_job()) | both(other)
    assert store.follow_ups.due(NOW) == []
    assert store.customers.get("coolcare_hvac", SARAH) == a_customer()


def test_a_move_may_change_the_crew_in_the_same_window(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    after = moved(a_job(), TONIGHT, crew="crew-2")

    assert store.jobs.move(a_job(), after) is True
    assert hours(store) == both(after)


def test_a_job_put_right_in_its_window_keeps_its_hours(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    phone = Contact(raw="555-123-0001", normalised="+15551230001")
    after = moved(a_job(), TONIGHT, phone=phone, email="sarah@example.com")
    there = a_customer(phone="+15551230001")

    assert store.jobs.move(a_job(), after, customer=there) is True
    assert store.jobs.get("job1") == after
    assert hours(store) == both(after)
    assert store.customers.get("coolcare_hvac", "+15551230001") == there


def test_what_a_move_owes_is_left_with_it_and_the_same_move_again_changes_nothing(
    store: Store,
) -> None:
    store.jobs.book(a_job(), a_customer())
    text = a_follow_up("text:job1:moved:1:caller")

    assert store.jobs.move(a_job(), moved(a_job()), follow_ups=[text]) is True
    again = a_follow_up("text:job1:moved:1:office")
    assert store.jobs.move(a_job(), moved(a_job()), follow_ups=[again]) is False

    assert store.follow_ups.due(NOW) == [text]
    assert hours(store) == both(moved(a_job()))


def test_a_move_of_a_job_that_has_moved_on_is_decided_anew(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    there = moved(a_job())
    store.jobs.move(a_job(), there)

    with pytest.raises(JobChanged):
        store.jobs.move(a_job(), moved(a_job(), MORNING + 2 * HOUR))
    assert store.jobs.get("job1") == there
    assert hours(store) == both(there)


def test_a_job_that_is_closed_noted_or_given_a_session_meanwhile_is_not_moved(store: Store) -> None:
    def closed() -> None:
        store.jobs.close("job1", JobStatus.CANCELLED, at=NOW)

    def noted() -> None:
        store.jobs.add_note("job2", "One friendly dog.")

    def clicked_on() -> None:
        store.jobs.open_deposit("job3", number=1, session_id="cs_1")

    for n, meanwhile in enumerate((closed, noted, clicked_on), 1):
        before = a_job(f"job{n}", TONIGHT + 2 * n * HOUR)
        store.jobs.book(before, a_customer())
        meanwhile()
        stands = store.jobs.get(before.job_id)

        with pytest.raises(JobChanged):
            store.jobs.move(before, moved(before, MORNING + 12 * HOUR))
        assert store.jobs.get(before.job_id) == stands


def test_a_job_paid_meanwhile_is_not_moved_to_another_deposit(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.payments.settle(PAID, a_job(), event_id="evt_1")

    with pytest.raises(JobChanged):
        store.jobs.move(a_job(), moved(a_job(), deposit=Cents(13_800)))
    assert store.jobs.get("job1") == a_job(deposit_paid=True, payment_id="pi_1")


def test_a_session_of_the_old_deposit_is_not_kept_after_a_move(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.move(a_job(), moved(a_job(), deposit=Cents(13_800), checkout_number=1))

    assert store.jobs.open_deposit("job1", number=1, session_id="cs_of_the_old") is False
    assert store.jobs.open_deposit("job1", number=2, session_id="cs_2") is True


def test_a_moved_job_that_is_closed_gives_back_the_hours_it_has_now(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.move(a_job(), moved(a_job()))

    assert store.jobs.close("job1", JobStatus.CANCELLED, at=NOW) is True
    assert hours(store) == {}


def test_a_job_that_is_not_there_is_not_moved(store: Store) -> None:
    with pytest.raises(JobChanged):
        store.jobs.move(a_job(), moved(a_job()))
    assert hours(store) == {}


# -- done, and its books closed -------------------------------------------------------------------


def bill(at: datetime) -> Books:
    return Books(
        final=Cents(61_000), visit_credited=Cents(24_800), deposit_credited=Cents(0), at=at
    )


def test_a_completed_job_keeps_its_books_and_frees_what_is_left_of_its_hours(
    store: Store,
) -> None:
    long = a_job(hours=4)
    store.jobs.book(long, a_customer())
    over = TONIGHT + HOUR + timedelta(minutes=20)

    assert store.jobs.complete(long, bill(over)) is True

    done = store.jobs.get("job1")
    assert done == long.model_copy(update={"status": JobStatus.COMPLETED, "books": bill(over)})
    assert hours(store) == dict.fromkeys(long.holds[:2], "job1")
    assert store.jobs.complete(long, bill(over)) is False
    assert store.jobs.open_deposit("job1", number=1, session_id="cs_1") is False
    assert store.jobs.close("job1", JobStatus.CANCELLED, at=over) is False


def test_books_are_not_closed_over_what_has_changed(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.move(a_job(), moved(a_job(), MORNING))
    assert store.jobs.complete(a_job(), bill(MORNING)) is False

    now = store.jobs.get("job1")
    assert now is not None
    store.payments.settle(PAID, now, event_id="evt_1")
    assert store.jobs.complete(now, bill(MORNING)) is False
    paid = store.jobs.get("job1")
    assert paid is not None
    assert paid.status is JobStatus.SCHEDULED
    assert store.jobs.complete(paid, bill(MORNING)) is True


def test_money_that_comes_for_a_completed_job_is_not_marked(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.complete(a_job(), bill(TONIGHT))
    with pytest.raises(JobChanged):
        store.payments.settle(PAID, a_job(), event_id="evt_1")


def test_a_long_job_holds_every_hour_and_a_move_keeps_those_it_still_needs(store: Store) -> None:
    long = a_job(hours=5)
    store.jobs.book(long, a_customer())
    assert hours(store) == dict.fromkeys(long.holds, "job1")
    with pytest.raises(WindowTaken):
        store.jobs.book(a_job("job2", TONIGHT + 4 * HOUR), a_customer())

    after = moved(long, TONIGHT + 3 * HOUR, hours=3)
    assert store.jobs.move(long, after) is True
    assert store.jobs.move(long, after) is False
    assert hours(store) == dict.fromkeys(after.holds, "job1")


def test_the_jobs_of_a_number_are_found_by_it(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    other = a_job().phone.model_copy(update={"normalised": "+15551230099"})
    store.jobs.book(
        a_job("job2", call_sid="CA2", window=moved(a_job(), MORNING).window, phone=other),
        a_customer(phone="+15551230099"),
    )

    assert [job.job_id for job in store.jobs.of_phone("coolcare_hvac", SARAH)] == ["job1"]
    assert [job.job_id for job in store.jobs.of_phone("coolcare_hvac", "+15551230099")] == ["job2"]
    assert store.jobs.of_phone("clearflow_plumbing", SARAH) == []


def test_a_number_that_was_put_right_finds_the_job_and_the_wrong_one_no_more(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    right = a_job().phone.model_copy(update={"normalised": "+15551230099"})
    store.jobs.move(a_job(), a_job(phone=right, version=1))

    assert [job.job_id for job in store.jobs.of_phone("coolcare_hvac", "+15551230099")] == ["job1"]
    assert store.jobs.of_phone("coolcare_hvac", SARAH) == []


def test_a_job_is_cancelled_as_it_was_read_paid_or_not(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.payments.settle(PAID, a_job(), event_id="evt_1")
    assert store.jobs.cancel(a_job(), at=NOW) is False  # paid meanwhile

    paid = store.jobs.get("job1")
    assert paid is not None
    told = a_follow_up("text:job1:canceled", job_id="job1")
    assert store.jobs.cancel(paid, at=NOW, follow_ups=[told]) is True

    now = store.jobs.get("job1")
    assert now is not None
    assert (now.status, now.deposit_paid) == (JobStatus.CANCELLED, True)
    assert hours(store) == {}
    assert store.follow_ups.waiting("text:job1:canceled")
    assert store.jobs.cancel(paid, at=NOW) is False


def test_a_job_that_was_moved_meanwhile_is_not_cancelled(store: Store) -> None:
    store.jobs.book(a_job(), a_customer())
    store.jobs.move(a_job(), moved(a_job(), MORNING))

    assert store.jobs.cancel(a_job(), at=NOW) is False
    assert len(hours(store)) == 2


def test_that_a_visit_was_reminded_of_is_kept_and_survives_a_move(store: Store) -> None:
    before = a_job()
    store.jobs.book(before, a_customer())
    store.jobs.visit_reminded("job1", at=NOW)
    after = before.model_copy(
        update={"window": a_job(start=TONIGHT + timedelta(hours=12)).window, "version": 1}
    )
    assert store.jobs.move(before, after) is True
    kept = store.jobs.get("job1")
    assert kept is not None and (kept.visit_reminded_at, kept.version) == (NOW, 1)
