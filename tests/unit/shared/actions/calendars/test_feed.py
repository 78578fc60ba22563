"""The feed says what the tables say, and no more than a stranger may read."""

from datetime import timedelta

from shared.actions.calendars.feed import EVERY_CREW, address_key, feed, is_address
from shared.businesses import by_id
from shared.domain.models import Books, JobStatus, Window
from shared.domain.money import Cents
from tests.calendar_client import CalendarClient
from tests.examples import NOW, TONIGHT, a_customer, a_job
from tests.fakes import FakeJobs

found = by_id("coolcare_hvac")
assert found is not None
BUSINESS = found
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def client_of(jobs: FakeJobs, crew: str = EVERY_CREW) -> CalendarClient:
    client = CalendarClient()
    client.subscribe(feed(jobs, BUSINESS, crew, NOW))
    return client


def test_it_says_what_the_table_says_after_every_booking_move_and_cancellation() -> None:
    jobs, job = FakeJobs(), a_job()
    assert client_of(jobs).windows == []
    jobs.book(job, a_customer())
    assert client_of(jobs).windows == [(TONIGHT, TONIGHT + 2 * HOUR)]
    later = Window.at(TONIGHT + 2 * DAY)
    jobs.move(job, a_job(version=1, window=later))
    assert client_of(jobs).windows == [(later.start, later.end)]
    jobs.close("job1", JobStatus.CANCELLED, at=NOW)
    assert client_of(jobs).windows == []


def test_a_visit_that_is_done_stays_where_it_was() -> None:
    jobs = FakeJobs()
    jobs.book(a_job(hours=4), a_customer())
    bill = Books(final=Cents(0), visit_credited=Cents(0), deposit_credited=Cents(0), at=TONIGHT)
    assert jobs.complete(jobs.rows["job1"], bill)
    assert client_of(jobs).windows == [(TONIGHT, TONIGHT + 4 * HOUR)]


def test_a_crew_s_own_feed_has_its_visits_alone() -> None:
    jobs = FakeJobs()
    jobs.book(a_job(), a_customer())
    jobs.book(a_job("job2", crew="crew-2"), a_customer())

    assert len(client_of(jobs).entries) == 2
    (entry,) = client_of(jobs, "crew-2").entries
    assert entry.uid.value == "job2@coolcare_hvac.callwright"


def test_number_notes_and_what_was_described_are_not_in_it() -> None:
    jobs = FakeJobs()
    jobs.book(a_job(notes=("Gate code 4711.",), email="s@example.com"), a_customer())
    text = feed(jobs, BUSINESS, EVERY_CREW, NOW).replace("\r\n ", "")

    assert "Sarah Miller" in text and "123 Oak St" in text
    for kept in ("4711", "5551230000", "555-123", "rattling", "s@example.com", "825"):
        assert kept not in text


def test_smoke_calls_and_what_is_long_past_are_not_in_it() -> None:
    jobs = FakeJobs()
    jobs.book(a_job(synthetic=True), a_customer())
    jobs.book(a_job("old", start=TONIGHT - 9 * DAY), a_customer())

    assert client_of(jobs).entries == []


def test_an_address_is_of_one_crew_of_one_business_and_of_one_secret() -> None:
    key = address_key("secret", "coolcare_hvac", "crew-1")

    assert len(key) == 32
    assert is_address(key, ["new", "secret"], "coolcare_hvac", "crew-1")
    for secrets, business, crew in (
        (["new"], "coolcare_hvac", "crew-1"),
        (["secret"], "coolcare_hvac", EVERY_CREW),
        (["secret"], "clearflow_plumbing", "crew-1"),
        ([], "coolcare_hvac", "crew-1"),
    ):
        assert not is_address(key, secrets, business, crew)
