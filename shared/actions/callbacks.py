"""Somebody is to be called back by the office: by when, what is promised of it, what is late.

The row of the call keeps it, so that whoever looks for calls of a business finds it; a follow-up
comes back when it is due. The time is promised only where the business's policy says one.
"""

import logging
from datetime import datetime, timedelta
from typing import Final, Literal

from shared.actions.ports import Ports
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.calendar.scheduling import is_after_hours, next_opening
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.models import Call, Callback, FollowUp, FollowUpKind

logger = logging.getLogger(__name__)

NO_TIME: Final = "The office will call you back."
Urgency = Literal["normal", "urgent"]
# Where the policy says nothing: promised to nobody, and the owner hears when they have passed.
WITHIN: Final = timedelta(hours=4)
URGENT_WITHIN: Final = timedelta(hours=1)


def due_at(business: Business, urgency: Urgency, now: datetime) -> datetime:
    """By when they are to be called; an ordinary one counts from when the office is open."""
    policy = business.policy
    if urgency == "urgent":
        minutes = policy.urgent_call_back_within_minutes
        return now + (timedelta(minutes=minutes) if minutes else URGENT_WITHIN)
    hours = policy.call_back_within_hours
    begins = next_opening(business, now) if is_after_hours(business, now) else now
    return begins + (timedelta(hours=hours) if hours else WITHIN)


def promise(business: Business, urgency: Urgency, now: datetime) -> str:
    """What the caller is told: a time where the policy promises one, and no other."""
    policy = business.policy
    urgent = urgency == "urgent"
    told = policy.urgent_call_back_within_minutes if urgent else policy.call_back_within_hours
    if told is None:
        return NO_TIME
    due = business.local(due_at(business, urgency, now))
    day = wording.day(due, business.local(now).date())
    return f"The office will call you back by {day}, {wording.clock(due)}."


def wanted_by(business: Business, callback: Callback) -> str:
    """For the office's text: `URGENT, call back by Thu, Aug 28, 8:00 PM`."""
    by = f"call back by {wording.display(business.local(callback.due_at))}"
    return f"URGENT, {by}" if callback.urgency == "urgent" else by


def ask(
    ports: Ports,
    business: Business,
    call_sid: str,
    *,
    phone: str | None,
    urgency: Urgency,
    topic: str | None = None,
    at: CallTime,
) -> Callback:
    """Keep that they are to be called back; asked again, the newest number and the earlier time.

    What cannot be kept now is in the office's text all the same.
    """
    asked = Callback(
        urgency=urgency,
        topic=topic,
        phone=phone,
        asked_at=at.now,
        due_at=due_at(business, urgency, at.now),
    )
    try:
        call = ports.calls.get(call_sid)
        if call is not None and call.callback is not None and call.callback.due_at < asked.due_at:
            sooner = {"due_at": call.callback.due_at, "urgency": call.callback.urgency}
            asked = asked.model_copy(update=sooner)
        if call is not None and call.callback is not None and topic is None:
            asked = asked.model_copy(update={"topic": call.callback.topic})
        ports.calls.note(call_sid, callback=asked)
        if call is None or not call.synthetic:
            ports.follow_ups.leave(_reminder(business, call_sid, asked, at))
    except (PortError, LookupError):
        logger.error("call-back not kept", extra={"call_sid": call_sid})
    return asked


def _reminder(business: Business, call_sid: str, asked: Callback, at: CallTime) -> FollowUp:
    return FollowUp(
        # Of an earlier time its own: one more urgent comes back sooner, the other finds it done.
        follow_up_id=f"callback:{call_sid}:{asked.due_at:%Y%m%dT%H%M}",
        kind=FollowUpKind.CALLBACK,
        business_id=business.id,
        call_sid=call_sid,
        error="to be called back",
        created_at=at.real,
        due_at=at.real + (asked.due_at - at.now),
    )


def is_open(call: Call) -> bool:
    """Whether somebody is still to be called back."""
    return call.callback is not None and call.called_back_at is None


def done(ports: Ports, call: Call, *, now: datetime) -> bool:
    """The office says that it has called; False where that was said before, or none was asked.

    Raises:
        PortError: the table is down.
    """
    if not is_open(call):
        return False
    ports.calls.note(call.call_sid, called_back_at=now)
    return True
