"""No value of a tool's arguments holds a card number, however a model wrote it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.spoken.card_fields import hidden
from shared.domain.spoken.cards import MASK, CardWatch, mask

CARD = "4242 4242 4242 4242"
BOOKING: dict[str, object] = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "address": "1873 State Route 6, Springfield, OH 45502",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
    "email": None,
    "notes": ["Gate code 1234", "Unit 12, serial 4242424242"],
}


def test_an_honest_booking_stays_as_it_is() -> None:
    assert hidden(BOOKING, mask) == BOOKING


def test_what_was_no_object_stays_none() -> None:
    assert hidden(None, mask) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"note": f"pay with {CARD}"}, {"note": f"pay with {MASK}"}),
        ({"notes": ["dog", f"card {CARD}"]}, {"notes": ["dog", f"card {MASK}"]}),
        ({"phone": 4242424242424242}, {"phone": MASK}),
        ({"estimated_cost": 4242424242424242.0}, {"estimated_cost": MASK}),
        ({f"card {CARD}": "x"}, {f"card {MASK}": "x"}),
        ({"a": {"b": [{"c": CARD}]}}, {"a": {"b": [{"c": MASK}]}}),
        ({"card": "four two four two " * 4}, {"card": f"{MASK} "}),
    ],
)
def test_a_card_number_is_hidden_wherever_it_stands(
    given: dict[str, object], kept: dict[str, object]
) -> None:
    assert hidden(given, mask) == kept
    assert hidden(BOOKING | given, mask) == BOOKING | kept


def test_a_card_number_in_pieces_of_one_list_is_hidden_and_nothing_beside_it() -> None:
    kept = hidden(BOOKING | {"notes": ["4242 4242", "4242 4242", "dog"]}, mask)

    assert kept == BOOKING | {"notes": [MASK, MASK, "dog"]}


def test_a_part_of_a_number_given_in_the_call_is_hidden_too() -> None:
    watch = CardWatch()
    watch.said("u1", "My card number is 4242 4242")
    watch.said("u2", "4242 4242")

    assert hidden({"note": "starts with 4242 4242"}, watch.hide) == {"note": f"starts with {MASK}"}


def test_hiding_twice_is_hiding_once() -> None:
    once = hidden({"notes": ["4242 4242", "4242 4242"], "n": 4242424242424242}, mask)

    assert hidden(once, mask) == once


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("4 2-a", max_size=30) | st.just(CARD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=4))
def test_nothing_that_is_kept_would_be_hidden_as_text(fields: dict[str, object]) -> None:
    text = json.dumps(hidden(fields, mask), ensure_ascii=False)

    assert mask(text) == text
