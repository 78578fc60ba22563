"""resume_call: who was cut off is told where they were once they have said who they are."""

import json

import pytest

from shared.domain.models import JobStatus, Turn
from tests.examples import a_customer, a_job
from tests.fakes import A_TIME, FakeWorld
from tests.unit.shared.tools.talk import Talk

BEFORE = "CA" + "0" * 32
DETAILS = {
    "name": "Sarah Miller",
    "phone": "+15551230000",
    "address": "123 Oak Street, Springfield",
}


def cut_off(*, details: bool = True, booked: bool = False) -> Talk:
    world = FakeWorld()
    given = [("get_pricing_quote", {"description": "AC not cooling", "service_type": "repair"})]
    if details:
        given.append(("confirm_details", DETAILS))
    world.turns.add(
        Turn(
            call_sid=BEFORE,
            seq=seq,
            role="tool",
            at=A_TIME,
            tool=tool,
            arguments=json.dumps(arguments),
            result="{}",
        )
        for seq, (tool, arguments) in enumerate(given, 1)
    )
    if booked:
        world.jobs.book(a_job(call_sid=BEFORE), a_customer())
    return Talk(world=world, resumes=BEFORE)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Sarah Miller", "123 Oak Street, Springfield"),
        ("sarah", "123 Oak Street"),
        ("Mrs. Miller", "one twenty three oak street springfield"),
    ],
)
def test_whoever_says_the_name_and_the_address_goes_on(name: str, address: str) -> None:
    reply = cut_off().use("resume_call", name=name, address=address).output

    assert (reply["resumed"], reply["problem"], reply["booked"]) == (True, "AC not cooling", None)


@pytest.mark.parametrize(
    ("name", "address"),
    [("John Smith", "123 Oak Street"), ("Sarah Miller", "125 Oak Street"), ("Sarah", "Oak Street")],
)
def test_whoever_says_another_is_told_nothing(name: str, address: str) -> None:
    reply = cut_off(booked=True).use("resume_call", name=name, address=address)

    assert reply.output["error"] == "not_the_caller"
    assert (reply.figures, reply.facts) == ((), ())
    assert "cooling" not in str(reply.output) and "job1" not in str(reply.output)


def test_what_was_booked_is_told_and_may_be_claimed() -> None:
    talk = cut_off(booked=True)
    reply = talk.use("resume_call", name="Sarah Miller", address="123 Oak Street")

    assert reply.output["say"] == (
        "Good news: it was booked before we were cut off. You're set for tonight 9 to 11 PM."
    )
    assert [fact.kind for fact in reply.facts] == ["booked"]
    assert talk.use("add_note", note="Gate code 4421").output["noted"] is True
    assert talk.world.jobs.get("job1") is not None


def test_what_was_canceled_since_is_not_told_as_booked() -> None:
    talk = cut_off(booked=True)
    talk.world.jobs.close("job1", JobStatus.CANCELLED, at=A_TIME)

    reply = talk.use("resume_call", name="Sarah Miller", address="123 Oak Street")
    assert reply.output["booked"] is None


@pytest.mark.parametrize("talk", [cut_off(details=False), Talk()])
def test_where_nobody_had_said_who_they_are_there_is_nothing_to_go_on_with(talk: Talk) -> None:
    reply = talk.use("resume_call", name="Sarah Miller", address="123 Oak Street").output

    assert reply["error"] == "not_the_caller"
