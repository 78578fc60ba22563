"""Who is to hear of an event: one delivery for each, kept until it was taken."""

from datetime import datetime, timedelta
from hashlib import sha256

from shared.domain.business import Business
from shared.domain.models import FollowUp, FollowUpKind
from shared.domain.models.event import BookingEvent, CallCompleted, Event, MovedVisit, event_json

BUS = "bus"
WRITTEN = timedelta(minutes=2)  # after a call's end its last turns are in the table


def deliveries(
    event: Event, business: Business | None, real_now: datetime, *, bus: bool
) -> list[FollowUp]:
    """What is to be delivered of `event`; of a business that is no more, to the bus alone."""
    found = [_delivery(event, FollowUpKind.BUS, BUS, real_now)] if bus else []
    if business is None:
        return found
    found += [
        _delivery(event, FollowUpKind.WEBHOOK, webhook.name, real_now)
        for webhook in business.integrations.webhooks
        if event.type in webhook.events
    ]
    found += [
        _delivery(event, FollowUpKind.INVITATION, to, real_now) for to in _invited(event, business)
    ]
    report = business.integrations.report
    if report and isinstance(event, CallCompleted) and event.data.outcome in report.outcomes:
        found.append(_delivery(event, FollowUpKind.REPORT, report.by, real_now + WRITTEN))
    return found


def _invited(event: Event, business: Business) -> tuple[str, ...]:
    """The crew's addresses; where another crew was to come, that one's too, to take it out."""
    if not isinstance(event, BookingEvent):
        return ()
    crews = [event.data.crew]
    if isinstance(event.data, MovedVisit):
        crews.append(event.data.was_crew)
    return tuple(dict.fromkeys(to for crew in crews for to in business.integrations.invited(crew)))


def _delivery(event: Event, kind: FollowUpKind, to: str, due_at: datetime) -> FollowUp:
    # An address of a person stands in no log: the id has only its digest.
    named = to if kind is not FollowUpKind.INVITATION else sha256(to.encode()).hexdigest()[:12]
    return FollowUp(
        follow_up_id=f"{kind}:{named}:{event.id}",
        kind=kind,
        business_id=event.business_id,
        job_id=event.job_id,
        call_sid=event.call_sid,
        to=to,
        about=event.about,
        body=event_json(event),
        error="not taken yet",
        # By this those of one subject are put in order.
        created_at=event.at,
        due_at=due_at,
    )
