"""The seven tools, as the model calls them."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.tools.dispatch import TOOLS, ToolDispatcher
from tests.examples import NOW, SARAH, a_call
from tests.unit.shared.tools.talk import AVAILABILITY, BOOKING, QUOTE, Talk


def test_the_call_row_says_how_far_the_call_came() -> None:
    talk = Talk()
    talk.use("check_availability", **AVAILABILITY)
    talk.use("get_pricing_quote", **QUOTE)

    call = talk.world.calls.rows["CA1"]
    assert (call.stage, call.quote_total, call.quoted_at, call.bookable) == (
        "offered",
        82_500,
        NOW,
        True,
    )
    talk.use("book_appointment", **BOOKING)
    call = talk.world.calls.rows["CA1"]
    assert (call.stage, call.job_id) == ("booked", next(iter(talk.world.jobs.rows)))


def test_tools_work_for_a_call_that_has_no_row() -> None:
    talk = Talk()
    talk.context = talk.another_dispatcher("CA404")

    assert talk.use("book_appointment", **BOOKING).output["booked"] is True


def test_a_card_number_goes_into_no_row_and_no_text() -> None:
    talk = Talk()
    card = "4242 4242 4242 4242"
    talk.use(
        "book_appointment",
        **(BOOKING | {"description": f"my card is {card}", "notes": [f"card {card}"]}),
    )
    talk.use("take_message", name=f"Sarah {card}", phone="555-123-0000", message=card)
    talk.use("add_note", note=f"pay with {card}")
    talk.use("escalate_to_human", reason=card, summary=card)

    world = talk.world
    kept = f"{world.jobs.rows}{world.texts.sent}{world.calls.rows}{world.follow_ups.rows}"
    assert "4242" not in kept


# -- what a model may get wrong ------------------------------------------------------------


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("get_pricing_quote", {}, "service_type"),
    ("get_pricing_quote", {"service_type": " "}, "service_type"),
    ("get_pricing_quote", {"service_type": "x" * 41}, "service_type"),
    ("get_pricing_quote", QUOTE | {"is_after_hours": "perhaps"}, "is_after_hours"),
    ("get_pricing_quote", QUOTE | {"discount": 50}, "discount"),
    ("book_appointment", BOOKING | {"scheduled_time": "tonight"}, "scheduled_time"),
    ("book_appointment", BOOKING | {"scheduled_time": "2025-08-28T21:00:00"}, "offset"),
    ("book_appointment", BOOKING | {"scheduled_time": "0001-01-01T00:00:00+14:00"}, "scheduled"),
    ("book_appointment", BOOKING | {"scheduled_time": "9999-12-31T23:00:00-14:00"}, "scheduled"),
    ("book_appointment", BOOKING | {"estimated_cost": -1}, "estimated_cost"),
    ("book_appointment", BOOKING | {"estimated_cost": "cheap"}, "estimated_cost"),
    ("book_appointment", BOOKING | {"zip": "455"}, "zip"),
    ("book_appointment", BOOKING | {"notes": ["x"] * 11}, "notes"),
    ("book_appointment", BOOKING | {"customer_name": None}, "customer_name"),
    ("take_message", {"name": "S", "phone": "555-123-0000"}, "message"),
    ("add_note", {"note": "\u0000"}, "note"),
    ("end_call", {"reason": "bored"}, "reason"),
    ("escalate_to_human", {"reason": "asked", "urgency": "very"}, "urgency"),
]


@pytest.mark.parametrize(("tool", "arguments", "named"), WRONG)
def test_a_wrong_argument_is_named_and_nothing_is_done(
    tool: str, arguments: dict[str, object], named: str
) -> None:
    talk = Talk()

    reply = talk.use(tool, **arguments)

    assert reply.output["error"] == "bad_arguments"
    assert named in str(reply.output["message"])
    assert_untouched(talk)


NOT_JSON_OBJECTS = [
    "",
    "{",
    "null",
    "[]",
    "5",
    '"repair"',
    "[" * 15_000,
    "x" * 50_000,
    '{"a":' * 4_000,
    '{"service_type":"\\ud800"}',
    "\ud800",
    '{"estimated_cost":' + "9" * 5_000 + "}",
    "{}{}",
]


@pytest.mark.parametrize("arguments", NOT_JSON_OBJECTS, ids=range(len(NOT_JSON_OBJECTS)))
@pytest.mark.parametrize("tool", ["book_appointment", "get_pricing_quote", "take_message"])
def test_what_is_no_json_object_is_refused(tool: str, arguments: str) -> None:
    talk = Talk()

    reply = talk.raw(tool, arguments)

    assert reply.output["error"] == "bad_arguments"
    assert len(json.dumps(reply.output)) < 2_000
    assert_untouched(talk)


def test_an_unknown_tool_names_those_there_are() -> None:
    output = Talk().raw("drop_tables", "{}").output

    assert output["error"] == "unknown_tool"
    assert "book_appointment" in str(output["message"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(
    tool=st.sampled_from([str(tool["name"]) for tool in TOOLS]),
    changes=st.dictionaries(
        st.sampled_from([*BOOKING, "notes", "zip", "reason", "note", "name", "message"]),
        json_values,
        max_size=4,
    ),
)
def test_nothing_a_model_sends_raises_or_answers_anything_but_json(
    tool: str, changes: dict[str, object]
) -> None:
    reply = Talk().use(tool, **{**BOOKING, **changes})

    assert json.loads(json.dumps(reply.output)) == reply.output


def test_a_table_that_is_down_is_told_and_counted() -> None:
    talk = Talk()
    talk.world.jobs.down = True

    reply = talk.use("book_appointment", **BOOKING)

    assert reply.output["error"] == "unavailable"
    assert reply.broke
    assert talk.world.metrics.total("BookingFailed") == 1
    assert talk.world.texts.sent == []


def test_a_call_is_bookable_once_and_its_booking_worth_its_estimate() -> None:
    talk = Talk()

    talk.use("get_pricing_quote", **QUOTE)
    talk.use("get_pricing_quote", **QUOTE)
    talk.use("book_appointment", **BOOKING)

    total = talk.world.metrics.total
    assert (total("BookableCalls"), total("Quotes"), total("Bookings")) == (1, 2, 1)
    assert (total("BookedUsd"), total("DepositLinks")) == (825, 1)


def test_a_smoke_call_is_counted_nowhere() -> None:
    talk = Talk()
    talk.context = ToolDispatcher(
        talk.business, "CA1", SARAH, talk.world.ports, "https://voice.example.com", True
    )

    talk.use("get_pricing_quote", **QUOTE)
    talk.use("book_appointment", **BOOKING)

    assert talk.world.metrics.total("Quotes") == talk.world.metrics.total("Bookings") == 0
    assert all(job.synthetic for job in talk.world.jobs.rows.values())


# -- the schemas the model reads -----------------------------------------------------------


def assert_untouched(talk: Talk) -> None:
    world = talk.world
    assert (world.jobs.rows, world.customers.rows, world.follow_ups.rows) == ({}, {}, {})
    assert world.texts.sent == []
    assert world.calls.rows == {"CA1": a_call(started_at=talk.now)}
