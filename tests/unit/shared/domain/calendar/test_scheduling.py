"""Windows: the spec's three, weekends, holidays, lead times, crews, and days of 23 and 25 hours."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.businesses import all_businesses
from shared.domain.business import Business
from shared.domain.calendar.scheduling import (
    find,
    immediate_start,
    is_after_hours,
    next_opening,
    offerable,
    still_free,
)
from shared.domain.calendar.spoken_dates.reading import Reading
from shared.domain.calendar.wishes import wish
from shared.domain.errors import WindowNotOffered, WindowTaken
from shared.domain.fields import DAYS
from shared.domain.models import Hold, Window
from tests.examples import BUSINESSES

COOLCARE = all_businesses()["coolcare_hvac"]
NEW_YORK = ZoneInfo("America/New_York")
SPEC_CALL = datetime.fromisoformat("2025-08-28T19:12:00-04:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def starts(
    business: Business, now: datetime, *, emergency: bool = False, **more: date
) -> list[str]:
    slots = offerable(
        business,
        set(),
        now,
        service="repair",
        is_emergency=emergency,
        preferred_date=more.get("on"),
    )
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
    first = offerable(COOLCARE, set(), at("2025-08-28T09:05"), service="repair", is_emergency=True)[
        0
    ]
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

    slot = find(two, hold("crew-1", start), SPEC_CALL, start, service="repair", is_emergency=False)
    assert slot.crews == ("crew-2",)
    with pytest.raises(WindowTaken):
        both = hold("crew-1", start) | hold("crew-2", start)
        find(two, both, SPEC_CALL, start, service="repair", is_emergency=False)


def test_a_window_that_overlaps_a_held_hour_is_not_offered() -> None:
    held = hold("crew-1", at("2025-08-29T09:00"))  # an emergency from 9 to 11
    slots = offerable(COOLCARE, held, SPEC_CALL, service="repair", is_emergency=False)
    assert slots[0].window.start == at("2025-08-29T12:00")


def test_a_held_emergency_window_moves_on_to_the_next_free_hour() -> None:
    held = hold("crew-1", at("2025-08-28T21:00"))
    first = offerable(COOLCARE, held, SPEC_CALL, service="repair", is_emergency=True)[0]
    assert first.window.start == at("2025-08-29T06:00")


def test_a_made_up_window_is_not_ours() -> None:
    for start in ("2025-08-29T09:00", "2025-08-30T08:00", "2025-08-28T12:00", "2026-08-28T08:00"):
        with pytest.raises(WindowNotOffered):
            find(COOLCARE, set(), SPEC_CALL, at(start), service="repair", is_emergency=False)


def test_a_window_offered_before_is_free_until_somebody_takes_it() -> None:
    window = Window.at(at("2025-08-28T21:00"))
    assert still_free(COOLCARE, set(), window, service="repair").crews == ("crew-1",)
    with pytest.raises(WindowTaken):
        still_free(COOLCARE, hold("crew-1", window.start), window, service="repair")


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2025, 11, 2)])
def test_on_the_days_the_clocks_change_windows_are_two_real_hours_and_never_overlap(
    day: date,
) -> None:
    hours = {**COOLCARE.hours, "sun": COOLCARE.hours["mon"]}
    open_sundays = COOLCARE.model_copy(update={"hours": hours})
    now = datetime(day.year, day.month, day.day, tzinfo=NEW_YORK) - timedelta(days=1)

    slots = offerable(
        open_sundays, set(), now, service="repair", is_emergency=False, preferred_date=day, days=1
    )

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

    slots = offerable(COOLCARE, holds, now, service="repair", is_emergency=emergency)

    assert len({slot.window.start for slot in slots}) == len(slots)
    for slot in slots[:4]:
        assert (
            find(COOLCARE, holds, now, slot.window.start, service="repair", is_emergency=emergency)
            == slot
        )
        assert not {("crew-1", hour) for hour in slot.window.hours} & holds
        assert slot.window.start >= now + timedelta(minutes=90)
        assert slot.after_hours == is_after_hours(COOLCARE, slot.window.start)


# -- hours: 24:00, over midnight, other zones ----------------------------------------------

FILE = tomllib.loads((BUSINESSES / "coolcare_hvac.toml").read_text("utf-8"))
Hours = dict[str, list[str]]
OPEN_ALWAYS: Hours = {day: ["00:00", "24:00"] for day in DAYS}


def a_business(hours: Hours, **changes: object) -> Business:
    """A business as its file would make it, with windows at every even hour."""
    grid = {"window_starts": list(range(0, 24, 2)), "holidays": []}
    return Business.model_validate(FILE | grid | {"hours": hours} | changes)


def offered_hours(business: Business, day: date) -> list[int]:
    day_before = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=24)
    slots = offerable(
        business,
        set(),
        day_before,
        service="repair",
        is_emergency=False,
        preferred_date=day,
        days=1,
    )
    return [business.local(slot.window.start).hour for slot in slots]


@pytest.mark.parametrize("second", ["00:00:00", "12:00:00", "23:59:30", "23:59:59.999999"])
def test_a_shop_that_never_closes_has_no_minute_after_hours(second: str) -> None:
    assert not is_after_hours(a_business(OPEN_ALWAYS), at(f"2025-08-30T{second}"))


def test_a_shop_that_never_closes_offers_every_window_up_to_midnight_and_over_it() -> None:
    always = a_business(OPEN_ALWAYS, window_starts=[0, 8, 22, 23])
    assert offered_hours(always, date(2025, 8, 30)) == [0, 8, 22, 23]
    assert offered_hours(a_business({"sat": ["20:00", "24:00"]}), date(2025, 8, 30)) == [20, 22]


def test_a_shop_that_never_closes_is_closed_on_its_holiday() -> None:
    always = a_business(OPEN_ALWAYS, holidays=[date(2025, 9, 1)])
    assert is_after_hours(always, at("2025-09-01T00:00"))
    assert is_after_hours(always, at("2025-09-01T23:59"))
    assert not is_after_hours(always, at("2025-09-02T00:00"))
    assert next_opening(always, at("2025-09-01T10:00")) == at("2025-09-02T00:00")


def test_hours_over_midnight_belong_to_the_day_they_open() -> None:
    late = a_business({"fri": ["17:00", "01:00"]}, window_starts=[17, 19, 21, 23])
    open_at = {
        "2025-08-29T16:59": False,
        "2025-08-29T17:00": True,
        "2025-08-29T23:59": True,
        "2025-08-30T00:59": True,
        "2025-08-30T01:00": False,
        "2025-08-29T00:30": False,  # Thursday was closed
        "2025-08-30T17:00": False,
    }
    assert {text: not is_after_hours(late, at(text)) for text in open_at} == open_at
    assert offered_hours(late, date(2025, 8, 29)) == [17, 19, 21, 23]


def test_the_end_of_an_evening_before_a_holiday_is_still_open_and_that_of_a_holiday_is_not() -> (
    None
):
    late = a_business({day: ["17:00", "01:00"] for day in DAYS}, holidays=[date(2025, 9, 1)])
    assert not is_after_hours(late, at("2025-09-01T00:30"))
    assert is_after_hours(late, at("2025-09-01T17:30"))
    assert is_after_hours(late, at("2025-09-02T00:30"))


def test_a_window_after_midnight_is_offered_on_the_date_it_has() -> None:
    late = a_business({"fri": ["17:00", "03:00"]}, window_starts=[1, 23])
    assert offered_hours(late, date(2025, 8, 29)) == [23]
    assert offered_hours(late, date(2025, 8, 30)) == [1]


@pytest.mark.parametrize(
    ("zone", "now", "local_noon"),
    [
        ("America/Phoenix", "2026-07-01T19:00+00:00", "2026-07-01T12:00:00-07:00"),
        ("America/Phoenix", "2026-01-05T19:00+00:00", "2026-01-05T12:00:00-07:00"),
        ("America/Indiana/Knox", "2026-07-01T17:00+00:00", "2026-07-01T12:00:00-05:00"),
        ("America/Indiana/Indianapolis", "2026-07-01T16:00+00:00", "2026-07-01T12:00:00-04:00"),
        ("Pacific/Honolulu", "2026-07-01T22:00+00:00", "2026-07-01T12:00:00-10:00"),
    ],
)
def test_hours_and_windows_are_those_of_the_business_s_own_zone(
    zone: str, now: str, local_noon: str
) -> None:
    there = a_business({day: ["08:00", "18:00"] for day in DAYS}, time_zone=zone)
    noon = datetime.fromisoformat(now)
    assert there.local(noon).isoformat() == local_noon
    assert not is_after_hours(there, noon)
    assert is_after_hours(there, noon + timedelta(hours=6))
    slots = offerable(there, set(), noon, service="repair", is_emergency=False)
    assert [slot.window.start.hour for slot in slots[:3]] == [14, 16, 8]


def test_a_window_that_is_past_is_refused_as_past() -> None:
    with pytest.raises(WindowNotOffered, match="is past; today is Thursday 2025-08-28"):
        find(
            COOLCARE, set(), SPEC_CALL, at("2024-08-29T08:00"), service="repair", is_emergency=False
        )


ZONES = ["America/New_York", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu"]


def text_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def businesses(draw: st.DrawFn) -> Business:
    """Any business whose file is valid: hours over midnight end before the next day's begin."""
    hours: Hours = {}
    for day in DAYS:
        if draw(st.booleans()):
            opens = draw(st.integers(0, 24 * 60 - 1))
            closes = draw(st.integers(0, 24 * 60).filter(opens.__ne__))
            hours[day] = [text_of(opens), text_of(closes)]
    for n, day in enumerate(DAYS):
        tomorrow = hours.get(DAYS[(n + 1) % 7])
        over_midnight = day in hours and hours[day][1] <= hours[day][0]
        if over_midnight and tomorrow and hours[day][1] >= tomorrow[0]:
            hours[day][1] = "24:00"
    holidays = draw(st.lists(st.dates(date(2025, 10, 30), date(2025, 11, 5)), max_size=2))
    return a_business(
        hours,
        time_zone=draw(st.sampled_from(ZONES)),
        holidays=holidays,
        window_starts=sorted(draw(st.sets(st.integers(0, 23), min_size=1))),
    )


def open_by_the_file(business: Business, at: datetime) -> bool:
    """The file read minute by minute, the slow and plain way."""
    local = business.local(at)
    minutes: set[tuple[date, str]] = set()
    for day in (local.date() - timedelta(days=1), local.date()):
        hours = business.hours.get(DAYS[day.weekday()])
        if hours is None or day in business.holidays:
            continue
        for minute in range(hours.opens, hours.closes):
            on = day + timedelta(days=minute // (24 * 60))
            minutes.add((on, text_of(minute % (24 * 60))))
    return (local.date(), f"{local:%H:%M}") in minutes


# The clocks go back on 2 November 2025 and forward on 8 March 2026.
instants = st.datetimes(
    datetime(2025, 10, 29), datetime(2025, 11, 6), timezones=st.just(UTC)
) | st.datetimes(datetime(2026, 3, 6), datetime(2026, 3, 10), timezones=st.just(UTC))


@given(business=businesses(), now=instants)
def test_after_hours_is_what_the_file_says_minute_by_minute(
    business: Business, now: datetime
) -> None:
    assert is_after_hours(business, now) is not open_by_the_file(business, now)


@given(business=businesses(), now=instants, emergency=st.booleans())
def test_every_window_but_the_emergency_one_lies_within_opening_hours(
    business: Business, now: datetime, emergency: bool
) -> None:
    slots = offerable(business, set(), now, service="repair", is_emergency=emergency, days=3)
    for slot in slots:
        first = slot.window.start.astimezone(UTC)
        inside = all(
            open_by_the_file(business, first + timedelta(minutes=n)) for n in range(0, 120, 7)
        ) and open_by_the_file(business, first + timedelta(minutes=119))
        assert inside or slot.immediate


@given(business=businesses(), now=instants)
def test_the_next_opening_is_open_and_later(business: Business, now: datetime) -> None:
    try:
        opens = next_opening(business, now)
    except LookupError:
        assert not business.hours
    else:
        assert opens > now
        assert not is_after_hours(business, opens)


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        # Spring: 2026-03-08 has no wall time from 02:00 to 03:00.
        (["02:30", "18:00"], "2026-03-06T00:00Z", "2026-03-08T03:00:00-04:00"),
        (["02:30", "03:15"], "2026-03-06T00:00Z", "2026-03-08T03:00:00-04:00"),
        (["02:00", "18:00"], "2026-03-06T00:00Z", "2026-03-08T03:00:00-04:00"),
        (["02:10", "02:50"], "2026-03-06T00:00Z", "2026-03-15T02:10:00-04:00"),
        (["03:00", "18:00"], "2026-03-06T00:00Z", "2026-03-08T03:00:00-04:00"),
        (["01:59", "18:00"], "2026-03-06T00:00Z", "2026-03-08T01:59:00-05:00"),
        # Autumn: 2025-11-02 has 01:00 to 02:00 twice.
        (["01:30", "01:45"], "2025-10-31T00:00Z", "2025-11-02T01:30:00-04:00"),
        (["01:30", "01:45"], "2025-11-02T05:40Z", "2025-11-02T01:30:00-05:00"),
        (["01:30", "18:00"], "2025-11-02T05:40Z", "2025-11-02T01:30:00-05:00"),
        (["01:00", "18:00"], "2025-11-02T05:40Z", "2025-11-09T01:00:00-05:00"),
    ],
)
def test_a_business_opens_when_the_wall_first_shows_its_hours(
    hours: list[str], now: str, opens: str
) -> None:
    sundays = a_business({"sun": hours}, time_zone="America/New_York")
    found = next_opening(sundays, datetime.fromisoformat(now))

    assert found.isoformat() == opens
    assert not is_after_hours(sundays, found)
    assert is_after_hours(sundays, (found.astimezone(UTC) - timedelta(minutes=1)))


MONDAY = date(2025, 9, 8)


def test_no_visit_reaches_into_a_break_and_rates_stay_those_of_the_day() -> None:
    lunch = a_business(
        {"mon": ["08:00", "12:00", "13:00", "17:00"]}, window_starts=[8, 10, 11, 13, 15, 16]
    )
    assert offered_hours(lunch, MONDAY) == [8, 10, 13, 15]
    assert not is_after_hours(lunch, at("2025-09-08T12:30"))


def test_a_break_may_lie_behind_midnight() -> None:
    night = a_business({"mon": ["20:00", "00:00", "01:00", "05:00"]}, window_starts=[1, 3, 20, 22])
    assert (night.hours["mon"].closes, night.hours["mon"].breaks) == (1740, ((1440, 1500),))
    assert offered_hours(night, MONDAY) == [20, 22]
    assert offered_hours(night, date(2025, 9, 9)) == [1, 3]


def test_some_days_have_windows_of_their_own() -> None:
    own = a_business(
        {"fri": ["08:00", "12:00"], "sat": ["09:00", "13:00"]},
        window_starts=[8, 10],
        window_starts_on={"sat": [9, 11]},
    )
    assert offered_hours(own, date(2025, 9, 5)) == [8, 10]
    assert offered_hours(own, date(2025, 9, 6)) == [9, 11]


@pytest.mark.parametrize(("hours", "offered"), [(1, [8, 11]), (3, [8]), (4, [8])])
def test_a_window_is_as_long_as_the_file_says(hours: int, offered: list[int]) -> None:
    business = a_business({"mon": ["08:00", "12:00"]}, window_starts=[8, 11], window_hours=hours)
    assert offered_hours(business, MONDAY) == offered
    slot = offerable(business, set(), at("2025-09-07T12:00"), service="repair", is_emergency=False)[
        0
    ]
    assert slot.window.end - slot.window.start == timedelta(hours=hours)
    assert business.work("repair").hours == max(2, hours)
    assert len(slot.window.hours) == hours


def test_a_holiday_of_every_year_is_closed() -> None:
    ruled = a_business(OPEN_ALWAYS, yearly_holidays=["2nd Monday of September"])
    assert offered_hours(ruled, MONDAY) == []
    assert is_after_hours(ruled, at("2025-09-08T10:00"))


@pytest.mark.parametrize(("hours", "will_do"), [(2, [10, 12]), (3, [10]), (1, [10, 12, 13])])
def test_a_wish_is_held_against_the_whole_window(hours: int, will_do: list[int]) -> None:
    business = a_business(OPEN_ALWAYS, window_starts=[10, 12, 13], window_hours=hours)
    wished = wish(Reading(first=MONDAY, last=MONDAY, latest=time(14)), at("2025-09-07T12:00"))
    slots = offerable(business, set(), at("2025-09-07T12:00"), service="repair", is_emergency=False)
    there = [slot for slot in slots if wished.has(business, slot)]
    found = [
        business.local(slot.window.start).hour
        for slot in there
        if not wished.distance(business, slot)
    ]
    assert found == will_do
