"""Whether two bookings mean the same visit."""

import pytest

from shared.tools.booking.visits import same_place


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("123 Oak St", "123 Oak St, Springfield, OH 45501", True),
        ("123 Oak St, Springfield, OH", "123 Oak St Apt 2, Springfield, OH", True),
        ("123 Oak St, 45501", "123 Oak St, Springfield, OH", True),
        ("123 Oak St, Spring Field, OH", "123 Oak St, Springfield, OH", True),
        ("123 Oak St Apt 2", "123 Oak St Apt 3", False),
        ("3 Oak St Apt 12", "12 Oak St Apt 3", False),
        ("123 Oak St, OH 45501", "123 Oak St, OH 45503", False),
        ("123 Oak St, Dayton, OH", "123 Oak St, Springfield, OH", False),
        ("12 Oak St", "123 Oak St", False),
        ("123 Oak St", "123 Elm St", False),
    ],
)
def test_addresses_that_may_be_one_place(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same
    assert same_place(other, one) is same
