"""What a model writes where it knows nothing, and how it writes what it knows."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.media_bridge.wire.realtime.tool_arguments import parsed
from shared.schema import ToolName
from shared.tools.arguments import Arguments, BookAppointment, CheckAvailability
from shared.tools.schemas import BY_NAME, BadArguments, check
from tests.unit.shared.tools.test_dispatch import BOOKING, Talk

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


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("book_appointment", BOOKING | {"zip": "455"}),
        ("book_appointment", BOOKING | {"scheduled_time": "tonight"}),
        ("book_appointment", BOOKING | {"customer_name": "x" * 100}),
        ("book_appointment", BOOKING | {"customer_name": ["Sarah"]}),
        ("book_appointment", BOOKING | {"notes": ["x"] * 11}),
        ("book_appointment", BOOKING | {"notes": {"gate": 1}}),
        ("book_appointment", BOOKING | {"is_emergency": "perhaps"}),
        ("book_appointment", BOOKING | {"estimated_cost": 2_000_000}),
        ("check_availability", {"service_type": "repair", "preferred_date": "soonish"}),
        ("end_call", {"reason": "bored"}),
    ],
)
def test_a_refusal_has_no_words_for_programmers(tool: str, arguments: dict[str, Any]) -> None:
    assert_plain(told(tool, arguments))


def assert_plain(said: str) -> None:
    for jargon in (
        "^",
        "\\d",
        "pattern",
        "Input",
        "input",
        "String",
        "valid ",
        "Value error",
        "type=",
    ):
        assert jargon not in said


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([*FILLER, "2025-08-29 afternoon", "2025-08-29T99:00", "$825", "9" * 400])
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(tool=st.sampled_from(sorted(BY_NAME)), data=st.data())
def test_whatever_json_is_sent_is_read_or_refused_in_plain_words(
    tool: ToolName, data: st.DataObject
) -> None:
    names = st.sampled_from(sorted(BY_NAME[tool].model_fields))
    sent = data.draw(json_values | st.dictionaries(names, json_values))
    try:
        made = parse(tool, sent if isinstance(sent, dict) else None)
    except BadArguments as refusal:
        # An unknown argument's own name is said back; the rest is ours.
        if isinstance(sent, dict) and set(sent) <= set(BY_NAME[tool].model_fields):
            assert_plain(str(refusal))
    else:
        assert type(made) is BY_NAME[tool]


@given(text=st.text(max_size=200))
def test_text_is_never_a_booking(text: str) -> None:
    with pytest.raises(BadArguments):
        parse("book_appointment", parsed(text))


@settings(max_examples=400, deadline=None)
@given(tool=st.sampled_from(sorted(BY_NAME)), data=st.data())
def test_an_object_is_read_as_its_json_text_would_be(tool: ToolName, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(BY_NAME[tool].model_fields))
    honest = BOOKING if tool is ToolName.BOOK_APPOINTMENT else {"service_type": "repair"}
    sent = honest | data.draw(st.dictionaries(names, json_values, max_size=3))
    try:
        as_text: object = BY_NAME[tool].model_validate_json(json.dumps(sent))
    except ValidationError as exc:
        as_text = [(error["type"], error["loc"]) for error in exc.errors()]
    try:
        as_object: object = BY_NAME[tool].model_validate(sent)
    except ValidationError as exc:
        as_object = [(error["type"], error["loc"]) for error in exc.errors()]
    assert as_object == as_text
