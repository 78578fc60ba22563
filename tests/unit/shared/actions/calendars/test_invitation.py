"""A crew's calendar says what the tables say, after every booking, move and cancellation."""

from datetime import UTC, timedelta
from itertools import permutations

from shared.actions.calendars.invitation import invitation, sequence
from shared.actions.events import of_rows
from shared.businesses import by_id
from shared.domain.models import Job, JobStatus, Window
from shared.domain.models.event import BookingEvent
from tests.calendar_client import CalendarClient
from tests.examples import NOW, TONIGHT, a_job

TO, OURS = "crew-1@coolcare.example", "agent@callwright.example"
HOUR = timedelta(hours=1)
found = by_id("coolcare_hvac")
assert found is not None
BUSINESS = found
JOB = a_job(notes=("Gate code 12.",), customer_name="Sarah “Sal” Miller, Jr.; at 123")
MOVED = JOB.model_copy(update={"window": Window.at(TONIGHT + 3 * HOUR), "version": 1})


def events() -> list[BookingEvent]:
    """The life of one job."""
    made = [
        *of_rows.booked(JOB, NOW),
        *of_rows.moved(JOB, MOVED, NOW),
        *of_rows.closed(MOVED, JobStatus.CANCELLED, NOW),
    ]
    return [event for event in made if isinstance(event, BookingEvent)]


def mailed(client: CalendarClient, event: BookingEvent, *, invited: bool = True) -> str:
    mail = invitation(BUSINESS, event, TO, organizer=OURS, invited=invited)
    client.take(mail.ics, mail.method)
    return mail.subject


def times(job: Job) -> list[object]:
    return [(job.window.start.astimezone(UTC), job.window.end.astimezone(UTC))]


def test_a_calendar_says_what_the_table_says_after_each() -> None:
    client, (booked, moved, cancelled) = CalendarClient(), events()

    assert mailed(client, booked) == "New visit: Thu, Aug 28, 21:00 to 23:00, repair"
    assert client.windows == times(JOB)
    assert mailed(client, moved) == "Moved: Fri, Aug 29, 00:00 to 02:00, repair"
    assert client.windows == times(MOVED)
    assert mailed(client, cancelled).startswith("Cancelled: ")
    assert client.windows == []


def test_whatever_order_the_mails_come_in_the_newest_stands() -> None:
    for order in permutations(events()[:2]):
        client = CalendarClient()
        for event in order:
            mailed(client, event)
        assert client.windows == times(MOVED)
    for order in permutations(events()):
        client = CalendarClient()
        for event in order:
            mailed(client, event)
        assert client.windows == []


def test_the_sequence_rises_with_each() -> None:
    assert [sequence(event) for event in events()] == [0, 2, 3]


def test_the_crew_that_is_no_longer_sent_has_it_taken_out() -> None:
    client, (booked, moved, _) = CalendarClient(), events()
    mailed(client, booked)
    assert mailed(client, moved, invited=False).startswith("Cancelled: ")
    assert client.windows == []


def test_an_entry_has_all_that_a_crew_needs_whatever_characters_it_is_of() -> None:
    client = CalendarClient()
    mailed(client, events()[0])

    (entry,) = client.entries
    assert entry.summary.value == "repair: Sarah “Sal” Miller, Jr.; at 123"
    assert entry.location.value == "123 Oak St, Springfield, OH"
    for said in ("EMERGENCY", "555-123-0000", "Gate code 12.", "Visit $248, estimate $825."):
        assert said in entry.description.value
    assert entry.organizer.value == f"mailto:{OURS}"
    assert entry.attendee.value == f"mailto:{TO}"
    assert entry.status.value == "CONFIRMED"


def test_a_change_of_particulars_is_no_move() -> None:
    (event,) = of_rows.moved(JOB, JOB.model_copy(update={"version": 1}), NOW)
    assert isinstance(event, BookingEvent)

    mail = invitation(BUSINESS, event, TO, organizer=OURS, invited=True)
    assert mail.subject.startswith("Changed: ")
