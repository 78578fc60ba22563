"""Nothing of a visit is told before the caller is who booked it."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.models import JobStatus
from tests.examples import NOW, SARAH
from tests.unit.shared.tools.appointments.visit import returning, visit
from tests.unit.shared.tools.talk import CODE, Talk

OTHER = "+15551239999"


def find(talk: Talk, **said: object) -> dict[str, Any]:
    return talk.use("find_appointment", **said).output


@pytest.mark.parametrize(
    "said",
    [
        {"name": "Sarah Miller"},
        {"name": "sarah miller."},
        {"name": "Mrs. Miller"},
        {"name": "Sarah"},
        {"address": "123 Oak Street"},
        {"name": "Sara Miler", "address": "123 Oak Street, Springfield"},
    ],
)
def test_who_calls_from_its_number_and_says_name_or_address_is_told(said: dict[str, str]) -> None:
    output = find(returning(visit()), **said)

    (one,) = output["appointments"]
    assert one["job_id"] == "job1"
    assert one["scheduled_time"] == "2025-08-31T21:00:00-04:00"
    assert one["say"] == "I have your repair visit Sunday, August 31 9 to 11 PM."
    assert "Oak" not in str(output)  # a known address is never read out


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"name": "Bob Smith"},
        {"address": "9 Elm Street"},
        {"name": "Bob Smith", "address": "9 Elm Street"},
    ],
)
def test_the_number_alone_is_not_enough(said: dict[str, str]) -> None:
    output = find(returning(visit()), **said)

    assert output["error"] == "not_the_caller"
    assert output == find(returning(), **said)  # as if there were none


def test_a_number_that_may_be_forged_needs_a_code() -> None:
    talk = returning(visit(), vouched=False)

    assert find(talk, name="Sarah Miller")["code_sent"] is True
    assert talk.world.texts.to(SARAH) == [
        f"CoolCare HVAC: your code is {CODE}. Say it on the call you are on, to nobody else."
    ]


@pytest.mark.parametrize("said", [CODE, "0 4 2 1 1 7", "oh four two, one one seven", "042-117"])
def test_another_number_is_told_with_the_code_that_was_texted_to_it(said: str) -> None:
    talk = returning(visit(), caller=OTHER)

    assert find(talk, name="Sarah Miller", phone="555-123-0000")["code_sent"] is True
    assert len(find(talk, code=said)["appointments"]) == 1


def test_whether_there_is_a_visit_a_stranger_does_not_learn() -> None:
    known, unknown = returning(visit(), caller=OTHER), returning(caller=OTHER)
    said = {"name": "Sarah Miller", "phone": "555-123-0000"}

    assert find(known, **said) == find(unknown, **said)
    assert unknown.world.texts.to(SARAH) == []
    assert find(known, code="000000") == find(unknown, code="000000")


def test_a_code_is_good_once() -> None:
    talk = returning(visit(), caller=OTHER)
    find(talk, phone="555-123-0000")
    find(talk, code=CODE)

    assert "appointments" not in find(talk, code=CODE)


def test_the_third_wrong_code_is_the_last_and_another_one_does_not_help() -> None:
    talk = returning(visit(), caller=OTHER)
    find(talk, phone="555-123-0000")
    wrong = [find(talk, code="111111")["message"] for _ in range(3)]

    assert "once more" in wrong[0]
    assert "No code is taken any more" in wrong[2]
    assert find(talk, code=CODE)["error"] == "not_the_caller"
    assert find(talk, phone="555-123-0000")["error"] == "not_the_caller"


def test_a_code_is_good_for_ten_minutes() -> None:
    talk = returning(visit(), caller=OTHER)
    find(talk, phone="555-123-0000")
    talk.now = NOW + timedelta(minutes=10)

    assert find(talk, code=CODE)["error"] == "not_the_caller"


def test_a_number_is_texted_three_codes_a_day() -> None:
    world = returning(visit(), caller=OTHER).world
    for _ in range(5):
        find(Talk(world=world, caller=OTHER), phone="555-123-0000")

    assert len(world.texts.to(SARAH)) == 3


def test_a_withheld_number_is_asked_under_which_it_was_booked() -> None:
    assert "which number" in find(returning(visit(), caller=None), name="Sarah Miller")["message"]


def test_what_is_over_or_off_is_not_told() -> None:
    talk = returning(visit())
    talk.world.jobs.change("job1", status=JobStatus.CANCELLED)

    assert find(talk, name="Sarah Miller")["error"] == "not_the_caller"


def test_a_number_that_cannot_be_one_is_asked_for_again() -> None:
    assert find(returning(visit()), phone="12")["error"] == "bad_contact"
