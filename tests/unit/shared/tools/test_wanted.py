"""The caller's own words for a day and a time, and what is offered then."""

from typing import Any

import pytest

from tests.unit.shared.tools.talk import Talk
from tests.unit.shared.tools.test_availability import on_friday, starts, with_free


def check(talk: Talk, **said: Any) -> dict[str, Any]:
    """The tool is asked in the evening of Thursday, August 28th."""
    return talk.use("check_availability", service_type="repair", **said).output


def test_the_caller_s_words_find_their_windows() -> None:
    output = check(Talk(), when="tomorrow after two")

    assert starts(output)[:2] == on_friday(14, 16)


def test_what_was_understood_is_said_back_with_weekday_and_date() -> None:
    output = check(Talk(), when="tomorrow after two")

    assert str(output["message"]).startswith("That is Friday, August 29th, after 2 PM. ")


def test_the_words_may_stand_where_the_day_does() -> None:
    output = check(Talk(), preferred_date="the day after Labor Day")

    assert starts(output)[0] == "2025-09-02T08"


def test_two_readings_are_asked_about() -> None:
    output = check(Talk(), when="Thursday afternoon")  # it is Thursday evening: one reading
    assert "error" not in output

    output = check(Talk(), when="next Saturday")

    assert output["error"] == "which_day"
    assert output["message"] == "Do you mean Saturday, August 30th or Saturday, September 6th?"
    assert output["readings"] == ["Saturday, August 30th", "Saturday, September 6th"]


def test_the_words_count_and_not_the_date_that_a_model_made_of_them() -> None:
    output = check(Talk(), preferred_date="2025-08-30", when="the day after Labor Day")

    assert starts(output)[0] == "2025-09-02T08"


def test_words_for_the_time_go_with_the_day_that_was_named() -> None:
    output = check(Talk(), preferred_date="2025-08-29", when="after two")

    assert starts(output)[:2] == on_friday(14, 16)
    assert "Friday, August 29th" in str(output["message"])


@pytest.mark.parametrize("filler", [None, "N/A", "any time", "as soon as possible", ""])
def test_without_a_wish_the_next_windows_are_offered(filler: str | None) -> None:
    assert check(Talk(), when=filler) == check(Talk())


def test_words_that_name_no_time_leave_the_day_as_it_is() -> None:
    day = {"preferred_date": "2025-08-29 afternoon"}

    assert check(Talk(), **day, when="if that is all right") == check(Talk(), **day)


def test_a_time_that_is_taken_is_told() -> None:
    output = check(with_free(8, 10), when="tomorrow after two")

    wanted = "Nothing is free for Friday, August 29th, after 2 PM. "
    assert str(output["message"]).startswith(wanted)


def test_days_that_will_not_do_are_not_offered_first() -> None:
    output = check(Talk(), when="next week but not Monday or Tuesday")

    assert {start[:10] for start in starts(output)} <= {"2025-09-03", "2025-09-04", "2025-09-05"}


def test_one_clock_time_finds_the_window_that_holds_it() -> None:
    output = check(Talk(), when="tomorrow at three")

    assert starts(output)[0] == on_friday(14)[0]


def test_a_day_too_far_ahead_is_refused() -> None:
    output = check(Talk(), when="Christmas")

    assert output["error"] == "bad_arguments"
    assert "more than 60 days ahead" in str(output["message"])


def test_words_too_long_are_refused() -> None:
    assert check(Talk(), when="x" * 301)["error"] == "bad_arguments"
