"""The seven tools, as the model calls them."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.business import Business, by_id
from shared.domain.models import HazardCategory, Outcome
from shared.tools.dispatch import TOOLS, ToolDispatcher, ToolReply
from tests.examples import NOW, OFFICE, SARAH, a_call
from tests.fakes import FakeWorld

QUOTE = {
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling.",
    "is_after_hours": True,
}
AVAILABILITY = {"service_type": "repair", "is_emergency": True, "preferred_date": None}
BOOKING = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling. Gate code 1234; dog on site.",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
}


def coolcare(**changes: Any) -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business.model_copy(update=changes)


class Talk:
    """One call at the front desk, over fakes."""

    def __init__(self, business: Business | None = None, now: datetime = NOW) -> None:
        self.world = FakeWorld()
        self.world.calls.open(a_call(started_at=now))
        self.business, self.now = business or coolcare(), now
        self.context = self.another_desk()

    def another_desk(self, call_sid: str = "CA1") -> ToolDispatcher:
        return ToolDispatcher(
            self.business, call_sid, SARAH, self.world.ports, "https://voice.example.com"
        )

    def use(self, tool: str, **arguments: object) -> ToolReply:
        return self.raw(tool, json.dumps(arguments))

    def raw(self, tool: str, arguments: str) -> ToolReply:
        return self.context.use(tool, arguments, now=self.now, real_now=self.now)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_quote_has_the_spec_s_figures() -> None:
    output = Talk().use("get_pricing_quote", **QUOTE).output

    spec = {
        "service_call": 165,
        "estimated_repair": 825,
        "range": "$300-$800",
        "total_estimate": 825,
        "emergency_fee": 248,
        "message": "Here's your pricing estimate. Would you like to schedule an appointment?",
    }
    assert {key: output[key] for key in spec} == spec
    assert output["visit_fee_tonight"] == 248
    assert output["deposit"] == 206
    assert output["after_hours_range"] == "$450-$1,200"
    assert output["regular"] == {
        "rate": "regular",
        "visit_fee": 165,
        "total_estimate": 550,
        "deposit": 138,
    }


def test_what_is_said_of_the_quote_never_calls_the_deposit_a_fee() -> None:
    said = str(Talk().use("get_pricing_quote", **QUOTE).output["say"])

    assert "Tonight the visit is $248" in said
    assert "At regular hours this typically runs $300 to $800" in said
    assert "206" not in said


def test_after_hours_is_the_window_s_not_the_model_s_claim() -> None:
    noon = Talk(now=at("2025-08-28T12:00:00-04:00"))

    output = noon.use("get_pricing_quote", **QUOTE).output

    assert (output["rate"], output["total_estimate"], output["emergency_fee"]) == (
        "regular",
        550,
        0,
    )


def test_a_quote_is_regular_when_the_model_does_not_ask_for_after_hours() -> None:
    output = Talk().use("get_pricing_quote", **(QUOTE | {"is_after_hours": False})).output

    assert (output["total_estimate"], output["deposit"], output["visit_fee"]) == (550, 138, 165)


def test_availability_has_the_spec_s_slots_and_message() -> None:
    output = Talk().use("check_availability", **AVAILABILITY).output

    slots: Any = output["available_slots"]
    assert [{key: slot[key] for key in ("datetime", "display")} for slot in slots] == [
        {"datetime": "2025-08-28T21:00:00-04:00", "display": "Thu, Aug 28, 9:00 PM"},
        {"datetime": "2025-08-29T08:00:00-04:00", "display": "Fri, Aug 29, 8:00 AM"},
        {"datetime": "2025-08-29T10:00:00-04:00", "display": "Fri, Aug 29, 10:00 AM"},
    ]
    assert output["message"] == "For emergency service, I can get you on today's schedule."
    assert [slot["say"] for slot in slots] == [
        "tonight 9 to 11 PM",
        "tomorrow 8 to 10 AM",
        "tomorrow 10 AM to 12 PM",
    ]
    assert [(slot["visit_fee"], slot["deposit"]) for slot in slots] == [
        (248, 206),
        (165, 138),
        (165, 138),
    ]


def test_an_emergency_too_late_for_today_does_not_promise_today() -> None:
    night = Talk(now=at("2025-08-28T23:30:00-04:00"))

    output = night.use("check_availability", **AVAILABILITY).output

    assert output["message"] == (
        "For emergency service, the soonest I can offer is Fri, Aug 29, 6:00 AM."
    )


def test_a_day_asked_for_is_the_first_offered() -> None:
    output = (
        Talk().use("check_availability", service_type="repair", preferred_date="2025-09-03").output
    )

    slots: Any = output["available_slots"]
    assert slots[0]["datetime"] == "2025-09-03T08:00:00-04:00"
    assert slots[0]["say"] == "Wednesday, September 3 8 to 10 AM"


@pytest.mark.parametrize("day", ["9999-12-31", "2026-08-28", "yesterday", "28.08.2025"])
def test_a_day_that_cannot_be_is_refused_by_name(day: str) -> None:
    output = Talk().use("check_availability", service_type="repair", preferred_date=day).output

    assert output["error"] == "bad_arguments"
    assert "preferred_date" in str(output["message"])


def test_booking_answers_as_the_spec_does_and_says_what_is_true() -> None:
    talk = Talk()
    talk.use("get_pricing_quote", **QUOTE)
    talk.use("check_availability", **AVAILABILITY)

    reply = talk.use("book_appointment", **BOOKING)

    assert reply.stage == "booked"
    assert reply.output["booked"] is True
    assert reply.output["deposit_amount"] == 206
    assert str(reply.output["checkout_url"]).startswith("https://checkout.stripe.com/c/pay/")
    job_id = reply.output["job_id"]
    assert reply.output["pay_link"] == f"https://voice.example.com/pay/{job_id}"
    assert reply.output["text_sent"] is True
    assert "$206" in str(reply.output["say"])


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
    talk.context = talk.another_desk("CA404")

    assert talk.use("book_appointment", **BOOKING).output["booked"] is True


def test_a_person_is_asked_for_and_the_intent_is_kept() -> None:
    talk = Talk()

    reply = talk.use("escalate_to_human", reason="asked for one", summary="No cooling.")

    assert reply.output["mode"] == "transfer"
    assert reply.hand_over is True
    escalation = talk.world.calls.rows["CA1"].escalation
    assert escalation is not None
    assert (escalation.reason, escalation.summary) == ("asked for one", "No cooling.")
    assert talk.world.metrics.total("EscalationsAsked") == 1


def test_where_nobody_is_on_call_an_open_office_is_rung_and_a_closed_one_is_not() -> None:
    """What the agent says is what /after-stream does."""
    morning, evening = Talk(coolcare(on_call=())), Talk(coolcare(on_call=()))
    morning.now = NOW + timedelta(hours=15)  # 10:12 on Friday

    reply = morning.use("escalate_to_human", reason="asked for one")
    assert (reply.output["mode"], reply.hand_over) == ("transfer", True)
    assert "the office" in str(reply.output["message"])
    evening.use("escalate_to_human", reason="asked for one")

    results = []
    for talk in (morning, evening):
        escalation = talk.world.calls.rows["CA1"].escalation
        assert escalation is not None
        results.append(escalation.result)
    assert results == ["pending", "nobody"]


def test_a_person_is_reached_even_when_the_tables_are_down() -> None:
    talk = Talk()
    talk.world.calls.down = True

    reply = talk.use("escalate_to_human", reason="asked for one")

    assert (reply.output["mode"], reply.hand_over) == ("transfer", True)


def test_a_message_reaches_the_office() -> None:
    talk = Talk()

    reply = talk.use("take_message", name="Sarah Miller", phone="555-123-0000", message="Call me.")

    assert reply.output["taken"] is True
    assert talk.world.texts.to(OFFICE) == [
        "CoolCare HVAC: message from Sarah Miller (555-123-0000): Call me."
    ]
    assert talk.world.calls.rows["CA1"].message_taken is True


def test_a_message_that_could_not_be_sent_is_kept() -> None:
    talk = Talk()
    talk.world.texts.fail_all = 0

    reply = talk.use("take_message", name="Sarah", phone="555-123-0000", message="Call me.")

    assert (reply.output["taken"], reply.output["text_sent"]) == (True, False)
    assert "text:CA1:message:1" in talk.world.follow_ups.rows


def test_one_call_leaves_no_more_than_three_messages() -> None:
    talk = Talk()
    message = {"name": "Sarah", "phone": "555-123-0000", "message": "Call me."}

    replies = [talk.use("take_message", **message).output for _ in range(4)]

    assert ["error" in reply for reply in replies] == [False, False, False, True]
    assert len(talk.world.texts.sent) == 3


def test_a_note_goes_to_the_job_and_texts_nobody() -> None:
    talk = Talk()
    talk.use("book_appointment", **BOOKING)
    texts = len(talk.world.texts.sent)

    assert talk.use("add_note", note="One friendly dog.").output["noted"] is True
    (job,) = talk.world.jobs.rows.values()
    assert job.notes == ("One friendly dog.",)
    assert len(talk.world.texts.sent) == texts


def test_a_note_before_any_booking_is_told_where_it_belongs() -> None:
    output = Talk().use("add_note", note="One friendly dog.").output

    assert output["error"] == "nothing_to_change"


def test_the_end_keeps_its_reason() -> None:
    talk = Talk()

    reply = talk.use("end_call", reason="wrong_number")

    assert reply.hang_up is True
    call = talk.world.calls.rows["CA1"]
    assert (call.end_reason, call.bookable) == (Outcome.WRONG_NUMBER, False)


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


def test_a_service_we_do_not_have_names_those_we_have() -> None:
    output = Talk().use("get_pricing_quote", service_type="teleport").output

    assert output["error"] == "unknown_service"
    assert "repair" in str(output["message"])


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

    output = talk.use("book_appointment", **BOOKING).output

    assert output["error"] == "unavailable"
    assert talk.world.metrics.total("BookingFailed") == 1
    assert talk.world.texts.sent == []


def test_a_quote_needs_no_table() -> None:
    talk = Talk()
    talk.world.calls.down = True

    assert talk.use("get_pricing_quote", **QUOTE).output["total_estimate"] == 825


def test_a_call_is_bookable_once_and_its_booking_worth_its_estimate() -> None:
    talk = Talk()

    talk.use("get_pricing_quote", **QUOTE)
    talk.use("get_pricing_quote", **QUOTE)
    talk.use("book_appointment", **BOOKING)

    total = talk.world.metrics.total
    assert (total("BookableCalls"), total("Quotes"), total("Bookings")) == (1, 2, 1)
    assert (total("BookedUsd"), total("DepositLinks")) == (825, 1)


def test_a_booking_without_a_link_counts_no_link() -> None:
    talk = Talk()
    talk.world.checkout.down = True

    talk.use("book_appointment", **BOOKING)

    total = talk.world.metrics.total
    assert (total("BookableCalls"), total("Bookings"), total("DepositLinks")) == (1, 1, 0)


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


def test_every_tool_says_what_it_is_for_and_allows_no_other_argument() -> None:
    assert [tool["name"] for tool in TOOLS] == [
        "get_pricing_quote",
        "check_availability",
        "book_appointment",
        "escalate_to_human",
        "take_message",
        "add_note",
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


def assert_untouched(talk: Talk) -> None:
    world = talk.world
    assert (world.jobs.rows, world.customers.rows, world.follow_ups.rows) == ({}, {}, {})
    assert world.texts.sent == []
    assert world.calls.rows == {"CA1": a_call(started_at=talk.now)}


def test_a_hazard_makes_the_job_a_matter_of_life() -> None:
    talk = Talk()
    talk.world.calls.note("CA1", hazard=HazardCategory.GAS_LEAK)
    talk.use("book_appointment", **BOOKING)

    (job,) = talk.world.jobs.rows.values()
    assert job.priority == "p0"


def test_a_window_offered_is_still_booked_when_its_lead_has_passed_meanwhile() -> None:
    talk = Talk()
    talk.use("check_availability", **AVAILABILITY)
    talk.now = NOW + timedelta(minutes=25)  # 19:37: a new emergency window would be 22:00

    assert talk.use("book_appointment", **BOOKING).output["booked"] is True
