"""Who is to hear of an event: one delivery for each, kept until it was taken."""

from datetime import datetime

from shared.domain.business import Business
from shared.domain.models import FollowUp, FollowUpKind
from shared.domain.models.event import Event, event_json

BUS = "bus"


def deliveries(
    event: Event, business: Business | None, real_now: datetime, *, bus: bool
) -> list[FollowUp]:
    """What is to be delivered of `event`; of a business that is no more, to the bus alone."""
    found = [_delivery(event, FollowUpKind.BUS, BUS, real_now)] if bus else []
    if business is None:
        return found
    return found + [
        _delivery(event, FollowUpKind.WEBHOOK, webhook.name, real_now)
        for webhook in business.integrations.webhooks
        if event.type in webhook.events
    ]


def _delivery(event: Event, kind: FollowUpKind, to: str, real_now: datetime) -> FollowUp:
    return FollowUp(
        follow_up_id=f"{kind}:{to}:{event.id}",
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
        due_at=real_now,
    )
