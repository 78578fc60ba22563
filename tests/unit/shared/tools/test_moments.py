"""What is read back to a caller, and before a booking its terms: made by code, of what is so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.business import Policy
from shared.domain.models import OptOut
from tests.examples import NOW, SARAH
from tests.unit.shared.tools.talk import AVAILABILITY, BOOKING, QUOTE, Talk, coolcare

DETAILS = {
    "name": "Sarah Miller",
    "phone": "+15551230000",
    "address": "123 Oak St, Springfield, OH",
}
TOMORROW = "2025-08-29T08:00:00-04:00"
ON_TUESDAY: dict[str, Any] = {
    "scheduled_time": "2025-09-02T08:00:00-04:00",
    "estimated_cost": 550,
    "is_emergency": False,
}


def asked(talk: Talk, settled: frozenset[str] = frozenset(), **booking: object) -> str:
    """The sentence in which everything is asked before a booking."""
    arguments = {**DETAILS, "booking": {**BOOKING, **booking}}
    reply = talk.context.use(
        "confirm_details", arguments, confirmed=settled, now=talk.now, real_now=talk.now
    )
    assert reply.recitation is not None, reply.output
    return reply.recitation.sentence


def offered(talk: Talk | None = None) -> Talk:
    talk = talk or Talk()
    talk.use("get_pricing_quote", **QUOTE)
    talk.use("check_availability", **AVAILABILITY)
    return talk


def test_details_are_read_back_in_one_sentence() -> None:
    reply = Talk().use("confirm_details", **DETAILS)

    assert reply.output["read_back"] == (
        "So that's Sarah Miller, the number you're calling from, and 123 Oak Street, Springfield. "
        "Is that right?"
    )


def test_before_a_booking_window_price_and_deposit_are_read_too() -> None:
    assert asked(offered()) == (
        "Sarah Miller, the number you're calling from, 123 Oak Street, Springfield, "
        "tonight 9 to 11 PM, $248 visit, $206 deposit, not refundable. Book and text?"
    )


def test_what_is_too_long_for_one_sentence_is_asked_in_two() -> None:
    talk = offered()
    talk.use("check_availability", service_type="repair", preferred_date="2025-09-02")

    assert asked(talk, **ON_TUESDAY) == (
        "So that's Sarah Miller, the number you're calling from, and 123 Oak Street, Springfield. "
        "Is that right?"
    )
    assert asked(talk, frozenset(DETAILS), **ON_TUESDAY) == (
        "Okay, Tuesday, September 2 8 to 10 AM, $165 visit, $138 deposit, refundable until Monday, "
        "September 1 8 AM. Book and text?"
    )


def test_who_answers_neither_yes_nor_no_hears_the_terms_all_the_same() -> None:
    talk = offered()
    talk.use("check_availability", service_type="repair", preferred_date="2025-09-02")
    asked(talk, **ON_TUESDAY)

    again = asked(talk, **ON_TUESDAY)

    assert again.startswith("Sarah Miller, the number")
    assert again.endswith("Monday, September 1 8 AM. Book and text?")


def test_of_what_was_answered_only_the_terms_are_left() -> None:
    said = asked(offered(), frozenset(DETAILS))

    assert said.startswith("Okay, tonight 9 to 11 PM, $248")
    assert said.endswith("Book and text?")


def test_a_number_that_takes_no_texts_is_not_asked_about_texts() -> None:
    talk = offered()
    talk.world.texting.opt_out("coolcare_hvac", SARAH, OptOut(at=NOW, by="text"))
    assert asked(talk).endswith("Shall I book?")


def test_another_window_has_its_own_rate_and_is_asked_in_other_words() -> None:
    talk = offered()
    first = asked(talk)
    second = asked(
        talk, frozenset(DETAILS), scheduled_time=TOMORROW, estimated_cost=550, is_emergency=False
    )

    assert "tomorrow 8 to 10 AM, $165 visit, $138 deposit" in second
    assert first.partition(" ")[0] != second.partition(" ")[0]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "refundable until tonight 9 PM"),
        (1, "not refundable"),  # less than an hour is left
        (24, "not refundable"),
    ],
)
def test_until_when_the_deposit_is_refundable_is_said_as_it_is(hours: int, said: str) -> None:
    policy = Policy(remind_unpaid_after_hours=2, refundable_before_hours=hours)

    terms = asked(offered(Talk(coolcare(policy=policy))), frozenset(DETAILS))
    assert f"deposit, {said}. Book" in terms


def test_without_a_deposit_none_is_spoken_of() -> None:
    card = coolcare().card.model_copy(update={"deposit_share": 0})

    assert "deposit" not in asked(offered(Talk(coolcare(card=card))))


def test_the_amounts_of_the_terms_may_be_said_from_then_on() -> None:
    talk = offered()
    arguments = {**DETAILS, "booking": BOOKING}
    reply = talk.context.use("confirm_details", arguments, now=talk.now, real_now=talk.now)

    assert {figure.cents for figure in reply.figures if figure.settled} == {24_800, 82_500, 20_600}


def test_of_terms_that_are_asked_later_no_amount_may_be_said_yet() -> None:
    talk = offered()
    arguments = {**DETAILS, "name": "Sarah Miller of the Bell Tower", "booking": BOOKING}
    reply = talk.context.use("confirm_details", arguments, now=talk.now, real_now=talk.now)

    assert not reply.figures


@pytest.mark.parametrize(
    ("booking", "error"),
    [
        ({"scheduled_time": "2025-08-28T20:30:00-04:00"}, "window_not_offered"),
        ({"estimated_cost": 99}, "price_rose"),
        ({"zip": "90210"}, "outside_service_area"),
        ({"service_type": "roofing"}, "unknown_service"),
        ({"scheduled_time": "whenever"}, "bad_arguments"),
    ],
)
def test_nobody_is_asked_about_what_cannot_be_booked(
    booking: dict[str, object], error: str
) -> None:
    talk = offered()
    arguments = {**DETAILS, "booking": {**BOOKING, **booking}}
    reply = talk.context.use("confirm_details", arguments, now=talk.now, real_now=talk.now)

    assert reply.output["error"] == error
    assert reply.recitation is None
    assert "confirm_details" not in str(reply.output["message"])  # the model called no such tool


def test_a_window_that_was_taken_meanwhile_is_not_asked_about() -> None:
    talk = offered()
    start = datetime.fromisoformat(str(BOOKING["scheduled_time"])).astimezone(UTC)
    for crew in talk.business.crews:
        for hour in (start, start + timedelta(hours=1)):
            talk.world.jobs.locks[(talk.business.id, crew, hour)] = "another"
    arguments = {**DETAILS, "booking": BOOKING}
    reply = talk.context.use("confirm_details", arguments, now=talk.now, real_now=talk.now)

    assert reply.output["error"] == "window_taken"
    assert reply.output["available_slots"]
