"""The nightly check: no crew's hour is held by two jobs, and no job stands without its hours.

The transaction of a booking makes both impossible; this looks whether it still does.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from shared.actions.ports import Jobs, Metrics
from shared.domain.business import Business
from shared.domain.models import Hold, Job, JobStatus

logger = logging.getLogger(__name__)

DAYS = 60


def check(jobs: Jobs, business: Business, metrics: Metrics, *, now: datetime) -> int:
    """Count and return the jobs of today and the days after it that are wrong; a zero counts too.

    Raises:
        PortError: the table did not answer.
    """
    wrong = [job for job in _wrong(jobs, business, now) if _stands(jobs, job)]
    for job in wrong:
        logger.error("job without its hours", extra={"job_id": job.job_id})
    metrics.count("SlotInvariantViolation", len(wrong), business=business.id)
    return len(wrong)


def _wrong(jobs: Jobs, business: Business, now: datetime) -> list[Job]:
    today = business.local(now).date()
    days = (f"{today + timedelta(days=n):%Y-%m-%d}" for n in range(DAYS))
    scheduled = [
        job
        for day in days
        for job in jobs.of_business(business.id, day)
        if job.status is JobStatus.SCHEDULED
    ]
    if not scheduled:
        return []
    claimed: dict[Hold, set[str]] = defaultdict(set)
    for job in scheduled:
        for hold in job.holds:
            claimed[hold].add(job.job_id)
    hours = [hour for _, hour in claimed]
    crews = {job.crew for job in scheduled}
    holders = jobs.holders(business.id, crews, min(hours), max(hours))
    return [
        job
        for job in scheduled
        if any(claimed[h] != {job.job_id} or holders.get(h) != job.job_id for h in job.holds)
    ]


def _stands(jobs: Jobs, job: Job) -> bool:
    """The index runs behind: the job may have been closed or moved between the two looks."""
    now = jobs.get(job.job_id)
    return now is not None and now.status is JobStatus.SCHEDULED and now.holds == job.holds
