"""Holidays of every year, as owners write them."""

from datetime import date

import pytest

from shared.domain.calendar.yearly import falls_on, rule_of, yearly


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("December 25", date(2026, 12, 25)),
        ("december 25th", date(2026, 12, 25)),
        ("4th Thursday of November", date(2026, 11, 26)),
        ("the fourth thursday in november", date(2026, 11, 26)),
        ("last Monday of May", date(2026, 5, 25)),
        ("Thanksgiving", date(2026, 11, 26)),
        ("day after Thanksgiving", date(2026, 11, 27)),
        ("the day before Christmas", date(2026, 12, 24)),
        ("day before New Year's Day", date(2026, 12, 31)),
        ("New Year's Eve", date(2026, 12, 31)),
        ("Labor Day", date(2026, 9, 7)),
        ("Good Friday", date(2026, 4, 3)),
        ("February 29", date(2028, 2, 29)),
    ],
)
def test_a_rule_names_one_day_of_a_year(text: str, day: date) -> None:
    rule = rule_of(yearly(text))
    assert rule is not None
    assert rule(day.year) == day
    assert falls_on((text,), day)


@pytest.mark.parametrize(
    "text",
    ["", "Christmas-ish", "December 32", "6th Monday of May", "day after never", "2026-12-25"],
)
def test_what_is_no_rule_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 'December 25'"):
        yearly(text)


@pytest.mark.parametrize("text", ["February 29", "5th Sunday of February"])
def test_a_year_may_lack_the_day(text: str) -> None:
    rule = rule_of(text)
    assert rule is not None
    assert rule(2026) is None
