"""What a caller's own words about a day and a time are taken for."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shared.domain.calendar.spoken_dates.reading import Ambiguous, Reading
from shared.domain.calendar.spoken_dates.resolve import resolve
from shared.domain.calendar.spoken_dates.said import spoken

OHIO = ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 5, 12, 15, 40, tzinfo=OHIO)
AFTER_MIDNIGHT = datetime(2026, 5, 13, 0, 20, tzinfo=OHIO)


def said_back(words: str, now: datetime = TUESDAY) -> str | None:
    """What is said back for some words: the reading or the question."""
    meant = resolve(words, now, OHIO)
    return None if meant is None else spoken(meant, now)


def test_a_weekday_is_said_back_with_its_date() -> None:
    assert said_back("Thursday after three") == "Thursday, May 14th, after 3 PM"


def test_next_tuesday_is_that_of_the_next_week() -> None:
    assert said_back("next Tuesday after four") == "Tuesday, May 19th, after 4 PM"


def test_next_friday_is_asked_about_while_another_one_lies_ahead() -> None:
    assert said_back("next Friday") == "Do you mean Friday, May 15th or Friday, May 22nd?"


def test_a_weekday_named_on_itself_is_asked_about() -> None:
    assert said_back("Tuesday") == "Do you mean Tuesday, May 12th or Tuesday, May 19th?"


def test_a_weekday_whose_part_has_passed_today_is_the_next_one() -> None:
    assert said_back("Tuesday morning") == "Tuesday, May 19th, in the morning"


def test_tomorrow_has_two_readings_after_midnight() -> None:
    question = "Do you mean Wednesday, May 13th or Thursday, May 14th?"
    assert said_back("tomorrow", AFTER_MIDNIGHT) == question


def test_in_the_morning_has_one_reading_after_midnight() -> None:
    assert said_back("in the morning", AFTER_MIDNIGHT) == "Wednesday, May 13th, in the morning"


def test_in_the_morning_is_tomorrow_s_in_the_evening() -> None:
    evening = TUESDAY.replace(hour=20)
    assert said_back("in the morning", evening) == "Wednesday, May 13th, in the morning"


def test_a_date_that_is_not_that_weekday_is_asked_about() -> None:
    question = "Do you mean Wednesday, May 20th or Thursday, May 21st?"
    assert said_back("Thursday the 20th") == question


def test_holidays_are_found_by_rule() -> None:
    assert said_back("the day after Labor Day") == "Tuesday, September 8th"
    assert said_back("Easter") == "Sunday, March 28th"


def test_business_days_pass_over_a_holiday() -> None:
    before = datetime(2026, 5, 22, 9, 0, tzinfo=OHIO)
    assert said_back("in two business days", before) == "Wednesday, May 27th"


def test_past_days_roll_to_the_next_month_that_has_them() -> None:
    end_of_january = datetime(2026, 1, 31, 11, 0, tzinfo=OHIO)
    assert said_back("the thirtieth", end_of_january) == "Monday, March 30th"


def test_a_leap_day_is_found_in_its_year() -> None:
    assert (
        said_back("February 29th") == "Tuesday, February 29th, 2028"
        or said_back("February 29th") == "Tuesday, February 29th"
    )


def test_a_time_the_clock_skips_is_asked_about() -> None:
    night_before = datetime(2026, 3, 7, 20, 30, tzinfo=OHIO)
    question = "Do you mean Sunday, March 8th, at 1:30 AM or Sunday, March 8th, at 3:30 AM?"
    assert said_back("tomorrow at 2:30 in the morning", night_before) == question


def test_hours_are_elapsed_time_over_a_clock_change() -> None:
    night_before = datetime(2026, 10, 31, 22, 10, tzinfo=OHIO)
    assert said_back("in six hours", night_before) == "Sunday, November 1st, at 3:10 AM"


def test_today_is_the_business_s_today() -> None:
    in_utc = datetime(2026, 5, 13, 3, 30, tzinfo=ZoneInfo("UTC"))  # 11:30 PM on Tuesday in Ohio
    meant = resolve("today", in_utc, OHIO)
    assert meant == Reading(date(2026, 5, 12), date(2026, 5, 12))


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("Friday at four", "at 4 PM"),
        ("Friday at nine", "at 9 AM"),
        ("Friday half past eight", "at 8:30 AM"),
        ("quarter to five on Friday", "at 4:45 PM"),
        ("Friday between ten and two", "between 10 AM and 2 PM"),
        ("Friday 8 to noon", "between 8 AM and noon"),
        ("Friday around 3", "between 2 PM and 4 PM"),
        ("Friday 4ish", "between 3 PM and 5 PM"),
        ("Friday evening at 7", "at 7 PM"),
        ("Friday, not before ten", "after 10 AM"),
        ("I don't get home until five on Friday", "after 5 PM"),
        ("I have to leave by two on Friday", "before 2 PM"),
        ("friday at too thirty", "at 2:30 PM"),
        ("Friday but not in the morning", "after noon"),
        ("first thing Friday", "first thing"),
    ],
)
def test_an_hour_is_the_one_usual_for_a_visit(words: str, clock: str) -> None:
    assert said_back(words) == f"Friday, May 15th, {clock}"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("tomorrow, no wait, Friday", "Friday, May 15th"),
        ("Tuesday I mean Wednesday", "Wednesday, May 13th"),
        ("Thursday at two, no, three", "Thursday, May 14th, at 3 PM"),
        ("not next Friday, this Friday", "Friday, May 15th"),
        ("I can't do Thursday so Friday", "Friday, May 15th"),
        ("can you move me from Tuesday at 2 to Wednesday at ten", "Wednesday, May 13th, at 10 AM"),
    ],
)
def test_what_was_taken_back_is_not_meant(words: str, day: str) -> None:
    assert said_back(words) == day


@pytest.mark.parametrize(
    "words",
    [
        "123 Oak Street, Springfield",
        "my number is 555-123-4567",
        "I have 2 units",
        "my furnace is 20 years old",
        "it was about 300 dollars",
        "just a second",
        "it's on the second floor",
        "it's been out since Monday",
        "you were here last Tuesday",
        "it quit working on Sunday",
        "we paid 5 bucks at 4th and Main",
        "may I ask who this is",
        "",
    ],
)
def test_other_numbers_and_what_is_over_are_no_wish(words: str) -> None:
    assert resolve(words, TUESDAY, OHIO) is None


def test_days_to_leave_out_are_kept() -> None:
    meant = resolve("any time next week but not Wednesday", TUESDAY, OHIO)
    assert meant == Reading(date(2026, 5, 18), date(2026, 5, 24), without=(date(2026, 5, 20),))


def test_a_weekday_is_left_out_of_every_week_of_an_open_range() -> None:
    meant = resolve("any day but Friday", TUESDAY, OHIO)
    assert isinstance(meant, Reading)
    assert not meant.allows(date(2026, 5, 15))
    assert not meant.allows(date(2026, 5, 22))
    assert meant.allows(date(2026, 5, 23))


def test_one_part_of_the_day_goes_with_two_days() -> None:
    friday, saturday = (
        Reading(date(2026, 5, day), date(2026, 5, day), latest=time(12), loose=True)
        for day in (15, 16)
    )
    meant = resolve("Friday or Saturday morning", TUESDAY, OHIO)
    assert meant == replace(friday, others=(saturday,))


def test_what_has_passed_today_is_no_reading() -> None:
    assert resolve("this morning", TUESDAY, OHIO) is None


def test_two_readings_are_two_values() -> None:
    meant = resolve("next Friday", TUESDAY, OHIO)
    assert isinstance(meant, Ambiguous)
    assert [reading.first for reading in meant.readings] == [date(2026, 5, 15), date(2026, 5, 22)]
