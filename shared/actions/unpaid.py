"""A deposit that may still be unpaid: one reminder, and where policy says so the window back."""

from datetime import timedelta

from shared.actions import notify, outbox
from shared.actions.deposit import pay_link
from shared.actions.retrying import Result, Round
from shared.domain.business import Business
from shared.domain.deposits import may_be_released, next_step, released_at
from shared.domain.errors import CheckoutFailed
from shared.domain.models import FollowUp, Job, JobStatus
from shared.domain.scheduling import texting_at

# The money is there, and the webhook that says so is on its way.
WEBHOOK = timedelta(minutes=15)


def look_after(round_: Round, business: Business, follow_up: FollowUp) -> Result:
    """Do what is due now, or come back when something is. Claimed already.

    Raises:
        PortError: something did not answer; nothing was done by halves.
    """
    job = round_.ports.jobs.get(follow_up.job_id or "")
    if job is None:
        return round_.done(follow_up)
    if job.synthetic and job.status is JobStatus.SCHEDULED:
        round_.ports.jobs.close(job.job_id, JobStatus.RELEASED, at=round_.at.now)
        job = job.model_copy(update={"status": JobStatus.RELEASED})
    if job.status is not JobStatus.SCHEDULED:
        # Also where an earlier run released it and died before this.
        _close_session(round_, job)
        return round_.done(follow_up)
    step = next_step(business, job)
    if step is None:
        return round_.done(follow_up)
    at = texting_at(business, max(step.at, round_.at.now))
    if at >= job.window.start:
        return round_.done(follow_up)  # the crew is there: they settle it
    if at > round_.at.now:
        return round_.held(follow_up, at)
    if step.what == "remind":
        return _remind(round_, business, follow_up, job)
    return _release(round_, business, follow_up, job)


def _remind(round_: Round, business: Business, follow_up: FollowUp, job: Job) -> Result:
    """The text is kept in one transaction with the note that it was: never twice, never lost."""
    policy, now = business.policy, round_.at.now
    released = policy.cancel_unpaid_after_hours is not None and may_be_released(job)
    until = texting_at(business, released_at(policy, job, now)) if released else None
    duties: list[FollowUp] = []
    if outbox.reachable(business, job.phone.normalised):
        link = pay_link(round_.public_url, job.job_id)
        text = notify.reminder(business, job, link, until)
        duties = [outbox.duty(business, text, round_.at.real, due_in=timedelta())]
    if round_.ports.jobs.remind(job.job_id, at=now, duties=duties):
        round_.ports.metrics.count("DepositsReminded", len(duties), business=business.id)
        round_.queue.extend(duties)
    return look_after(round_, business, follow_up)


def _release(round_: Round, business: Business, follow_up: FollowUp, job: Job) -> Result:
    """First nobody can pay any more, then the window is given back and both sides are told."""
    if _is_being_paid(round_, job):
        return round_.held(follow_up, round_.at.now + WEBHOOK)
    _close_session(round_, job)
    texts = notify.released(business, job)
    duties = [outbox.duty(business, text, round_.at.real, due_in=timedelta()) for text in texts]
    if not round_.ports.jobs.close(job.job_id, JobStatus.RELEASED, at=round_.at.now, duties=duties):
        return round_.held(follow_up, round_.at.now + WEBHOOK)  # paid at this very moment
    round_.ports.metrics.count("JobsReleased", business=business.id)
    round_.queue.extend(duties)
    after = round_.ports.jobs.get(job.job_id)
    if after is not None and after.checkout_session_id != job.checkout_session_id:
        _close_session(round_, after)  # opened between our look and the release
    return round_.done(follow_up)


def _is_being_paid(round_: Round, job: Job) -> bool:
    if job.checkout_session_id is None:
        return False
    try:
        return round_.ports.checkout.get(job.checkout_session_id).status == "complete"
    except CheckoutFailed as exc:
        if exc.permanent:
            return False  # Stripe knows no such session: nobody can pay it
        raise


def _close_session(round_: Round, job: Job) -> None:
    if job.checkout_session_id is None:
        return
    try:
        round_.ports.checkout.expire(job.checkout_session_id)
    except CheckoutFailed as exc:
        if not exc.permanent:
            raise
