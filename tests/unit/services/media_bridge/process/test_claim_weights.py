"""The weights are lists a person can review, and read a plain sentence as what it says."""

from pathlib import Path

import pytest

from services.media_bridge.process.claim_weights import DEED_WEIGHTS, ROLE_WEIGHTS, load
from tests.weights import assert_reviewable


@pytest.mark.parametrize("path", [DEED_WEIGHTS, ROLE_WEIGHTS], ids=lambda path: path.stem)
def test_each_list_is_sorted_rounded_and_some_thousands_long(path: Path) -> None:
    assert_reviewable(path, most=15_001)


def test_a_deed_a_figure_and_a_window_are_read_as_what_they_are() -> None:
    booked, price, open_then = load().read(
        "You're booked. It's $165 to come out. I've got tomorrow at two open."
    )

    assert booked.deeds["booked"] > 0.8
    assert price.roles[0]["visit"] > 0.8
    assert open_then.roles[0]["open"] > 0.8


def test_an_offer_says_nothing_of_a_deed() -> None:
    (offer,) = load().read("Want me to book it?")

    assert offer.deeds.get("booked", 0.0) < 0.1
