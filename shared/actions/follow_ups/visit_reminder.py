"""A visit that is to come: who said yes to texts is reminded the day before and that morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shared.actions.follow_ups.retry import FollowUpRun, Result
from shared.actions.texts import outbox, visit_texts
from shared.actions.texts.visit_texts import When
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.models import FollowUp, FollowUpKind, Job, JobStatus

# Whoever booked or moved so shortly before has just been texted the visit.
NOT_AFTER = timedelta(hours=2)
# So shortly before the window the technician may be on the way.
NOT_BEFORE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: from when on it may go, and until when. Business time."""

    when: When
    at: datetime
    until: datetime


def left(business: Business, job: Job, at: CallTime) -> list[FollowUp]:
    """What is kept with a booking or a move, where the visit is reminded of at all."""
    ahead = [each for each in _reminders(business, job) if each.at > at.now + NOT_AFTER]
    if not ahead or not _may(business, job):
        return []
    return [
        FollowUp(
            follow_up_id=f"visit:{job.job_id}:{job.version}",
            kind=FollowUpKind.VISIT,
            business_id=job.business_id,
            job_id=job.job_id,
            error="not due yet",
            created_at=at.real,
            due_at=at.real + (ahead[0].at - at.now),
        )
    ]


def look_after(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Remind, or come back when it is time. Claimed already. Raises PortError."""
    job = this_run.ports.jobs.get(follow_up.job_id or "")
    if job is None or job.status is not JobStatus.SCHEDULED or not _may(business, job):
        return this_run.done(follow_up)
    if follow_up.follow_up_id != f"visit:{job.job_id}:{job.version}":
        return this_run.done(follow_up)  # its move has left another
    now = this_run.at.now
    for reminder in _reminders(business, job):
        told_late = this_run.real(reminder.at) < follow_up.created_at + NOT_AFTER
        if told_late or now >= reminder.until:
            continue
        if now < reminder.at:
            return this_run.held(follow_up, reminder.at)
        _remind(this_run, business, job, reminder.when)
    return this_run.done(follow_up)


def _remind(this_run: FollowUpRun, business: Business, job: Job, when: When) -> None:
    """The text is kept in one transaction with the note that it was: never twice, never lost."""
    text = visit_texts.reminder(business, job, when)
    # For the figures, and before the text: noted again is noted once.
    this_run.ports.jobs.visit_reminded(job.job_id, at=this_run.at.now)
    to_send = outbox.as_follow_up(business, text, this_run.at.real, due_in=timedelta())
    if this_run.ports.follow_ups.leave_once(text.key, [to_send], at=this_run.at.real):
        this_run.ports.metrics.count("VisitsReminded", business=business.id)
        this_run.queue.append(to_send)


def _may(business: Business, job: Job) -> bool:
    return (
        business.policy.remind_visits
        and job.consent is not None
        and not job.synthetic
        and outbox.reachable(business, job.phone.normalised)
    )


def _reminders(business: Business, job: Job) -> Iterator[Reminder]:
    """In the order in which they go, within the hours in which customers are texted."""
    policy, start = business.policy, business.local(job.window.start)

    def on(days: int, hour: int) -> datetime:
        day = start.date() + timedelta(days=days)
        return datetime.combine(day, time(hour), business.zone)

    same_hour = min(max(start.hour, policy.texts_from), policy.texts_until - 1)
    yield Reminder("day_before", on(-1, same_hour), on(-1, policy.texts_until))
    morning, latest = on(0, policy.texts_from), start - NOT_BEFORE
    if morning < latest:
        yield Reminder("morning", morning, latest)
