"""When an unpaid deposit is next acted upon: reminded of, or its window given back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.domain.business import Business, Policy
from shared.domain.models import Job, JobStatus, Priority, Window

# Somebody who cannot wait is visited, paid or not.
NEVER_RELEASED = frozenset({Priority.LIFE_SAFETY, Priority.SAME_DAY})


@dataclass(frozen=True, slots=True)
class DepositStep:
    """What comes next, and from when on."""

    what: Literal["remind", "release"]
    at: datetime


def is_due(job: Job) -> bool:
    """Whether the job owes a deposit."""
    return job.status is JobStatus.SCHEDULED and job.deposit > 0 and not job.deposit_paid


def refundable_until(policy: Policy, window: Window) -> datetime:
    """Up to when a visit that is called off gets its deposit back."""
    return window.start - timedelta(hours=policy.refundable_before_hours)


def may_be_released(job: Job) -> bool:
    """Never an emergency or an urgent job, whatever the business's policy says."""
    return not job.is_emergency and job.priority not in NEVER_RELEASED


def first_look(policy: Policy) -> timedelta | None:
    """How long after a booking its deposit is first looked at; None when policy wants nothing."""
    hours = policy.remind_unpaid_after_hours
    return None if hours is None else timedelta(hours=hours)


def next_step(business: Business, job: Job) -> DepositStep | None:
    """The reminder first, the release after it; None when nothing is left to do."""
    policy = business.policy
    remind, cancel = policy.remind_unpaid_after_hours, policy.cancel_unpaid_after_hours
    if not is_due(job) or remind is None:
        return None
    if job.reminded_at is None:
        return DepositStep("remind", job.created_at + timedelta(hours=remind))
    if cancel is None or not may_be_released(job):
        return None
    # Whoever was reminded late, since it was night, has as long to pay as everybody else.
    return DepositStep("release", released_at(policy, job, job.reminded_at))


def released_at(policy: Policy, job: Job, reminded_at: datetime) -> datetime:
    """From when on the window may be given back, had the reminder gone out at `reminded_at`."""
    remind, cancel = policy.remind_unpaid_after_hours or 0, policy.cancel_unpaid_after_hours or 0
    booked_long_ago = job.created_at + timedelta(hours=cancel)
    return max(booked_long_ago, reminded_at + timedelta(hours=cancel - remind))
