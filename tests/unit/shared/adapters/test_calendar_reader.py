"""Busy times as calendars write them: series, exceptions, zones, and what is no calendar at all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.adapters.calendar_reader import UnreadableCalendar, busy_spans

ZONE = ZoneInfo("America/New_York")
FIRST = datetime(2025, 8, 28, tzinfo=UTC)
LAST = FIRST + timedelta(days=14)


def calendar(*entries: str) -> str:
    """A calendar of entries, each given by its lines."""
    inside = "".join(f"BEGIN:VEVENT\nUID:u{n}\n{e}\nEND:VEVENT\n" for n, e in enumerate(entries))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{inside}END:VCALENDAR\n"


def spans(text: str) -> list[str]:
    """The busy times by the wall in Springfield: "28 09:00-10:30"."""
    found = busy_spans(text, zone=ZONE, first=FIRST, last=LAST, own="@coolcare_hvac.callwright")
    return [
        f"{start.astimezone(ZONE):%d %H:%M}-{end.astimezone(ZONE):%d %H:%M}" for start, end in found
    ]


@pytest.mark.parametrize(
    ("entry", "busy"),
    [
        ("DTSTART:20250829T130000Z\nDTEND:20250829T143000Z", ["29 09:00-29 10:30"]),
        ("DTSTART:20250829T090000\nDURATION:PT1H", ["29 09:00-29 10:00"]),
        ("DTSTART;TZID=America/Chicago:20250829T090000\nDURATION:PT1H", ["29 10:00-29 11:00"]),
        (
            "DTSTART;TZID=Eastern Standard Time:20250829T090000\nDURATION:PT1H",
            ["29 09:00-29 10:00"],
        ),
        ("DTSTART;VALUE=DATE:20250829", ["29 00:00-30 00:00"]),
        ("DTSTART;VALUE=DATE:20250829\nDTEND;VALUE=DATE:20250831", ["29 00:00-31 00:00"]),
        ("DTSTART:20250827T130000Z\nDTEND:20250828T130000Z", ["27 09:00-28 09:00"]),
        ("DTSTART:20250827T130000Z\nDTEND:20250827T140000Z", []),
        ("DTSTART:20250929T130000Z\nDTEND:20250929T140000Z", []),
        ("DTSTART:20250829T130000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20250829T130000Z\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ("UID:job1@coolcare_hvac.callwright\nDTSTART:20250829T130000Z\nDURATION:PT1H", []),
    ],
)
def test_one_entry(entry: str, busy: list[str]) -> None:
    text = calendar(entry)
    if "callwright" in entry:
        text = text.replace("UID:u0\n", "")
    assert spans(text) == busy


@pytest.mark.parametrize(
    ("entry", "busy"),
    [
        (
            "DTSTART;TZID=America/New_York:20250101T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=FR",
            ["29 09:00-29 10:00", "05 09:00-05 10:00"],
        ),
        (
            "DTSTART;TZID=America/New_York:20250828T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2",
            ["28 09:00-28 10:00", "29 09:00-29 10:00"],
        ),
        (
            "DTSTART;TZID=America/New_York:20250828T210000\nDURATION:PT1H\n"
            "RRULE:FREQ=DAILY;UNTIL=20250830T010000Z",
            ["28 21:00-28 22:00", "29 21:00-29 22:00"],
        ),
        (
            "DTSTART;VALUE=DATE:20250828\nRRULE:FREQ=DAILY;UNTIL=20250829",
            ["28 00:00-29 00:00", "29 00:00-30 00:00"],
        ),
        (
            "DTSTART;TZID=America/New_York:20250828T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
            "EXDATE;TZID=America/New_York:20250829T090000",
            ["28 09:00-28 10:00", "30 09:00-30 10:00"],
        ),
        (
            "DTSTART:20250828T130000Z\nDURATION:PT1H\nRDATE:20250830T130000Z,20250831T130000Z",
            ["28 09:00-28 10:00", "30 09:00-30 10:00", "31 09:00-31 10:00"],
        ),
    ],
)
def test_a_series_takes_place_as_often_as_it_says(entry: str, busy: list[str]) -> None:
    assert spans(calendar(entry)) == busy


def test_a_series_keeps_its_time_of_day_when_the_clocks_change() -> None:
    entry = "DTSTART;TZID=America/New_York:20251027T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    first = datetime(2025, 10, 26, tzinfo=UTC)
    found = busy_spans(
        calendar(entry), zone=ZONE, first=first, last=first + timedelta(days=14), own="@x"
    )
    assert [start.hour for start, _ in found] == [13, 14]  # before and after November 2


def test_an_occurrence_that_was_moved_stands_where_it_was_moved_to() -> None:
    series = "DTSTART:20250828T130000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "RECURRENCE-ID:20250829T130000Z\nDTSTART:20250829T180000Z\nDURATION:PT30M"
    text = calendar(series, moved).replace("UID:u1", "UID:u0")

    assert spans(text) == ["28 09:00-28 10:00", "29 14:00-29 14:30"]
    off = calendar(series, f"{moved}\nSTATUS:CANCELLED").replace("UID:u1", "UID:u0")
    assert spans(off) == ["28 09:00-28 10:00"]


def test_free_busy_is_read_too() -> None:
    text = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VFREEBUSY\nUID:f\n"
        "FREEBUSY;FBTYPE=BUSY:20250829T130000Z/20250829T140000Z,20250829T150000Z/PT1H\n"
        "FREEBUSY;FBTYPE=FREE:20250829T170000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n"
    )
    assert spans(text) == ["29 09:00-29 10:00", "29 11:00-29 12:00"]


def test_an_empty_calendar_keeps_nobody_busy() -> None:
    assert spans(calendar()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!doctype html><title>Sign in</title>",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
        calendar("DTSTART:20000101T000000Z\nDURATION:PT1M\nRRULE:FREQ=MINUTELY"),
        calendar("DTSTART:20000101T000000Z\nRRULE:FREQ=SECONDLY"),
        calendar("SUMMARY:without a start"),
        calendar("DTSTART:20250828T130000Z\nRRULE:FREQ=DAILY;INTERVAL=0"),
        calendar("DTSTART:20250828T130000Z\nRRULE:FREQ=NEVER"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCalendar) as told:
        spans(text)
    assert "Sign in" not in str(told.value)


def test_too_many_entries_are_refused() -> None:
    entry = "DTSTART:20250829T130000Z\nDURATION:PT1H"
    with pytest.raises(UnreadableCalendar, match="too many"):
        spans(calendar(*[entry] * 5_001))
