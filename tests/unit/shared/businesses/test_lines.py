"""The line of a field is found by the names that lead to it."""

import pytest

from shared.businesses.lines import Place, line_of

TEXT = """\
id = "mine"
crews = ["a"]
hours.mon = ["08:00", "18:00"]

[card]
deposit = "always"

[[card.kinds]]
name = "one"

[[card.kinds]]
name = "two"
words = []

[crew."Team"]
trades = ["hvac"]
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("id",), 1),
        (("crews", 0), 2),
        (("hours", "mon"), 3),
        (("card",), 5),
        (("card", "deposit"), 6),
        (("card", "kinds"), 8),
        (("card", "kinds", 0, "name"), 9),
        (("card", "kinds", 1, "name"), 12),
        (("card", "kinds", 1, "words", 0), 13),
        (("card", "kinds", 0, "words"), 8),  # it has none: where its table begins
        (("crew", "Team", "trades"), 16),
        (("card", "services", "repair"), 5),
        (("policy", "texts_from"), None),
        ((), None),
    ],
)
def test_the_innermost_name_that_is_there_tells_the_line(place: Place, line: int | None) -> None:
    assert line_of(TEXT, place) == line


def test_of_no_text_there_is_no_line() -> None:
    assert line_of("", ("id",)) is None
