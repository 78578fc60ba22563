"""Windows: the spec's three, weekends, holidays, lead times, crews, and days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.business import Business, all_businesses
from shared.domain.errors import WindowNotOffered, WindowTaken
from shared.domain.models import Window
from shared.domain.scheduling import (
    Hold,
    find,
    immediate_start,
    is_after_hours,
    next_opening,
    offerable,
    still_free,
)

COOLCARE = all_businesses()["coolcare_hvac"]
NEW_YORK = ZoneInfo("America/New_York")
SPEC_CALL = datetime.fromisoformat("2025-08-28T19:12:00-04:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def starts(
    business: Business, now: datetime, *, emergency: bool = False, **more: date
) -> list[str]:
    slots = offerable(business, set(), now, is_emergency=emergency, preferred_date=more.get("on"))
    return [slot.window.start.isoformat() for slot in slots[:3]]


def hold(crew: str, start: datetime) -> set[Hold]:
    return {(crew, hour) for hour in Window.at(start).hours}


def test_the_specs_call_is_offered_the_specs_three_windows() -> None:
    assert starts(COOLCARE, SPEC_CALL, emergency=True) == [
        "2025-08-28T21:00:00-04:00",
        "2025-08-29T08:00:00-04:00",
        "2025-08-29T10:00:00-04:00",
    ]


def test_without_an_emergency_there_is_no_window_tonight() -> None:
    assert starts(COOLCARE, SPEC_CALL)[0] == "2025-08-29T08:00:00-04:00"


def test_a_weekend_and_a_holiday_have_no_windows_of_the_grid() -> None:
    friday_evening = at("2025-08-29T19:00")  # Monday is Labor Day
    assert starts(COOLCARE, friday_evening)[0] == "2025-09-02T08:00:00-04:00"


def test_a_window_needs_its_lead() -> None:
    assert starts(COOLCARE, at("2025-08-28T10:30"))[0] == "2025-08-28T12:00:00-04:00"
    assert starts(COOLCARE, at("2025-08-28T10:31"))[0] == "2025-08-28T14:00:00-04:00"


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2025-08-28T19:12", "2025-08-28T21:00"),
        ("2025-08-28T18:30", "2025-08-28T20:00"),
        ("2025-08-28T19:31", "2025-08-29T06:00"),  # 22:00 is too late to start
        ("2025-08-28T23:45", "2025-08-29T06:00"),
        ("2025-08-29T02:00", "2025-08-29T06:00"),
        ("2025-08-30T13:00", "2025-08-30T15:00"),  # a Saturday
    ],
)
def test_an_emergency_is_seen_at_the_next_full_hour_after_its_lead(now: str, start: str) -> None:
    assert immediate_start(COOLCARE, at(now)) == at(start)


def test_an_emergency_in_business_hours_is_not_dearer() -> None:
    first = offerable(COOLCARE, set(), at("2025-08-28T09:05"), is_emergency=True)[0]
    assert (first.immediate, first.after_hours) == (True, False)


def test_the_emergency_window_comes_first_also_for_another_day() -> None:
    asked = starts(COOLCARE, SPEC_CALL, emergency=True, on=date(2025, 9, 3))
    assert asked[:2] == ["2025-08-28T21:00:00-04:00", "2025-09-03T08:00:00-04:00"]


def test_saturday_is_after_hours_and_so_is_a_holiday() -> None:
    assert is_after_hours(COOLCARE, at("2025-08-30T12:00"))
    assert is_after_hours(COOLCARE, at("2025-09-01T12:00"))
    assert is_after_hours(COOLCARE, at("2025-08-28T18:00"))
    assert not is_after_hours(COOLCARE, at("2025-08-28T08:00"))


def test_the_office_next_opens_after_the_long_weekend() -> None:
    assert next_opening(COOLCARE, at("2025-08-29T08:00")) == at("2025-09-02T08:00")


def test_two_crews_serve_one_window_twice() -> None:
    two = COOLCARE.model_copy(update={"crews": ("crew-1", "crew-2")})
    start = at("2025-08-29T08:00")

    slot = find(two, hold("crew-1", start), SPEC_CALL, start, is_emergency=False)
    assert slot.crews == ("crew-2",)
    with pytest.raises(WindowTaken):
        both = hold("crew-1", start) | hold("crew-2", start)
        find(two, both, SPEC_CALL, start, is_emergency=False)


def test_a_window_that_overlaps_a_held_hour_is_not_offered() -> None:
    held = hold("crew-1", at("2025-08-29T09:00"))  # an emergency from 9 to 11
    slots = offerable(COOLCARE, held, SPEC_CALL, is_emergency=False)
    assert slots[0].window.start == at("2025-08-29T12:00")


def test_a_held_emergency_window_moves_on_to_the_next_free_hour() -> None:
    held = hold("crew-1", at("2025-08-28T21:00"))
    first = offerable(COOLCARE, held, SPEC_CALL, is_emergency=True)[0]
    assert first.window.start == at("2025-08-29T06:00")


def test_a_made_up_window_is_not_ours() -> None:
    for start in ("2025-08-29T09:00", "2025-08-30T08:00", "2025-08-28T12:00", "2026-08-28T08:00"):
        with pytest.raises(WindowNotOffered):
            find(COOLCARE, set(), SPEC_CALL, at(start), is_emergency=False)


def test_a_window_offered_before_is_free_until_somebody_takes_it() -> None:
    window = Window.at(at("2025-08-28T21:00"))
    assert still_free(COOLCARE, set(), window).crews == ("crew-1",)
    with pytest.raises(WindowTaken):
        still_free(COOLCARE, hold("crew-1", window.start), window)


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2025, 11, 2)])
def test_on_the_days_the_clocks_change_windows_are_two_real_hours_and_never_overlap(
    day: date,
) -> None:
    hours = {**COOLCARE.hours, "sun": COOLCARE.hours["mon"]}
    open_sundays = COOLCARE.model_copy(update={"hours": hours})
    now = datetime(day.year, day.month, day.day, tzinfo=NEW_YORK) - timedelta(days=1)

    slots = offerable(open_sundays, set(), now, is_emergency=False, preferred_date=day, days=1)

    assert [slot.window.start.hour for slot in slots] == [8, 10, 12, 14, 16]
    taken = [hour for slot in slots for hour in slot.window.hours]
    assert len(taken) == len(set(taken)) == 10


def test_an_emergency_lead_is_real_minutes_on_the_night_the_clocks_change() -> None:
    owls = COOLCARE.model_copy(
        update={"emergency": COOLCARE.emergency.model_copy(update={"earliest": 0, "latest": 23})}
    )
    # 01:30 EST + 90 minutes: 02:00 to 03:00 does not exist on this day.
    assert immediate_start(owls, at("2026-03-08T01:30")) == at("2026-03-08T04:00")


@given(
    now=st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    emergency=st.booleans(),
    held=st.sets(st.tuples(st.just("crew-1"), st.integers(0, 400))),
)
def test_every_slot_offered_can_be_found_again_and_is_free(
    now: datetime, emergency: bool, held: set[tuple[str, int]]
) -> None:
    first = now.replace(minute=0, second=0, microsecond=0)
    holds = {(crew, first + timedelta(hours=n)) for crew, n in held}

    slots = offerable(COOLCARE, holds, now, is_emergency=emergency)

    assert len({slot.window.start for slot in slots}) == len(slots)
    for slot in slots[:4]:
        assert find(COOLCARE, holds, now, slot.window.start, is_emergency=emergency) == slot
        assert not {("crew-1", hour) for hour in slot.window.hours} & holds
        assert slot.window.start >= now + timedelta(minutes=90)
        assert slot.after_hours == is_after_hours(COOLCARE, slot.window.start)
