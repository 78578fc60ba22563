"""What becomes of a visit in the end: most are done, and the office closes their books."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from services.analytics.sample.money import Later
from shared.actions.books import close_books
from shared.actions.ports import Ports
from shared.domain.call_time import CallTime
from shared.domain.deposits import is_due
from shared.domain.models import Job, JobStatus
from shared.domain.money import Cents

CLOSED = 0.9


def after_visit(ports: Ports, job: Job) -> Iterator[Later]:
    """When the office closes the books of a job, and that it does; nothing where it forgets."""
    # Of the job alone: no other call of the sample is another for it.
    rng = random.Random(job.job_id)
    if rng.random() < CLOSED:
        at = job.window.end + timedelta(hours=rng.randrange(1, 20))
        bill = Cents(100 * round(job.estimate / 100 * rng.uniform(0.7, 1.25)))
        yield at, lambda: _closed(ports, job.job_id, bill, at)


def _closed(ports: Ports, job_id: str, bill: Cents, at: datetime) -> None:
    job = ports.jobs.get(job_id)
    # One that waits for its deposit waits on.
    if job is not None and job.status is JobStatus.SCHEDULED and not is_due(job):
        close_books(ports, job, bill, CallTime(now=at, real=at))
