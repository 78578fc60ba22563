"""A tool's figures are the amounts in its answer, each called what it is the price of."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.money import FigureRole
from shared.tools.dispatch import ToolReply
from tests.examples import NOW
from tests.unit.shared.tools.talk import AVAILABILITY, BOOKING, QUOTE, Talk

VISITS = ("visit_fee", "service_call", "emergency_fee")
ESTIMATES = ("total_estimate", "estimated_repair")


def amounts(value: Any, key: str = "") -> Iterator[tuple[str, int]]:
    """Every number of dollars in an answer's JSON: the key it stands under, and its cents."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from amounts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from amounts(inner, key)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield key, round(value * 100)


def role(key: str) -> FigureRole:
    if key.startswith("deposit"):
        return FigureRole.DEPOSIT
    if key.startswith(VISITS):
        return FigureRole.VISIT
    assert key in ESTIMATES
    return FigureRole.ESTIMATE


def told(reply: ToolReply) -> set[tuple[FigureRole, int]]:
    return {(each.role, int(each.cents)) for each in reply.figures} - ranges(reply)


def ranges(reply: ToolReply) -> set[tuple[FigureRole, int]]:
    found = {(figure.role, int(figure.cents)) for figure in reply.figures}
    return {figure for figure in found if figure[0] in (FigureRole.LOW, FigureRole.HIGH)}


def settled(reply: ToolReply) -> dict[FigureRole, int]:
    return {figure.role: figure.cents for figure in reply.figures if figure.settled}


@pytest.mark.parametrize("hours", [0, 14, 17, 40])
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("get_pricing_quote", QUOTE),
        ("get_pricing_quote", QUOTE | {"is_after_hours": False}),
        ("check_availability", AVAILABILITY),
        ("book_appointment", BOOKING),
        ("book_appointment", BOOKING | {"estimated_cost": 1}),
        ("book_appointment", BOOKING | {"scheduled_time": "2025-08-28T20:30:00-04:00"}),
        ("take_message", {"name": "Sarah", "phone": "555-123-0000", "message": "It was $99."}),
        ("end_call", {}),
    ],
)
def test_every_amount_of_an_answer_is_a_figure_of_its_role_and_no_other_is(
    tool: str, arguments: dict[str, object], hours: int
) -> None:
    reply = Talk(now=NOW + timedelta(hours=hours)).use(tool, **arguments)

    assert told(reply) == {(role(key), cents) for key, cents in amounts(reply.output)}


def test_a_quote_settles_on_its_own_rate_and_tells_the_range() -> None:
    reply = Talk().use("get_pricing_quote", **QUOTE)

    assert settled(reply) == {
        FigureRole.VISIT: 24_800,
        FigureRole.ESTIMATE: 82_500,
        FigureRole.DEPOSIT: 20_600,
    }
    assert {cents for _, cents in ranges(reply)} == {30_000, 80_000, 45_000, 120_000}


def test_windows_settle_on_nothing_and_a_price_that_rose_does() -> None:
    talk = Talk()

    assert settled(talk.use("check_availability", **AVAILABILITY)) == {}
    rose = talk.use("book_appointment", **(BOOKING | {"estimated_cost": 1}))
    assert rose.output["error"] == "price_rose"
    assert settled(rose)[FigureRole.ESTIMATE] == 82_500


def test_the_same_booking_asked_for_again_has_the_same_figures() -> None:
    talk = Talk()
    first, again = (talk.use("book_appointment", **BOOKING) for _ in range(2))

    assert first.figures == again.figures != ()
    assert json.dumps(first.output) == json.dumps(again.output)


def kinds(reply: ToolReply) -> list[str]:
    return [fact.kind.value for fact in reply.facts]


def test_what_a_tool_did_or_found_is_told_in_types() -> None:
    talk = Talk()

    assert kinds(talk.use("get_pricing_quote", **QUOTE)) == []
    offered = talk.use("check_availability", **AVAILABILITY)
    assert set(kinds(offered)) == {"offered"}
    starts = [fact.start.isoformat() for fact in offered.facts if fact.start]
    slots = offered.output["available_slots"]
    assert isinstance(slots, list) and starts == [slot["datetime"] for slot in slots]
    assert kinds(talk.use("add_note", note="Gate code 1234.")) == []
    assert kinds(talk.use("book_appointment", **BOOKING)) == ["booked", "texted"]
    assert kinds(talk.use("book_appointment", **BOOKING)) == []  # one text is not two
    noted = talk.use("add_note", note="Gate code 1234.")
    assert [(fact.kind.value, fact.words) for fact in noted.facts] == [("noted", "Gate code 1234.")]
    message = {"name": "Sarah", "phone": "555-123-0000", "message": "Call me."}
    assert kinds(talk.use("take_message", **message)) == ["message_taken"]
    assert kinds(talk.use("escalate_to_human", reason="asked")) == ["transfer"]
