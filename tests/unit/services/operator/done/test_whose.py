"""Whose a row is: by whole numbers, in any writing, and by nothing less."""

import pytest

from services.operator.done.whose import Whose
from services.operator.where.exports import Item

HER = "+15551230000"


@pytest.mark.parametrize(
    "text",
    [
        "+15551230000",
        "call 555-123-0000.",
        "(555) 123-0000",
        "1 (555) 123 0000",
        "555.123.0000, 123 Oak",
        "5551230000",
    ],
)
def test_a_number_is_known_in_any_writing(text: str) -> None:
    assert Whose(HER).is_named(text)


@pytest.mark.parametrize(
    "text", ["", "555-123-00001", "+25551230000 x", "123-0000", "9555-123-0000"]
)
def test_a_part_of_a_number_or_a_longer_one_is_another(text: str) -> None:
    assert not Whose(HER).is_named(text)


@pytest.mark.parametrize("number", ["+15551230", "+445551230"])
def test_a_short_number_is_not_found_in_a_longer_one(number: str) -> None:
    assert not Whose(number).is_named("+15551230000 and 555-123-0000, +44555123000")


def test_what_is_theirs_is_learnt_in_any_order() -> None:
    job: Item = {"pk": {"S": "JOB#j1"}, "sk": {"S": "META"}, "job_id": {"S": "j1"},
           "call_sid": {"S": "CA2"}, "phone": {"M": {"normalised": {"S": HER}}}}  # fmt: skip
    call: Item = {"pk": {"S": "CALL#CA2"}, "sk": {"S": "META"}, "call_sid": {"S": "CA2"},
            "caller": {"S": "+19375550000"}}  # fmt: skip
    for rows in ([("jobs", job), ("calls", call)], [("calls", call), ("jobs", job)]):
        whose = Whose(HER)
        whose.learn(rows)
        assert (whose.calls, whose.jobs) == ({"CA2"}, {"j1"})
        assert whose.is_head_of_theirs("calls", call)
        assert not whose.is_known_by_number(call)


def test_payments_and_what_a_call_booked_stay() -> None:
    whose = Whose(HER, {"CA1"}, {"j1"})
    payment = {"pk": {"S": "PAYMENT#1"}, "sk": {"S": "META"}, "job_id": {"S": "j1"}}
    booked = {"pk": {"S": "CALL#CA1"}, "sk": {"S": "JOB#j1"}, "job_id": {"S": "j1"}}
    assert whose.becomes("payments", payment) is payment
    assert whose.becomes("jobs", booked) is booked


def test_what_others_are_still_to_be_told_of_them_goes() -> None:
    whose = Whose(HER, {"CA1"}, {"j1"})
    for table, about, goes in (
        ("calls", "CA1:completed", True),
        ("jobs", "j1:0:created", True),
        ("jobs", "j2:0:created", False),
    ):
        row: Item = {"pk": {"S": f"EVENT#evt:{about}"}, "sk": {"S": "OUTBOX"}}
        assert whose.goes(table, row) is goes
    parked: Item = {"pk": {"S": "FOLLOWUP#webhook:board:evt:j1:0:created"}, "sk": {"S": "FOLLOWUP"}}
    assert whose.goes("jobs", parked)


def test_that_they_want_no_texts_stays() -> None:
    key = f"OPTOUT#coolcare_hvac#{HER}"
    assert not Whose(HER).goes("jobs", {"pk": {"S": key}, "sk": {"S": "OPTOUT"}})
    key = f"TEXTING#coolcare_hvac#{HER}"
    assert Whose(HER).goes("jobs", {"pk": {"S": key}, "sk": {"S": "CONSENT"}})
