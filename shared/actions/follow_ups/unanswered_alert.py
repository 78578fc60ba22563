"""Nobody has said that they have an emergency: the next person, the office by voice, then a page.

Each step once: its text is left under a key of its own, and the row says who was asked.
"""

import logging
from datetime import timedelta
from typing import Final

from shared.actions.alerts import taking, words
from shared.actions.alerts.raising import ANSWER_WITHIN, PAGED, persons
from shared.actions.follow_ups.retry import FollowUpRun, Result
from shared.actions.texts import outbox
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Call, FollowUp
from shared.domain.models.hazard import HazardCategory

logger = logging.getLogger(__name__)

# After the page a "1" is still taken for so long.
OPEN_FOR: Final = timedelta(hours=1)


def look_after(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Ask the next one of the list. Claimed already.

    Raises:
        PortError: the table is down.
    """
    ports, real = this_run.ports, this_run.at.real
    call = ports.calls.get(follow_up.call_sid or "")
    danger = None if call is None else call.danger
    if call is None or danger is None:
        return this_run.done(follow_up)
    if call.acknowledged_by is not None:
        taking.tell_the_others(ports, business, call, call.acknowledged_by, real_now=real)
        return this_run.done(follow_up)
    asked, among = call.alert_asked, (*persons(business), business.office)
    key = f"{call.call_sid}:alert:{len(asked)}"
    if len(asked) > len(among):
        return this_run.done(follow_up)  # the page was an hour ago
    if len(asked) == len(among):
        if ports.follow_ups.leave_once(key, at=real):
            ports.metrics.count("EmergencyUnanswered", business=business.id)
        ports.calls.note(call.call_sid, alert_asked=(*asked, PAGED))
        return this_run.held(follow_up, this_run.at.now + OPEN_FOR)
    to, by_text = among[len(asked)], len(asked) + 1 < len(among)
    named = words.people(ports.turns.of(call.call_sid))
    body = words.asking(business, danger, named, call.caller)
    texts = [Sms(to, body, key)] if by_text else []
    if ports.follow_ups.leave_once(
        key, [outbox.as_follow_up(business, text, real) for text in texts], at=real
    ):
        outbox.deliver(ports, business, texts, real)
        _ring(this_run, business, call, danger, named, to)
    ports.calls.note(call.call_sid, alert_asked=(*asked, to))
    return this_run.held(follow_up, this_run.at.now + ANSWER_WITHIN)


def _ring(
    this_run: FollowUpRun,
    business: Business,
    call: Call,
    hazard: HazardCategory,
    named: tuple[str, ...],
    to: str,
) -> None:
    """A call that is not placed is no reason to wait: the next step comes in three minutes."""
    accept = f"{this_run.public_url}/alert-accept?b={business.id}&call={call.call_sid}"  # sorted
    try:
        this_run.ports.rings.ring(
            to, words.spoken(business, hazard, named), sender=business.numbers[0], accept_url=accept
        )
    except PortError:
        logger.error("nobody rung", extra={"call_sid": call.call_sid})
