"""A deposit that may still be unpaid: one reminder, and where policy says so the window back."""

from datetime import timedelta

from shared.actions.follow_ups.retry import FollowUpRun, Result
from shared.actions.payments.deposit import pay_link
from shared.actions.texts import booking_texts, deposit_texts, outbox
from shared.domain.business import Business
from shared.domain.calendar.scheduling import texting_at
from shared.domain.deposits import may_be_released, next_step, released_at
from shared.domain.errors import CheckoutFailed
from shared.domain.models import FollowUp, Job, JobStatus

# The money is there, and the webhook that says so is on its way.
WEBHOOK = timedelta(minutes=15)


def look_after(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Do what is due now, or come back when something is. Claimed already.

    Raises:
        PortError: something did not answer; nothing was done by halves.
    """
    job = this_run.ports.jobs.get(follow_up.job_id or "")
    if job is None:
        return this_run.done(follow_up)
    if job.synthetic and job.status is JobStatus.SCHEDULED:
        this_run.ports.jobs.close(job.job_id, JobStatus.RELEASED, at=this_run.at.now)
        job = job.model_copy(update={"status": JobStatus.RELEASED})
    if job.status is not JobStatus.SCHEDULED:
        # Also where an earlier run released it and died before this.
        _close_session(this_run, job)
        return this_run.done(follow_up)
    step = next_step(business, job)
    if step is None or not business.sends_texts:
        return this_run.done(follow_up)  # without texts nobody was reminded: the office collects
    at = texting_at(business, max(step.at, this_run.at.now))
    if at >= job.window.start:
        return this_run.done(follow_up)  # the crew is there: they settle it
    if at > this_run.at.now:
        return this_run.held(follow_up, at)
    if step.what == "remind":
        return _remind(this_run, business, follow_up, job)
    return _release(this_run, business, follow_up, job)


def _remind(this_run: FollowUpRun, business: Business, follow_up: FollowUp, job: Job) -> Result:
    """The text is kept in one transaction with the note that it was: never twice, never lost."""
    policy, now = business.policy, this_run.at.now
    released = policy.cancel_unpaid_after_hours is not None and may_be_released(job)
    until = texting_at(business, released_at(policy, job, now)) if released else None
    follow_ups: list[FollowUp] = []
    if booking_texts.is_told(business, job):
        link = pay_link(this_run.public_url, job.job_id)
        text = deposit_texts.reminder(business, job, link, until)
        follow_ups = [outbox.as_follow_up(business, text, this_run.at.real, due_in=timedelta())]
    if this_run.ports.jobs.remind(job.job_id, at=now, follow_ups=follow_ups):
        this_run.ports.metrics.count("DepositsReminded", len(follow_ups), business=business.id)
        this_run.queue.extend(follow_ups)
    return look_after(this_run, business, follow_up)


def _release(this_run: FollowUpRun, business: Business, follow_up: FollowUp, job: Job) -> Result:
    """First nobody can pay any more, then the window is given back and both sides are told."""
    if _is_being_paid(this_run, job):
        return this_run.held(follow_up, this_run.at.now + WEBHOOK)
    _close_session(this_run, job)
    texts = deposit_texts.released(business, job)
    follow_ups = [
        outbox.as_follow_up(business, text, this_run.at.real, due_in=timedelta()) for text in texts
    ]
    if not this_run.ports.jobs.close(
        job.job_id, JobStatus.RELEASED, at=this_run.at.now, follow_ups=follow_ups
    ):
        return this_run.held(follow_up, this_run.at.now + WEBHOOK)  # paid at this very moment
    this_run.ports.metrics.count("JobsReleased", business=business.id)
    this_run.queue.extend(follow_ups)
    after = this_run.ports.jobs.get(job.job_id)
    if after is not None and after.checkout_session_id != job.checkout_session_id:
        _close_session(this_run, after)  # opened between our look and the release
    return this_run.done(follow_up)


def _is_being_paid(this_run: FollowUpRun, job: Job) -> bool:
    if job.checkout_session_id is None:
        return False
    try:
        return this_run.ports.checkout.get(job.checkout_session_id).status == "complete"
    except CheckoutFailed as exc:
        if exc.permanent:
            return False  # Stripe knows no such session: nobody can pay it
        raise


def _close_session(this_run: FollowUpRun, job: Job) -> None:
    if job.checkout_session_id is None:
        return
    try:
        this_run.ports.checkout.expire(job.checkout_session_id)
    except CheckoutFailed as exc:
        if not exc.permanent:
            raise
