"""The work of the schedule: what failed is tried again, unpaid deposits are looked after.

Run twice, run at the same time or ended halfway, it does each thing once. Whoever works on a
follow-up has claimed it before, and what comes of it is written in one transaction with what it
leaves to do. Only a text whose acceptance we never heard of may come twice (see outbox).
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.actions import deposit, notify, outbox
from shared.actions.retrying import (
    CLAIM,
    Result,
    Round,
    again,
    allowed_at,
    given_up,
    send_text,
    to_the_office,
)
from shared.actions.unpaid import look_after
from shared.domain.business import Business
from shared.domain.errors import CheckoutFailed, DepositNotDue, PortError
from shared.domain.models import FollowUp, FollowUpKind

logger = logging.getLogger(__name__)

Work = Callable[[Round, Business, FollowUp], Result]


def run(round_: Round, more_time: Callable[[], bool]) -> Mapping[str, int]:
    """Work on all that is due, the oldest first, while there is time; how often each result.

    Raises:
        PortError: the follow-ups themselves cannot be read or kept.
    """
    tally: Counter[str] = Counter()
    round_.queue.extend(round_.ports.follow_ups.due(round_.at.real))
    while round_.queue and more_time():
        tally[_one(round_, round_.queue.popleft())] += 1
    if round_.queue:
        tally["left"] = len(round_.queue)
    return tally


def _one(round_: Round, follow_up: FollowUp) -> Result:
    business = round_.business(follow_up.business_id)
    if business is None:
        logger.error("follow-up of nobody", extra={"follow_up_id": follow_up.follow_up_id})
        round_.ports.metrics.count("FollowUpsGivenUp")
        return round_.done(follow_up)
    allowed = allowed_at(round_, business, follow_up)
    if allowed > round_.at.now:
        return round_.held(follow_up, allowed)
    claimed = round_.ports.follow_ups.claim(follow_up, until=round_.at.real + CLAIM)
    if claimed is None:
        return "skipped"
    try:
        return WORK[claimed.kind](round_, business, claimed)
    except CheckoutFailed as exc:
        if exc.permanent:
            told = claimed.model_copy(update={"error": str(exc)})
            return given_up(round_, business, told)
        return again(round_, business, claimed, str(exc))
    except PortError as exc:
        return again(round_, business, claimed, str(exc))
    except Exception as exc:
        # A bug that one row meets must not keep the others waiting.
        logger.exception("follow-up broke", extra={"follow_up_id": claimed.follow_up_id})
        return again(round_, business, claimed, type(exc).__name__)


def _open_checkout(round_: Round, business: Business, follow_up: FollowUp) -> Result:
    """Make the session that Stripe did not give, then text the link, in place of this."""
    ports = round_.ports
    job = ports.jobs.get(follow_up.job_id or "")
    if job is None:
        return round_.done(follow_up)
    try:
        deposit.open_deposit(
            job, business.name, ports.jobs, ports.checkout, return_url=round_.public_url
        )
    except DepositNotDue:
        return round_.done(follow_up)
    text = notify.link_text(business, job, deposit.pay_link(round_.public_url, job.job_id))
    if not outbox.reachable(business, text.to):
        return to_the_office(round_, business, follow_up)
    duty = outbox.duty(business, text, round_.at.real, due_in=timedelta())
    if ports.follow_ups.replace(follow_up.follow_up_id, duty):
        round_.queue.append(duty)
    return "done"


WORK: Mapping[FollowUpKind, Work] = {
    FollowUpKind.TEXT: send_text,
    FollowUpKind.CHECKOUT: _open_checkout,
    FollowUpKind.DEPOSIT: look_after,
}
