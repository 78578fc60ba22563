"""What a model writes where it knows nothing, and how it writes what it knows."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.schema import ToolName
from shared.tools.arguments import Arguments, BookAppointment, CheckAvailability
from shared.tools.schemas import BY_NAME, BadArguments, check
from tests.unit.shared.tools.talk import BOOKING, Talk

FILLER = [
    "N/A",
    "n/a",
    "N.A.",
    "none",
    "None",
    "NULL",
    "unknown",
    "<UNKNOWN>",
    "not provided",
    "Not specified.",
    "not given by the caller",
    "any",
    "-",
    "\u2014",
    "TBD",
    "to be determined",
    "undefined",
    "",
    "  ",
    "[]",
    "?",
]


def parse(tool: str, given: Mapping[str, object] | None) -> Arguments:
    return check(ToolName(tool), given)


def booking(**changes: object) -> BookAppointment:
    found = parse("book_appointment", BOOKING | changes)
    assert isinstance(found, BookAppointment)
    return found


def told(tool: str, arguments: dict[str, Any]) -> str:
    with pytest.raises(BadArguments) as refusal:
        parse(tool, arguments)
    return str(refusal.value)


@pytest.mark.parametrize("filler", [*FILLER, None])
def test_filler_is_as_null_wherever_an_argument_may_be_left_out(filler: str | None) -> None:
    optional = dict.fromkeys(("email", "zip", "notes", "is_emergency"), filler)
    made = booking(**optional)
    assert (made.email, made.zip, made.notes, made.is_emergency) == (None, None, (), False)
    asked = parse("check_availability", {"service_type": "repair", "preferred_date": filler})
    assert asked == CheckAvailability(service_type="repair")
    assert parse("end_call", {"reason": filler}) == BY_NAME[ToolName.END_CALL]()


@pytest.mark.parametrize("filler", [*FILLER, None])
@pytest.mark.parametrize(
    "field",
    ["customer_name", "phone", "address", "service_type", "scheduled_time", "estimated_cost"],
)
def test_filler_for_what_is_needed_is_missing_and_never_booked(
    field: str, filler: str | None
) -> None:
    assert told("book_appointment", BOOKING | {field: filler}) == f"{field}: is missing"


@pytest.mark.parametrize(
    "name", ["Valued Customer", "the caller", "CUSTOMER", "Customer Name", "Homeowner.", "Ma'am"]
)
def test_nobodys_name_is_asked_for(name: str) -> None:
    nobodys = "customer_name: is nobody's name; ask the caller for theirs"
    assert told("book_appointment", BOOKING | {"customer_name": name}) == nobodys


@pytest.mark.parametrize("name", ["Guest", "Will Owner", "Ray Client", "Sir Mix", "Caller Jones"])
def test_somebodys_name_is_taken(name: str) -> None:
    assert booking(customer_name=name).customer_name == name


@pytest.mark.parametrize(
    "no_day", ["ASAP", "as soon as possible", "next available", "Any day", "no"]
)
def test_no_day_in_particular_is_no_day(no_day: str) -> None:
    asked = parse("check_availability", {"service_type": "repair", "preferred_date": no_day})
    assert asked == CheckAvailability(service_type="repair")


@pytest.mark.parametrize(
    ("sent", "notes"),
    [
        (["N/A"], ()),
        (["none", "Gate code 1234", None, "-"], ("Gate code 1234",)),
        ("Two dogs", ("Two dogs",)),
        ("No special instructions", ()),
        ([1234], ("1234",)),
        (1234, ("1234",)),
        (["No parking on the left"], ("No parking on the left",)),
    ],
)
def test_a_note_is_something_to_know(sent: object, notes: tuple[str, ...]) -> None:
    assert booking(notes=sent).notes == notes


@pytest.mark.parametrize(
    ("sent", "dollars"),
    [
        ("$825", 825),
        ("825.00", 825),
        ("825 dollars", 825),
        ("$1,200", 1200),
        ("USD 1,200.50", 1200.5),
        ("about $825.", 825),
        (" 825 ", 825),
        ("0", 0),
    ],
)
def test_money_is_money_however_it_is_written(sent: str, dollars: float) -> None:
    assert booking(estimated_cost=sent).estimated_cost == dollars


@pytest.mark.parametrize("sent", ["$300-$800", "12,00", "$-5", "eight hundred", True, "1 2", [825]])
def test_what_is_not_one_amount_is_told_in_plain_words(sent: object) -> None:
    said = told("book_appointment", BOOKING | {"estimated_cost": sent})
    assert said == "estimated_cost: must be a number of dollars, like 825"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("yes", True), ("True", True), (" TRUE. ", True), ("no", False), ("false", False), (1, True)],
)
def test_a_yes_is_true(sent: object, kept: bool) -> None:
    assert booking(is_emergency=sent).is_emergency is kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("sarah at gmail dot com", "sarah@gmail.com"),
        ("Sarah.Miller AT mail DOT example DOT com", "Sarah.Miller@mail.example.com"),
        ("sarah@example.com.", "sarah@example.com"),
        ("sarah at example", None),
        ("no email", None),
        ("she doesn't have one", None),
        (5, None),
        ("a@" + "." * 15_000 + "@", None),
    ],
)
def test_an_email_address_never_refuses_a_booking(sent: object, kept: str | None) -> None:
    assert booking(email=sent).email == kept
    assert Talk().use("book_appointment", **(BOOKING | {"email": sent})).output["booked"] is True


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("02139", "02139"),
        (2139, "02139"),
        (501, "00501"),
        (45501, "45501"),
        ("45501-1234", "45501-1234"),
        ("45501 1234", "45501-1234"),
        ("4 5 5 0 1", "45501"),
    ],
)
def test_a_zip_keeps_its_leading_zeros(sent: object, kept: str) -> None:
    assert booking(zip=sent).zip == kept


def test_numbers_without_quotation_marks_are_texts() -> None:
    assert booking(phone=15551230000).phone == "15551230000"


def test_a_word_of_a_list_may_be_spelt_with_blanks_and_capitals() -> None:
    assert parse("end_call", {"reason": "Wrong number"}) == parse(
        "end_call", {"reason": "wrong_number"}
    )


def test_a_person_is_called_for_without_a_reason_too() -> None:
    reply = Talk().use("escalate_to_human", reason="N/A", summary="none")
    assert reply.hand_over is True
