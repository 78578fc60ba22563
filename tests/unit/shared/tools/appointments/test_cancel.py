"""A visit is called off once the caller has said yes to what that means."""

from typing import Any

import pytest

from shared.domain.models import Job, JobStatus, Priority
from tests.examples import TONIGHT
from tests.unit.shared.tools.appointments.visit import found, returning, visit
from tests.unit.shared.tools.talk import Talk


def cancel(talk: Talk, *yes: str) -> Any:
    return talk.after_a_yes("cancel_appointment", *yes, job_id="job1")


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        (visit(), "Shall I cancel your visit Sunday, August 31 9 to 11 PM?"),
        (
            visit(deposit_paid=True),
            "Our office will be asked to refund your $206 deposit. Shall I cancel your visit "
            "Sunday, August 31 9 to 11 PM?",
        ),
        (
            visit(deposit_paid=True, start=TONIGHT),
            "Your $206 deposit is not refundable any more. Shall I cancel your visit tonight 9 to "
            "11 PM?",
        ),
    ],
)
def test_it_is_asked_first_with_what_becomes_of_the_deposit(job: Job, sentence: str) -> None:
    talk = found(returning(job))

    assert cancel(talk).recitation.sentence == sentence
    assert talk.world.jobs.rows["job1"].status is JobStatus.SCHEDULED


def test_after_a_yes_it_is_off() -> None:
    talk = found(returning(visit(deposit_paid=True)))
    reply = cancel(talk, "called_off")

    assert talk.world.jobs.rows["job1"].status is JobStatus.CANCELLED
    assert talk.world.jobs.locks == {}
    assert (reply.output["canceled"], reply.output["refund_status"]) == (True, "requested")
    assert reply.telling.sentence == (
        "Your visit Sunday, August 31 9 to 11 PM is canceled. Our office has been asked to refund "
        "your deposit of $206."
    )
    assert talk.world.calls.rows["CA1"].changed == "canceled"


def test_a_yes_to_something_else_calls_nothing_off() -> None:
    talk = found(returning(visit()))

    assert cancel(talk, "terms", "name").recitation is not None
    assert talk.world.jobs.rows["job1"].status is JobStatus.SCHEDULED


def test_what_was_not_found_in_this_call_is_not_called_off() -> None:
    talk = returning(visit())

    assert cancel(talk, "called_off").output["error"] == "not_the_caller"
    assert talk.world.jobs.rows["job1"].status is JobStatus.SCHEDULED


def test_twice_is_once() -> None:
    talk = found(returning(visit()))
    cancel(talk, "called_off")

    again = cancel(talk, "called_off").output
    assert again["message"] == "That visit is cancelled already."


def test_a_visit_that_a_danger_was_told_of_with_is_left_to_a_person() -> None:
    talk = found(returning(visit(priority=Priority.LIFE_SAFETY)))

    assert cancel(talk, "called_off").output["error"] == "nothing_to_change"
    assert talk.world.jobs.rows["job1"].status is JobStatus.SCHEDULED
