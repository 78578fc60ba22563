"""One follow-up in hand: tried again, put off, or given up; and the texts that were kept."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from shared.actions.ports import Ports
from shared.actions.texts import booking_texts, outbox
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.calendar.scheduling import texting_at
from shared.domain.call_time import CallTime
from shared.domain.deposits import is_due
from shared.domain.models import FollowUp, FollowUpKind, JobStatus

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)  # longer than a run lasts
URGENT_CLAIM = timedelta(minutes=1)  # each of its steps is done once, whoever takes it on
ATTEMPTS = 8  # the last one ten hours after the first
LONGEST_PAUSE = timedelta(hours=6)
_CONFIRMATIONS = ("caller", "office", "on_call", "day_before", "morning")
_ABOUT_MONEY = ("link", "reminder")

Result = Literal["done", "held", "again", "given_up", "skipped"]


@dataclass(frozen=True, slots=True)
class FollowUpRun:
    """One run of the schedule, which works on all that is due."""

    ports: Ports
    business: Callable[[str], Business | None]  # by id
    public_url: str  # our public base address, for pay links
    at: CallTime  # when the run began
    # What is due, the oldest first. Work that leads to a text adds it here, to be sent at once.
    queue: deque[FollowUp] = field(default_factory=deque)

    def real(self, at: datetime) -> datetime:
        """A business time as real time, by which follow-ups are due."""
        return self.at.real + (at - self.at.now)

    def done(self, follow_up: FollowUp) -> Result:
        self.ports.follow_ups.done(follow_up.follow_up_id)
        return "done"

    def held(self, follow_up: FollowUp, until: datetime) -> Result:
        """Nothing to do before `until`, business time. No attempt is counted."""
        claimed = self.ports.follow_ups.claim(follow_up, until=self.real(until))
        return "held" if claimed else "skipped"


def send_text(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """A text that the network did not take before. Claimed already."""
    if follow_up.to is None or follow_up.body is None:
        # Taken, and then not delivered: its words are not kept, and the number is the trouble.
        return to_the_office(this_run, business, follow_up)
    if _is_moot(this_run, follow_up):
        return this_run.done(follow_up)
    text = Sms(follow_up.to, follow_up.body, follow_up.follow_up_id, follow_up.job_id)
    code = outbox.hand_over(this_run.ports, business, text)
    outbox.count_sent(this_run.ports, business, code)
    if code is None or code in outbox.OPTED_OUT:
        return this_run.done(follow_up)
    follow_up = follow_up.model_copy(update={"error": f"twilio {code}"})
    if code in outbox.HOPELESS:
        if outbox.by_mail(this_run.ports, business, text):
            return this_run.done(follow_up)
        return to_the_office(this_run, business, follow_up)
    return again(this_run, business, follow_up, f"twilio {code}")


def claim_for(follow_up: FollowUp) -> timedelta:
    """For how long whoever works on it keeps it from others."""
    return URGENT_CLAIM if follow_up.kind is FollowUpKind.ALERT else CLAIM


def allowed_at(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> datetime:
    """From when on it may be worked on, business time. A customer, or the office, is not texted at
    night; staff who are on call are texted at any hour."""
    staff = business.on_call or (business.office,)
    if follow_up.kind is not FollowUpKind.TEXT or follow_up.to in staff:
        return this_run.at.now
    return texting_at(business, this_run.at.now)


def again(this_run: FollowUpRun, business: Business, follow_up: FollowUp, error: str) -> Result:
    """One more attempt failed: a longer pause, and after the last one a person."""
    attempts = follow_up.attempts + 1
    if attempts >= ATTEMPTS:
        return given_up(this_run, business, follow_up.model_copy(update={"error": error}))
    until = this_run.at.real + pause_after(attempts)
    this_run.ports.follow_ups.put_off(follow_up.follow_up_id, until=until, error=error[:200])
    return "again"


def pause_after(attempts: int) -> timedelta:
    """10, 20, 40 minutes and so on; `attempts` counts those that failed."""
    factor: int = 2 ** min(attempts, 12)
    return min(outbox.FIRST_RETRY * factor, LONGEST_PAUSE)


def given_up(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """It stays undone: counted, so that somebody is called, and told to the office."""
    logger.error("follow-up given up", extra={"follow_up_id": follow_up.follow_up_id})
    this_run.ports.metrics.count("FollowUpsGivenUp", business=business.id)
    if outbox.is_customer(business, follow_up.to):
        _notice(this_run, business, follow_up)
    else:
        this_run.done(follow_up)
    return "given_up"


def to_the_office(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """No text will ever reach this number: the office calls the customer instead."""
    if not outbox.is_customer(business, follow_up.to):
        return given_up(this_run, business, follow_up)
    _notice(this_run, business, follow_up)
    return "done"


def _notice(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> None:
    """In place of the follow-up itself, so that one or the other is kept."""
    text = outbox.not_reached(business, follow_up)
    to_send = outbox.as_follow_up(business, text, this_run.at.real, due_in=timedelta())
    if this_run.ports.follow_ups.replace(follow_up.follow_up_id, to_send):
        this_run.queue.append(to_send)


def _is_moot(this_run: FollowUpRun, follow_up: FollowUp) -> bool:
    """The job was closed, paid or moved since the text was written."""
    job = this_run.ports.jobs.get(follow_up.job_id) if follow_up.job_id else None
    if job is None:
        return False
    named = booking_texts.named(follow_up.follow_up_id, job)
    if named is None or named[1] not in (*_CONFIRMATIONS, *_ABOUT_MONEY):
        return False
    version, what = named
    if version != job.version:
        return True  # its move has left other texts
    return not is_due(job) if what in _ABOUT_MONEY else job.status is not JobStatus.SCHEDULED
