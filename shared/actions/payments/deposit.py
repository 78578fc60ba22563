"""The deposit of a job: the Checkout session that is open, or the next one."""

import contextlib

from shared.actions.ports import Checkout, CheckoutSession, Jobs
from shared.domain.errors import CheckoutFailed, DepositNotDue
from shared.domain.models import Job, JobStatus

# Each try that fails means that somebody else moved the job on meanwhile.
TRIES = 5


def pay_link(public_url: str, job_id: str) -> str:
    """Our own short link: Stripe's sessions die within a day, "pay when you can" must not."""
    return f"{public_url}/pay/{job_id}"


def open_deposit(
    job: Job, business_name: str, jobs: Jobs, checkout: Checkout, *, return_url: str
) -> CheckoutSession:
    """Return the session in which the job's deposit can be paid now; its `url` is never None.

    Callers at the same moment get the same session: Stripe makes one for each number n, and n is
    raised in our table only when session n can no longer be paid. `return_url` is the public base
    address, which Stripe sends the payer back to.

    Raises:
        DepositNotDue: the job is paid, completed, cancelled or released, or it takes no deposit.
        CheckoutFailed: Stripe gave no session; a later try may.
    """
    for _ in range(TRIES):
        refuse_unless_due(job)
        session = _open_already(job, checkout)
        if session is None:
            session = _next(job, business_name, jobs, checkout, return_url)
        if session is not None:
            return session
        job = _again(job.job_id, jobs)
    raise CheckoutFailed(f"the deposit of job {job.job_id} kept changing")


def refuse_unless_due(job: Job) -> None:
    """Raises DepositNotDue when nothing is owed."""
    if job.deposit_paid:
        raise DepositNotDue("paid")
    if job.status is not JobStatus.SCHEDULED:
        raise DepositNotDue(job.status.value)
    if job.deposit <= 0:
        raise DepositNotDue("none")


def _open_already(job: Job, checkout: Checkout) -> CheckoutSession | None:
    if job.checkout_session_id is None:
        return None
    try:
        session = checkout.get(job.checkout_session_id)
    except CheckoutFailed as exc:
        if exc.permanent:
            return None  # Stripe knows it no longer (another account, say): the next one is made
        raise
    if session.paid:
        # Stripe has the money and its webhook is on the way: a second session would take it twice.
        raise DepositNotDue("paid")
    if session.status == "open" and session.amount != job.deposit:
        # The job was moved, and its deposit with it; Stripe did not answer when it should have
        # been told.
        if retired(job, checkout):
            raise DepositNotDue("paid")
        return None
    return _payable(session)


def retired(job: Job, checkout: Checkout) -> bool:
    """End the job's session: nobody can pay it any more. True when somebody just has.

    Raises:
        CheckoutFailed: Stripe did not answer; it may be payable still.
    """
    if job.checkout_session_id is None:
        return False
    checkout.expire(job.checkout_session_id)
    return checkout.get(job.checkout_session_id).status == "complete"


def _next(
    job: Job, business_name: str, jobs: Jobs, checkout: Checkout, return_url: str
) -> CheckoutSession | None:
    number = job.checkout_number + 1
    session = checkout.create(
        job, number=number, business_name=business_name, return_url=return_url
    )
    if jobs.open_deposit(job.job_id, number=number, session_id=session.session_id):
        # A number that was used before a crash may come back as a session that has since expired.
        return _payable(session)
    if _again(job.job_id, jobs).checkout_session_id == session.session_id:
        return _payable(session)
    # The job moved on, and no row names this session: nobody may pay it.
    with contextlib.suppress(CheckoutFailed):
        checkout.expire(session.session_id)
    return None


def _payable(session: CheckoutSession) -> CheckoutSession | None:
    return session if session.status == "open" and session.url else None


def _again(job_id: str, jobs: Jobs) -> Job:
    job = jobs.get(job_id)
    if job is None:
        raise DepositNotDue("unknown")
    return job
