"""What is texted about a booking, and to whom."""

from datetime import datetime

import pytest

from shared.actions.texts import booking_texts
from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours
from tests.examples import NOW, a_job


def coolcare() -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business


def test_the_confirmation_leads_to_the_page_of_the_visit() -> None:
    link = "https://calls.example.com/visit/job1"
    (text,) = booking_texts.for_caller(coolcare(), a_job(), link, payable=True)
    assert text.body.endswith(f"Deposit $206: {link}")
    (text,) = booking_texts.for_caller(coolcare(), a_job(), link, payable=False)
    assert text.body.endswith("Deposit $206: the payment link will follow.")
    (text,) = booking_texts.for_caller(coolcare(), a_job(deposit_paid=True), link, payable=False)
    assert text.body.endswith(f"Your visit: {link}")


def test_the_crew_reads_each_note_once_and_no_double_stops() -> None:
    job = a_job(
        description="AC not cooling. Gate code 1234.",
        notes=("Gate code 1234.", "One friendly dog."),
    )
    body = booking_texts.for_crew(coolcare(), job, NOW)[0].body

    assert "repair: AC not cooling. Gate code 1234. Notes: One friendly dog. Visit $248" in body


@pytest.mark.parametrize(
    ("now", "start", "on_call"),
    [
        ("2025-08-28T19:12-04:00", "2025-08-28T21:00-04:00", True),
        ("2025-08-28T19:12-04:00", "2025-08-29T08:00-04:00", False),
        ("2025-08-29T06:00-04:00", "2025-08-29T07:00-04:00", True),
        ("2025-08-28T11:00-04:00", "2025-08-28T14:00-04:00", False),
        ("2025-08-29T20:00-04:00", "2025-08-30T06:00-04:00", True),  # Friday night, Saturday
    ],
)
def test_on_call_hears_of_jobs_that_come_before_the_office(
    now: str, start: str, on_call: bool
) -> None:
    begins = datetime.fromisoformat(start)
    job = a_job(start=begins, after_hours=is_after_hours(coolcare(), begins))

    assert booking_texts.before_the_office(coolcare(), job, datetime.fromisoformat(now)) is on_call
