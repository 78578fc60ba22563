"""A road's number belongs to the road."""

import pytest

from shared.domain.spoken.addresses.numbered_roads import numbered_road


@pytest.mark.parametrize(
    ("words", "road"),
    [
        ("State Route 6 Rome", ("State Rte 6", 3)),
        ("Co Rd 45300", ("Co Rd 45300", 3)),
        ("U.S. Hwy 50 West", ("US Hwy 50", 3)),
        ("farm to market road 544", ("FM 544", 5)),
        ("IH35 South", ("IH35", 1)),
        ("County Road GV", ("County Rd GV", 3)),
        ("Highway No 7", ("Hwy No 7", 3)),
        ("Highway 71 Business Lowell", ("Hwy 71 Business", 3)),
        ("State Street", None),
        ("County Line Road", None),
        ("Loop 5 Drive", None),
    ],
)
def test_a_class_and_its_number_are_one_name(words: str, road: tuple[str, int] | None) -> None:
    split = words.split()
    assert numbered_road(split, [word.lower().replace(".", "") for word in split]) == road
