"""The work of the schedule: what failed is tried again, unpaid deposits are looked after.

Run twice, run at the same time or ended halfway, it does each thing once. Whoever works on a
follow-up has claimed it before, and what comes of it is written in one transaction with what it
leaves to do. Only a text whose acceptance we never heard of may come twice (see outbox).
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.actions.follow_ups import (
    cut_call,
    overdue_callback,
    recording,
    text_back,
    unanswered_alert,
    visit_reminder,
)
from shared.actions.follow_ups.retry import (
    FollowUpRun,
    Result,
    again,
    allowed_at,
    claim_for,
    given_up,
    send_text,
    to_the_office,
)
from shared.actions.follow_ups.unpaid_deposit import look_after
from shared.actions.payments import deposit
from shared.actions.texts import booking_texts, deposit_texts, outbox
from shared.domain.business import Business
from shared.domain.errors import CheckoutFailed, DepositNotDue, PortError
from shared.domain.models import FollowUp, FollowUpKind
from shared.logs import kind_of

logger = logging.getLogger(__name__)

Work = Callable[[FollowUpRun, Business, FollowUp], Result]


def run(this_run: FollowUpRun, more_time: Callable[[], bool]) -> Mapping[str, int]:
    """Work on all that is due, the oldest first, while there is time; how often each result.

    Raises:
        PortError: the follow-ups themselves cannot be read or kept.
    """
    tally: Counter[str] = Counter()
    due = this_run.ports.follow_ups.due(this_run.at.real)
    # Somebody may be in danger: whoever is to take it is asked before all else.
    this_run.queue.extend(sorted(due, key=lambda each: each.kind is not FollowUpKind.ALERT))
    while this_run.queue and more_time():
        tally[_one(this_run, this_run.queue.popleft())] += 1
    if this_run.queue:
        tally["left"] = len(this_run.queue)
    return tally


def _one(this_run: FollowUpRun, follow_up: FollowUp) -> Result:
    business = this_run.business(follow_up.business_id)
    if business is None:
        logger.error("follow-up of nobody", extra={"follow_up_id": follow_up.follow_up_id})
        this_run.ports.metrics.count("FollowUpsGivenUp")
        return this_run.done(follow_up)
    allowed = allowed_at(this_run, business, follow_up)
    if allowed > this_run.at.now:
        return this_run.held(follow_up, allowed)
    claimed = this_run.ports.follow_ups.claim(
        follow_up, until=this_run.at.real + claim_for(follow_up)
    )
    if claimed is None:
        return "skipped"
    try:
        return WORK[claimed.kind](this_run, business, claimed)
    except CheckoutFailed as exc:
        this_run.ports.metrics.count("CheckoutFailed", business=business.id)
        if exc.permanent:
            told = claimed.model_copy(update={"error": str(exc)})
            return given_up(this_run, business, told)
        return again(this_run, business, claimed, str(exc))
    except PortError as exc:
        return again(this_run, business, claimed, str(exc))
    except Exception as exc:  # noqa: BLE001 - told by kind
        # A bug that one row meets must not keep the others waiting.
        about = {"follow_up_id": claimed.follow_up_id}
        logger.error("follow-up broke", extra=about | kind_of(exc))
        return again(this_run, business, claimed, type(exc).__name__)


def _open_checkout(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Make the session that Stripe did not give, then text the link, in place of this."""
    ports = this_run.ports
    job = ports.jobs.get(follow_up.job_id or "")
    if job is None:
        return this_run.done(follow_up)
    try:
        deposit.open_deposit(
            job, business.name, ports.jobs, ports.checkout, return_url=this_run.public_url
        )
    except DepositNotDue:
        return this_run.done(follow_up)
    text = deposit_texts.link_text(business, job, deposit.pay_link(this_run.public_url, job.job_id))
    if not booking_texts.is_told(business, job):
        return to_the_office(this_run, business, follow_up)
    to_send = outbox.as_follow_up(business, text, this_run.at.real, due_in=timedelta())
    if ports.follow_ups.replace(follow_up.follow_up_id, to_send):
        this_run.queue.append(to_send)
    return "done"


WORK: Mapping[FollowUpKind, Work] = {
    FollowUpKind.TEXT: send_text,
    FollowUpKind.CHECKOUT: _open_checkout,
    FollowUpKind.DEPOSIT: look_after,
    FollowUpKind.RECORDING: recording.look_after,
    FollowUpKind.CUT_CALL: cut_call.look_after,
    FollowUpKind.CALLBACK: overdue_callback.look_after,
    FollowUpKind.ALERT: unanswered_alert.look_after,
    FollowUpKind.VISIT: visit_reminder.look_after,
    FollowUpKind.TEXT_BACK: text_back.look_after,
}
