"""Digits among words."""

from services.simulator.receptionist.hearing import numbers


def test_a_word_that_sounds_like_a_digit_is_one_only_among_digits() -> None:
    assert numbers.digits("I want to call for help") == ""
    assert numbers.digits("one to three") == "123"
