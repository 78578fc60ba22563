"""What holds for any words, at any time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.calendar.spoken_dates.holidays import easter, is_business_day
from shared.domain.calendar.spoken_dates.reading import Ambiguous, Reading
from shared.domain.calendar.spoken_dates.resolve import resolve
from shared.domain.calendar.spoken_dates.said import spoken

OHIO = ZoneInfo("America/New_York")
NOW = st.datetimes(datetime(2025, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))
VOCABULARY = """
    monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight next this last
    the a of in on at after before by until from to between and or not but no wait except any every
    week weekend month day days weeks business hours morning afternoon evening noon midnight lunch
    first second third twentieth 1 2 3 4 9 10 12 15 29 30 31 45 9:30 5/20 2nd 31st may june february
    labor thanksgiving easter christmas memorial eve early late end middle beginning half quarter
    past around about ish am pm o'clock sorry actually either later earlier asap whenever , . can't
    works since ago i work free home for two three four eight a.m. couple few now
    """
SPEECH = st.lists(st.sampled_from(VOCABULARY.split()), max_size=12).map(" ".join)


def readings(meant: Reading | Ambiguous | None) -> tuple[Reading, ...]:
    if meant is None:
        return ()
    return meant.readings if isinstance(meant, Ambiguous) else (meant,)


@given(st.text(max_size=200), NOW)
def test_no_text_is_too_strange(text: str, now: datetime) -> None:
    resolve(text, now, OHIO)


@given(SPEECH, NOW)
def test_nothing_is_ever_meant_that_has_passed(text: str, now: datetime) -> None:
    local = now.astimezone(OHIO)
    found = readings(resolve(text, now, OHIO))
    for reading in (one for asked in found for one in asked.all):
        if reading.first is None:
            continue
        assert reading.first >= local.date()
        assert reading.last is None or reading.last >= reading.first
        if reading.last == local.date() and reading.latest is not None:
            assert reading.latest > local.time()


@given(SPEECH, NOW)
def test_what_is_said_back_is_read_as_the_same(text: str, now: datetime) -> None:
    local = now.astimezone(OHIO)
    for reading in readings(resolve(text, now, OHIO)):
        words = spoken(reading, local)
        assert resolve(words, now, OHIO) == reading, words


@given(SPEECH, NOW)
def test_a_question_names_readings_that_differ(text: str, now: datetime) -> None:
    meant = resolve(text, now, OHIO)
    if isinstance(meant, Ambiguous):
        local = now.astimezone(OHIO)
        assert len({spoken(reading, local) for reading in meant.readings}) == len(meant.readings)


@given(NOW, st.integers(0, 360))
def test_a_weekday_with_its_date_is_that_day(now: datetime, ahead: int) -> None:
    day = now.astimezone(OHIO).date() + timedelta(days=ahead)
    meant = resolve(f"{day:%A}, {day:%B} {day.day}", now, OHIO)
    assert meant == Reading(day, day)


@given(st.integers(1900, 2200))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_an_observed_holiday_is_no_business_day() -> None:
    assert not is_business_day(date(2026, 7, 3))  # the Fourth is a Saturday
    assert not is_business_day(date(2027, 7, 5))  # and then a Sunday
    assert is_business_day(date(2026, 7, 6))
