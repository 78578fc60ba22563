"""The schemas the model reads, and what is refused by them."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.media_bridge.wire.realtime.tool_arguments import parsed
from shared.schema import ToolName
from shared.tools.dispatch import TOOLS
from shared.tools.schemas import BY_NAME, BadArguments
from tests.unit.shared.tools.talk import AVAILABILITY, BOOKING, QUOTE
from tests.unit.shared.tools.test_coercion import FILLER, parse, told


def test_every_tool_says_what_it_is_for_and_allows_no_other_argument() -> None:
    assert [tool["name"] for tool in TOOLS] == [
        "get_pricing_quote",
        "check_availability",
        "confirm_details",
        "book_appointment",
        "find_appointment",
        "reschedule_appointment",
        "cancel_appointment",
        "escalate_to_human",
        "take_message",
        "add_note",
        "report_danger",
        "end_call",
    ]
    for tool in TOOLS:
        parameters: Any = tool["parameters"]
        assert tool["type"] == "function"
        assert len(str(tool["description"])) > 40
        assert parameters["additionalProperties"] is False
        assert all("description" in prop for prop in parameters["properties"].values())
        assert "$defs" not in parameters
        assert "confirmed" not in parameters["properties"]


def test_the_spec_s_arguments_are_those_of_the_schema() -> None:
    by_name: dict[object, Any] = {tool["name"]: tool["parameters"] for tool in TOOLS}

    assert set(BOOKING) <= set(by_name["book_appointment"]["properties"])
    assert set(QUOTE) == set(by_name["get_pricing_quote"]["properties"])
    # `when` is ours, and may be left out.
    assert set(AVAILABILITY) == set(by_name["check_availability"]["properties"]) - {"when"}
    assert "when" not in by_name["check_availability"].get("required", [])


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


def test_a_number_is_no_service() -> None:
    with pytest.raises(BadArguments, match="service_type: must be a text"):
        parse("get_pricing_quote", {"service_type": 7})
