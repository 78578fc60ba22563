"""A visit as a calendar takes it by mail: a request, or its cancellation (RFC 5545 and 5546).

The same UID for every version of the same job, and a SEQUENCE that rises with each, so that a
calendar keeps the newest whatever order its mails come in.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Literal

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.models.event import BookingCancelled, BookingEvent, MovedVisit
from shared.domain.money import spoken

PRODUCT = "-//Callwright//Visits//EN"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One mail to one address."""

    subject: str
    body: str  # for who reads mail, and not calendars
    method: Literal["REQUEST", "CANCEL"]
    ics: str


def invitation(
    business: Business, event: BookingEvent, to: str, *, organizer: str, invited: bool
) -> Invitation:
    """What `to` is sent of `event`; `invited` says whether its crew is still who comes."""
    off = isinstance(event, BookingCancelled) or not invited
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "REQUEST")
    calendar.add_component(_entry(business, event, to, organizer=organizer, off=off))
    when, body = _when(business, event), _body(business, event)
    return Invitation(
        subject=f"{_news(event, off)}: {when}, {event.data.service_type}",
        body=f"{business.name}: {_news(event, off).lower()}, {when}.\n\n{body}\n",
        method="CANCEL" if off else "REQUEST",
        ics=calendar.to_ical().decode("utf-8"),
    )


def uid(business_id: str, job_id: str | None) -> str:
    return f"{job_id}@{business_id}.callwright"


def sequence(event: BookingEvent) -> int:
    """Two for each version: a cancellation comes after the version it cancels."""
    return 2 * event.version + isinstance(event, BookingCancelled)


def _entry(business: Business, event: BookingEvent, to: str, *, organizer: str, off: bool) -> Entry:
    visit, entry = event.data, Entry()
    entry.add("uid", uid(event.business_id, event.job_id))
    entry.add("sequence", sequence(event))
    entry.add("dtstamp", event.at.astimezone(UTC))
    entry.add("dtstart", visit.window.start.astimezone(UTC))
    # The crew is held longer than the window lasts in which it arrives.
    entry.add("dtend", visit.window.start.astimezone(UTC) + timedelta(hours=visit.hours))
    entry.add("summary", f"{visit.service_type}: {visit.customer_name}")
    entry.add("location", visit.address)
    entry.add("description", _body(business, event))
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("transp", "OPAQUE")
    sender = vCalAddress(f"mailto:{organizer}")
    sender.params["cn"] = vText(business.name)
    entry["organizer"] = sender
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["rsvp"] = vText("FALSE")
    attendee.params["partstat"] = vText("ACCEPTED")
    entry.add("attendee", attendee, encode=False)
    return entry


def _news(event: BookingEvent, off: bool) -> str:
    if off:
        return "Cancelled"
    if isinstance(event.data, MovedVisit):
        return "Moved" if event.data.was_window != event.data.window else "Changed"
    return "New visit"


def _when(business: Business, event: BookingEvent) -> str:
    start, end = (business.local(at) for at in (event.data.window.start, event.data.window.end))
    return f"{start:%a, %b} {start.day}, {start:%H:%M} to {end:%H:%M}"


def _body(business: Business, event: BookingEvent) -> str:
    visit = event.data
    money = (
        f"Nothing was quoted, the caller says: {visit.covered.value}."
        if visit.covered is not None
        else f"Visit {spoken(visit.visit_fee)}, estimate {spoken(visit.estimate)}."
    )
    lines = (
        "EMERGENCY" if visit.is_emergency else "",
        "TO BE CONFIRMED: this calendar could not be read" if visit.to_be_confirmed else "",
        f"{visit.customer_name}, {wording.number(visit.phone)}",
        visit.address,
        visit.description,
        *visit.notes,
        money,
        f"Job {event.job_id}",
    )
    return "\n".join(filter(None, lines))
