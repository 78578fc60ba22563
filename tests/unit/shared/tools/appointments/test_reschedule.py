"""A visit is moved once the caller has said yes to where and for how much."""

from datetime import datetime
from typing import Any

from shared.domain.models import JobStatus, Priority
from tests.examples import OFFICE, SARAH, a_customer, a_job
from tests.unit.shared.tools.appointments.visit import FRIDAY_8, found, returning, visit
from tests.unit.shared.tools.talk import Talk, coolcare


def move(talk: Talk, *yes: str, to: str = FRIDAY_8) -> Any:
    return talk.after_a_yes("reschedule_appointment", *yes, job_id="job1", scheduled_time=to)


def offered(talk: Talk) -> Talk:
    talk.use("check_availability", service_type="repair", is_emergency=False, preferred_date=None)
    return talk


def test_where_it_goes_and_what_it_costs_then_is_asked_first() -> None:
    talk = offered(found(returning(visit())))
    reply = move(talk)

    assert reply.recitation.sentence == (
        "So it's moved from Sunday, August 31 9 to 11 PM to tomorrow 8 to 10 AM, $165 visit, $138 "
        "deposit, not refundable. Shall I move it?"
    )
    assert talk.world.jobs.rows["job1"] == visit()


def test_after_a_yes_it_is_moved_and_all_are_told() -> None:
    talk = offered(found(returning(visit())))
    move(talk)
    reply = move(talk, "terms")

    job = talk.world.jobs.rows["job1"]
    assert job.window.start.isoformat() == FRIDAY_8
    assert (job.version, job.deposit, job.after_hours) == (1, 13_800, False)
    assert len(talk.world.jobs.locks) == 2
    assert reply.output["rescheduled"] is True
    assert reply.telling.sentence == (
        "I've moved your visit from Sunday, August 31 9 to 11 PM to tomorrow 8 to 10 AM. "
        "I texted the $138 deposit link."
    )
    assert "your visit is moved from" in talk.world.texts.to(SARAH)[-1]
    assert "MOVED" in talk.world.texts.to(OFFICE)[-1]
    call = talk.world.calls.rows["CA1"]
    assert (call.changed, call.job_id) == ("rescheduled", None)


def test_a_deposit_that_was_paid_stays() -> None:
    talk = offered(found(returning(visit(deposit_paid=True))))
    asked = move(talk)
    move(talk, "terms")

    assert "$165 visit, and your $206 deposit stays" in asked.recitation.sentence
    job = talk.world.jobs.rows["job1"]
    assert (job.deposit_paid, job.deposit) == (True, 20_600)


def test_there_and_back_again_works() -> None:
    talk = offered(found(returning(visit())))
    move(talk, "terms")
    talk.use(
        "check_availability", service_type="repair", is_emergency=False,
        preferred_date="2025-09-02",
    )  # fmt: skip
    tuesday = "2025-09-02T08:00:00-04:00"
    move(talk, "terms", to=tuesday)
    move(talk, "terms", to=FRIDAY_8)

    job = talk.world.jobs.rows["job1"]
    assert (job.window.start.isoformat(), job.version) == (FRIDAY_8, 3)
    assert len(talk.world.jobs.locks) == 2


def test_a_window_that_was_not_offered_brings_others() -> None:
    refused = move(found(returning(visit())), to="2025-08-29T09:00:00-04:00").output

    assert refused["error"] == "window_not_offered"
    assert refused["available_slots"]


def test_a_window_somebody_else_has_taken_leaves_the_visit_where_it_is() -> None:
    talk = offered(found(returning(visit())))
    friday = datetime.fromisoformat(FRIDAY_8)
    talk.world.jobs.book(a_job("job2", friday, call_sid="CA2"), a_customer())

    refused = move(talk, "terms").output
    assert refused["error"] == "window_taken"
    assert refused["available_slots"]
    assert talk.world.jobs.rows["job1"] == visit()


def test_the_same_window_is_no_move() -> None:
    talk = found(returning(visit()))

    assert move(talk, to="2025-08-31T21:00:00-04:00").output["error"] == "nothing_to_change"


def test_a_visit_that_was_not_found_is_not_moved() -> None:
    talk = offered(returning(visit()))

    assert move(talk, "terms").output["error"] == "not_the_caller"
    assert talk.world.jobs.rows["job1"] == visit()


def test_what_was_called_off_meanwhile_is_not_moved() -> None:
    talk = offered(found(returning(visit())))
    talk.world.jobs.change("job1", status=JobStatus.CANCELLED)

    assert move(talk, "terms").output["message"] == "That visit is cancelled already."


def test_a_visit_whose_time_has_come_is_left_to_a_person() -> None:
    talk = found(returning(visit()))
    talk.now = visit().window.start

    assert "Only a person changes that visit" in move(talk).output["message"]


def test_so_is_one_that_a_danger_was_told_of_with() -> None:
    talk = offered(found(returning(visit(priority=Priority.LIFE_SAFETY))))

    assert move(talk, "terms").output["error"] == "nothing_to_change"
    assert talk.world.jobs.rows["job1"].version == 0


def test_a_new_customer_s_deposit_is_not_waived_because_the_visit_has_made_them_known() -> None:
    business = coolcare()
    card = business.card.model_copy(update={"deposit": "new_customers"})
    talk = returning(visit(), business=business.model_copy(update={"card": card}))
    move(offered(found(talk)), "terms")

    assert talk.world.jobs.rows["job1"].deposit == 13_800
