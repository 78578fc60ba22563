"""A business's visits as a calendar to subscribe to: without numbers, notes and gate codes."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from shared.actions.calendars.invitation import PRODUCT, uid
from shared.actions.ports import Jobs
from shared.domain.business import Business
from shared.domain.models import Job, JobStatus

EVERY_CREW = "all"
BEFORE_DAYS, AHEAD_DAYS = 7, 60
_FETCHED_EVERY = "PT15M"
_SHOWN = (JobStatus.SCHEDULED, JobStatus.COMPLETED)


def address_key(secret: str, business_id: str, crew: str) -> str:
    """What makes a feed's address one that nobody guesses. With another secret it is another."""
    digest = hmac.new(secret.encode(), f"{business_id}:{crew}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()


def is_address(given: str, secrets: Iterable[str], business_id: str, crew: str) -> bool:
    """Whether one of the secrets made it: while one is rotated, both addresses lead here."""
    return any(
        hmac.compare_digest(given.encode(), address_key(each, business_id, crew).encode())
        for each in secrets
    )


def feed(jobs: Jobs, business: Business, crew: str, now: datetime) -> str:
    """The calendar of one crew, or of EVERY_CREW, around `now`, business time.

    Raises:
        PortError: the table is down.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    whose = business.name if crew == EVERY_CREW else f"{business.name}, {crew}"
    calendar.add("x-wr-calname", whose)
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _FETCHED_EVERY)
    today = business.local(now).date()
    for n in range(-BEFORE_DAYS, AHEAD_DAYS + 1):
        for job in jobs.of_business(business.id, f"{today + timedelta(days=n):%Y-%m-%d}"):
            stands = job.status in _SHOWN and not job.synthetic
            if stands and crew in (EVERY_CREW, job.crew):
                calendar.add_component(_entry(business, job, now))
    return str(calendar.to_ical(), "utf-8")


def _entry(business: Business, job: Job, now: datetime) -> Entry:
    """Who, where and what kind: the notes may hold a gate's code, the description too."""
    entry = Entry()
    entry.add("uid", uid(business.id, job.job_id))
    entry.add("sequence", 2 * job.version)
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", job.window.start.astimezone(UTC))
    entry.add("dtend", job.window.start.astimezone(UTC) + timedelta(hours=job.hours))
    urgent = "EMERGENCY " if job.is_emergency else ""
    entry.add("summary", f"{urgent}{job.service_type}: {job.customer_name} ({job.crew})")
    entry.add("location", job.address.normalised)
    entry.add("status", "CONFIRMED")
    return entry
