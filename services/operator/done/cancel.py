"""A visit is called off by the office: its hours are free again."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from services.operator.where.trouble import CannotTell
from shared.actions.ports import Jobs
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Job, JobStatus

REFUND_FIRST = (
    "its deposit is paid: refund it in Stripe first, which makes the job an unpaid one; then "
    "cancel it"
)


def cancel(
    jobs: Jobs, job_id: str, businesses: Mapping[str, Business], now: datetime, *, apply: bool
) -> Iterator[str]:
    """Say which visit it is, and with `apply` cancel it: row and hours in one transaction.

    Raises:
        CannotTell: there is no such job, it stands no more, its deposit is paid, or the table did
            not answer.
    """
    try:
        job = jobs.get(job_id)
        if job is None:
            raise CannotTell(f"there is no job {job_id}")
        yield _named(job, businesses.get(job.business_id))
        if job.status is not JobStatus.SCHEDULED:
            raise CannotTell(f"it is {job.status.value} already")
        if job.deposit_paid:
            raise CannotTell(REFUND_FIRST)
        if not apply:
            yield "nothing was changed: APPLY=1 (--apply) cancels it"
            return
        if not jobs.close(job_id, JobStatus.CANCELLED, at=now):
            raise CannotTell("it was paid, moved or canceled at this very moment: look again")
    except PortError as exc:
        raise CannotTell(str(exc)) from exc
    yield "canceled: its hours are free, and its link says so. Nobody was texted: tell the customer"


def _named(job: Job, business: Business | None) -> str:
    when = wording.written(business, job.window) if business else f"{job.window.start:%Y-%m-%d}"
    return f"job {job.job_id}: {job.service_type}, {when}"
