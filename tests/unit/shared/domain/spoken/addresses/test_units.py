"""A unit is told from the words around it."""

import pytest

from shared.domain.spoken.addresses.units import is_unit, unit_of, units_in


@pytest.mark.parametrize(
    ("words", "unit", "behind"),
    [
        ("Apartment 4 Springfield", "Apt 4", ["Springfield"]),
        ("apt 4 b springfield", "Apt 4B", ["springfield"]),
        ("# 12", "#12", []),
        ("Apt # 12", "Apt 12", []),
        ("# APT 3 Pembroke", "Apt 3", ["Pembroke"]),
        ("3rd Floor", "Fl 3", []),
        ("Fl 3rd", "Fl 3", []),
        ("basement Springfield", "Bsmt", ["Springfield"]),
        ("Upper Arlington", "", ["Upper", "Arlington"]),
        ("Unit Street", "", ["Unit", "Street"]),
    ],
)
def test_a_unit_is_written_short(words: str, unit: str, behind: list[str]) -> None:
    assert unit_of(words.split()) == (unit, behind)


def test_a_route_number_is_no_unit() -> None:
    assert not is_unit(["Route", "#", "9"], 1)
    assert is_unit(["Street", "#", "9"], 1)


def test_units_are_found_among_other_words() -> None:
    assert units_in([["The", "Chadwick", "Apt", "53"], ["Springfield"]]) == (
        ["Apt 53"],
        ["The Chadwick", "Springfield"],
    )
