"""Which numbers said in words become figures, and which digits stay apart."""

import pytest

from shared.domain.spoken.addresses.figures import in_figures


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("one twenty three Oak", "123 Oak"),
        ("1 2 3 Oak", "123 Oak"),
        ("twelve oh four Elm", "1204 Elm"),
        ("123 Oak, 4 5 5 0 1", "123 Oak, 45501"),
        ("123 Oak, 4-5-5-0-1", "123 Oak, 45501"),
        ("12 34 Oak", "12 34 Oak"),
        ("500 8 Mile", "500 8 Mile"),
        ("1 23 Oak", "1 23 Oak"),
        ("5 and 6 Oak", "5 and 6 Oak"),
        ("12/14 Oak", "12/14 Oak"),
        ("twelve slash fourteen Oak", "12/14 Oak"),
        ("five hundred, eight Oak Street", "500, 8 Oak Street"),
        ("one um two three Oak", "123 Oak"),
        ("123 Seven Oaks", "123 Seven Oaks"),
        ("highway forty", "highway 40"),
        ("forty-second street", "42nd street"),
        ("springfield OH 45501", "springfield OH 45501"),
        ("springfield oh four five five oh one", "springfield oh 45501"),
        ("boston oh two one three nine", "boston 02139"),
        ("12 Elm apt 5 OH 45501", "12 Elm apt 5 OH 45501"),
    ],
)
def test_digits_of_one_number_come_together_and_no_others(said: str, figures: str) -> None:
    assert in_figures(said) == figures
