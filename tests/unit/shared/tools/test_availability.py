"""The day and the part of it that a caller asks for, and what is offered then."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.domain.business import Business
from shared.domain.calendar.busy import BusyCrews
from tests.examples import NOW
from tests.unit.shared.tools.talk import AVAILABILITY, Talk, at, coolcare

FRIDAY = "2025-08-29"
ALL_FREE: tuple[int, ...] = (8, 10, 12, 14, 16)


def check(talk: Talk, day: str | None, *, emergency: bool = False) -> dict[str, Any]:
    return talk.use(
        "check_availability", service_type="repair", is_emergency=emergency, preferred_date=day
    ).output


def with_free(*hours: int, **changes: Any) -> Talk:
    """A call that finds only these windows on Friday; the days after it are free."""
    talk = Talk(coolcare(**changes))
    for hour in ALL_FREE:
        if hour not in hours:
            first = datetime(2025, 8, 29, hour + 4, tzinfo=UTC)
            for start in (first, first + timedelta(hours=1)):
                talk.world.jobs.locks["coolcare_hvac", "crew-1", start] = "another"
    return talk


def starts(output: dict[str, Any]) -> list[str]:
    return [slot["datetime"][:13] for slot in output["available_slots"]]


def on_friday(*hours: int) -> list[str]:
    return [f"{FRIDAY}T{hour:02}" for hour in hours]


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        ("2025-08-29 afternoon", (12, 14, 16)),
        ("2025-08-29, in the afternoon", (12, 14, 16)),
        ("afternoon of 2025-08-29", (12, 14, 16)),
        ("2025-08-29 PM", (12, 14, 16)),
        ("2025-08-29 morning", (8, 10, 12)),
        ("2025-08-29T14:00:00-04:00", (14, 12, 16)),
        ("2025-08-29T14:00:00Z", (14, 12, 16)),
        ("2025-08-29 15:30", (14, 16, 12)),
        ("2025-08-29 at 3:30 pm", (14, 16, 12)),
        ("2025-08-29 2 p.m.", (14, 12, 16)),
        ("2025-08-29 noon", (12, 10, 14)),
    ],
)
def test_the_part_of_the_day_that_was_asked_for_is_offered(
    asked: str, hours: tuple[int, ...]
) -> None:
    output = check(Talk(), asked)

    assert starts(output) == on_friday(*hours)
    assert output["message"] == "Here are the next available times."


@pytest.mark.parametrize("asked", [FRIDAY, "2025-08-29T00:00:00Z", "2025-08-29 any time"])
def test_a_day_without_a_part_is_offered_from_its_morning_to_its_afternoon(asked: str) -> None:
    assert starts(check(Talk(), asked)) == on_friday(8, 12, 16)


def test_where_no_day_was_named_the_next_windows_are_offered() -> None:
    assert starts(check(Talk(), None)) == on_friday(8, 10, 12)


def test_a_part_that_is_full_is_said_to_be_full() -> None:
    output = check(with_free(8, 10), "2025-08-29 afternoon")

    assert starts(output) == [*on_friday(10, 8), "2025-09-02T08"]
    assert output["message"] == (
        "Nothing is free on Friday, August 29 in the afternoon. Here are the next available times."
    )


def test_a_part_the_business_does_not_work_is_said_to_have_nothing() -> None:
    output = check(Talk(), "2025-08-29 evening")

    assert starts(output) == on_friday(16, 14, 12)
    assert str(output["message"]).startswith("Nothing is free on Friday, August 29 in the evening.")


@pytest.mark.parametrize("day", ["2025-08-30", "2025-09-01", "2025-09-01 morning"])
def test_a_day_on_which_the_business_is_closed_is_said_to_have_nothing(day: str) -> None:
    output = check(Talk(), day)

    assert starts(output)[0] == "2025-09-02T08"
    assert str(output["message"]).startswith("Nothing is free on ")


def test_an_emergency_is_offered_its_window_first_and_then_the_part_asked_for() -> None:
    output = check(Talk(), "2025-08-29 afternoon", emergency=True)

    assert starts(output) == ["2025-08-28T21", *on_friday(12, 14)]
    assert output["message"] == "For emergency service, I can get you on today's schedule."


def test_every_window_offered_for_a_part_can_be_booked() -> None:
    talk = Talk()
    check(talk, "2025-10-10 afternoon")  # beyond the days that are looked through unasked
    booked = talk.use(
        "book_appointment",
        customer_name="Sarah Miller",
        phone="+15551230000",
        address="123 Oak St, Springfield, OH",
        service_type="repair",
        description="AC not cooling.",
        scheduled_time="2025-10-10T14:00:00-04:00",
        estimated_cost="$825",
    )
    assert booked.output["booked"] is True


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-09-12", "2024-09-12 is past; today is Thursday 2025-08-28"),
        ("2025-08-27 afternoon", "2025-08-27 is past; today is Thursday 2025-08-28"),
        ("0001-01-01", "0001-01-01 is past"),
        ("2026-09-12", "2026-09-12 is more than 60 days ahead; today is Thursday 2025-08-28"),
        ("9999-12-31", "9999-12-31 is more than 60 days ahead"),
    ],
)
def test_a_day_past_or_too_far_ahead_is_refused_with_today_s_date(day: str, said: str) -> None:
    talk = Talk()
    output = check(talk, day)

    assert output["error"] == "bad_arguments"
    assert said in str(output["message"])
    assert talk.world.calls.rows["CA1"].stage != "offered"


@pytest.mark.parametrize(
    "day",
    ["tomorrowish", "2025-02-30", "2025-08-29 or 2025-08-30", "2025-08-29 25:00", "29/08/2025"],
)
def test_a_day_that_cannot_be_read_is_told_how_to_write_it(day: str) -> None:
    output = check(Talk(), day)

    assert output["error"] == "bad_arguments"
    assert "preferred_date: must be the day as YYYY-MM-DD" in str(output["message"])


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("America/New_York", "2025-08-29T03:30:00+00:00", date(2025, 8, 28)),
        ("America/Phoenix", "2025-08-29T06:30:00+00:00", date(2025, 8, 28)),
        ("America/New_York", "2025-08-29T04:30:00+00:00", date(2025, 8, 29)),
    ],
)
def test_which_day_is_past_is_told_by_the_business_s_own_clock(
    zone: str, now: str, today: date
) -> None:
    talk = Talk(coolcare(time_zone=zone), now=datetime.fromisoformat(now))

    assert "available_slots" in check(talk, today.isoformat())
    assert "is past" in str(check(talk, (today - timedelta(days=1)).isoformat())["message"])


def test_a_business_in_another_zone_quotes_offers_and_books_by_its_own_clock() -> None:
    phoenix: Business = coolcare(time_zone="America/Phoenix", service_zips=("01234",))
    noon = datetime(2026, 7, 1, 19, tzinfo=UTC)  # a Wednesday, 12:00 in Phoenix
    talk = Talk(phoenix, now=noon)

    slots = check(talk, "2026-07-01 afternoon")["available_slots"]
    assert [slot["datetime"] for slot in slots[:2]] == [
        "2026-07-01T14:00:00-07:00",
        "2026-07-01T16:00:00-07:00",
    ]
    booked = talk.use(
        "book_appointment",
        customer_name="Sarah Miller",
        phone="+15551230000",
        address="123 Oak St, Springfield, AZ",
        service_type="repair",
        description="AC not cooling.",
        scheduled_time=slots[0]["datetime"],
        estimated_cost=slots[0]["total_estimate"],
        zip="01234-5678",
    )
    assert booked.output["booked"] is True
    (job,) = talk.world.jobs.rows.values()
    assert (job.rate, job.time_zone) == ("regular", "America/Phoenix")


def test_a_time_past_is_refused_as_past() -> None:
    talk = Talk()
    output = talk.use(
        "book_appointment",
        customer_name="Sarah Miller",
        phone="+15551230000",
        address="123 Oak St, Springfield, OH",
        service_type="repair",
        description="AC not cooling.",
        scheduled_time=(NOW - timedelta(days=365)).isoformat(),
        estimated_cost=825,
    ).output

    assert output["error"] == "window_not_offered"
    assert "is past; today is Thursday 2025-08-28" in str(output["message"])
    assert output["available_slots"]


def test_availability_has_the_spec_s_slots_and_message() -> None:
    output = Talk().use("check_availability", **AVAILABILITY).output

    slots: Any = output["available_slots"]
    assert [{key: slot[key] for key in ("datetime", "display")} for slot in slots] == [
        {"datetime": "2025-08-28T21:00:00-04:00", "display": "Thu, Aug 28, 9:00 PM"},
        {"datetime": "2025-08-29T08:00:00-04:00", "display": "Fri, Aug 29, 8:00 AM"},
        {"datetime": "2025-08-29T10:00:00-04:00", "display": "Fri, Aug 29, 10:00 AM"},
    ]
    assert output["message"] == "For emergency service, I can get you on today's schedule."
    assert [slot["say"] for slot in slots] == [
        "tonight 9 to 11 PM",
        "tomorrow 8 to 10 AM",
        "tomorrow 10 AM to noon",
    ]
    assert [(slot["visit_fee"], slot["deposit"]) for slot in slots] == [
        (248, 206),
        (165, 138),
        (165, 138),
    ]


def test_an_emergency_too_late_for_today_does_not_promise_today() -> None:
    night = Talk(now=at("2025-08-28T23:30:00-04:00"))

    output = night.use("check_availability", **AVAILABILITY).output

    assert output["message"] == (
        "For emergency service, the soonest I can offer is Fri, Aug 29, 6:00 AM."
    )


def test_a_day_asked_for_is_the_first_offered() -> None:
    output = (
        Talk().use("check_availability", service_type="repair", preferred_date="2025-09-03").output
    )

    slots: Any = output["available_slots"]
    assert slots[0]["datetime"] == "2025-09-03T08:00:00-04:00"
    assert slots[0]["say"] == "Wednesday, September 3 8 to 10 AM"


@pytest.mark.parametrize("day", ["9999-12-31", "2026-08-28", "yesterday", "28.08.2025"])
def test_a_day_that_cannot_be_is_refused_by_name(day: str) -> None:
    output = Talk().use("check_availability", service_type="repair", preferred_date=day).output

    assert output["error"] == "bad_arguments"
    assert "preferred_date" in str(output["message"])


def told(talk: Talk, day: str | None = None, *, emergency: bool = False) -> tuple[str, str, str]:
    telling = talk.use(
        "check_availability", service_type="repair", is_emergency=emergency, preferred_date=day
    ).telling
    assert telling is not None
    return telling.sentence, telling.question, telling.instead


def test_the_first_two_windows_are_asked_with_the_price_of_the_first() -> None:
    assert told(Talk(), emergency=True) == (
        "",
        "Would tonight 9 to 11 PM work, or tomorrow 8 to 10 AM for less?",
        "Tonight's visit is $248, about $825 in all.",
    )
    assert told(Talk()) == (
        "",
        "Would tomorrow 8 to 10 AM work, or 10 AM to noon?",
        "The visit is $165, about $550 in all.",
    )


def test_a_single_window_is_asked_alone() -> None:
    assert told(with_free(14, max_slots=1), FRIDAY)[1] == "Would tomorrow 2 to 4 PM work for you?"


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("tomorrow at two", "Would tomorrow 2 to 4 PM work for you?"),
        ("tomorrow", "Would tomorrow 8 to 10 AM work, or noon to 2 PM?"),
        ("tomorrow in the morning", "Would tomorrow 8 to 10 AM work, or 10 AM to noon?"),
    ],
)
def test_the_only_window_at_the_time_that_was_asked_for_is_asked_alone(
    when: str, asked: str
) -> None:
    telling = (
        Talk().use("check_availability", service_type="repair", is_emergency=False, when=when)
    ).telling

    assert telling is not None
    assert telling.question == asked


def test_that_the_day_is_full_is_said_before_another() -> None:
    sentence, question, _ = told(with_free(), FRIDAY)

    assert sentence == "Nothing is free on Friday, August 29."
    assert question.startswith("Would Tuesday, September 2 8 to 10 AM work")


def test_where_nothing_is_free_nothing_is_told() -> None:
    talk = Talk(coolcare(crews=()))
    reply = talk.use(
        "check_availability", service_type="repair", is_emergency=False, preferred_date=None
    )

    assert reply.output["available_slots"] == []
    assert reply.telling is None


def busy_tonight(talk: Talk, *unsure: str) -> None:
    """The crew's own calendar has something from nine on."""
    nine = datetime(2025, 8, 29, 1, tzinfo=UTC)
    talk.world.calendars.known = BusyCrews(frozenset({("crew-1", nine)}), frozenset(unsure))


def test_an_hour_that_a_crew_s_own_calendar_takes_is_not_offered() -> None:
    talk = Talk()
    assert starts(check(talk, None, emergency=True))[0] == "2025-08-28T21"
    busy_tonight(talk)
    assert "2025-08-28T21" not in starts(check(talk, None, emergency=True))


def test_a_calendar_that_cannot_be_read_offers_windows_that_the_office_confirms() -> None:
    talk = Talk()
    assert "office will confirm" not in check(talk, FRIDAY)["message"]
    talk.world.calendars.known = BusyCrews(unsure=frozenset({"crew-1"}))
    assert check(talk, FRIDAY)["message"].endswith("Our office will confirm the time.")
    another = Talk(world=talk.world)
    assert told(another, FRIDAY)[0] == "Our office will confirm the time."
