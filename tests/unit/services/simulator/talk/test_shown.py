"""Rows as people read them."""

from services.simulator.talk.shown import row


def test_money_is_in_dollars_and_keys_of_tables_are_left_out() -> None:
    told = row({"pk": "CALL#1", "sk": "META", "deposit": 20600, "deposit_paid": False, "seq": 3})
    assert told == {"deposit": "$206.00", "deposit_paid": "no", "seq": "3"}


def test_what_is_empty_is_left_out_and_what_is_nested_is_one_text() -> None:
    told = row({"notes": [], "email": None, "window": {"start": "2025-08-28T21:00:00-04:00"}})
    assert told == {"window": '{"start": "2025-08-28T21:00:00-04:00"}'}
