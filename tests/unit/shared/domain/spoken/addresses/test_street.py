"""Where a street ends, and what belongs to it."""

import pytest

from shared.domain.spoken.addresses.street import Street, street


@pytest.mark.parametrize(
    ("words", "alone", "read", "size"),
    [
        ("Oak Street Springfield", False, Street("", "Oak", "St"), 2),
        ("North Street", True, Street("", "North", "St"), 2),
        ("North Oak Street NW", True, Street("N", "Oak", "St", "NW"), 4),
        ("East Terrace Avenue Flagstaff", False, Street("E", "Terrace", "Ave"), 3),
        ("S 500 E Salt Lake City", False, Street("S", "500", "", "E"), 3),
        ("State Route 6 Rome", False, Street("", "State Rte 6"), 3),
        ("Broadway Springfield", False, Street("", "Broadway"), 1),
        ("Cross Timbers", True, Street("", "Cross Timbers"), 2),
        ("Main Street North Little Rock", False, Street("", "Main", "St"), 2),
    ],
)
def test_a_street_takes_the_words_that_are_its_own(
    words: str, alone: bool, read: Street, size: int
) -> None:
    assert street(words.split(), alone=alone) == (read, size)
