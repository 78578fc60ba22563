"""The books of a visit are closed: what the bill was, and what was credited to it."""

from shared.actions.payments import deposit
from shared.actions.ports import JobChanged, Ports
from shared.domain.call_time import CallTime
from shared.domain.deposits import is_due
from shared.domain.models import Books, Job
from shared.domain.money import Cents


class DepositJustPaid(Exception):
    """Somebody has just paid the deposit, and Stripe's word of it is on the way."""


def close_books(ports: Ports, job: Job, final: Cents, at: CallTime) -> Books:
    """Complete a scheduled visit, `final` being its whole bill.

    The fee of the visit is part of the bill, and the deposit is credited as far as it is here. The
    link can no longer be paid.

    Raises:
        JobChanged: it is not scheduled any more, was moved, or its deposit was paid or given back
            meanwhile; nothing was written.
        DepositJustPaid: the same a moment later.
        PortError: a table or Stripe did not answer.
    """
    books = books_of(ports, job, final, at)
    if is_due(job) and deposit.retired(job, ports.checkout):
        raise DepositJustPaid(job.job_id)
    if not ports.jobs.complete(job, books):
        raise JobChanged(job.job_id)
    return books


def books_of(ports: Ports, job: Job, final: Cents, at: CallTime) -> Books:
    """What would be written."""
    paid = ports.payments.get(job.payment_id) if job.deposit_paid and job.payment_id else None
    here = paid.amount - paid.refunded - paid.lost if paid is not None and paid.held else 0
    return Books(
        final=final,
        visit_credited=min(job.visit_fee, final),
        deposit_credited=Cents(here),
        at=at.now,
    )
