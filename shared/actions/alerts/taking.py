"""Somebody says that they have an emergency: by "1" as a text, by a key, or by taking the call."""

import logging
from datetime import datetime, timedelta
from typing import Final

from shared.actions.alerts import words
from shared.actions.alerts.raising import PAGED, alert_id
from shared.actions.ports import Ports
from shared.actions.texts import outbox
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Call, FollowUpKind

logger = logging.getLogger(__name__)

# So far ahead an open alert comes back at the latest: it is found among what is due until then.
AHEAD: Final = timedelta(hours=2)


def newest_open(ports: Ports, business: Business, phone: str, real_now: datetime) -> Call | None:
    """The call whose alert this phone was asked to take, and nobody has taken; the newest of them.

    Raises:
        PortError: the tables are down.
    """
    waiting = [
        each
        for each in ports.follow_ups.due(real_now + AHEAD)
        if each.kind is FollowUpKind.ALERT and each.business_id == business.id
    ]
    for each in sorted(waiting, key=lambda found: found.created_at, reverse=True):
        call = ports.calls.get(each.call_sid or "")
        if call and phone in call.alert_asked and call.acknowledged_at is None:
            return call
    return None


def newest_taken(ports: Ports, business: Business, phone: str, now: datetime) -> Call | None:
    """The newest call of the last hours whose alert this phone was asked to take, and somebody has
    taken. `now` is business time.

    Raises:
        PortError: the tables are down.
    """
    for call in ports.calls.of_business(business.id, now - AHEAD, now):
        if phone in call.alert_asked and call.acknowledged_by is not None:
            return call
    return None


def take(ports: Ports, business: Business, call: Call, phone: str, *, real_now: datetime) -> bool:
    """Note who took it and when, and tell the others who were asked; True for the first alone.

    Raises:
        PortError: the tables are down.
    """
    if not call.alert_asked or call.acknowledged_at is not None:
        return False
    if not ports.calls.acknowledge(call.call_sid, phone, at=real_now):
        return False
    ports.metrics.count("EmergencyAcknowledged", business=business.id)
    tell_the_others(ports, business, call, phone, real_now=real_now)
    outbox.struck_off(ports, alert_id(call.call_sid))
    return True


def tell_the_others(
    ports: Ports, business: Business, call: Call, phone: str, *, real_now: datetime
) -> None:
    """Text whoever else was asked that this phone has it, once; where the process that noted it
    died before that, the follow-up of the alert comes back to it."""
    key = f"{call.call_sid}:taken"
    told = words.has_it(business, call.hazard, phone)
    others = [to for to in dict.fromkeys(call.alert_asked) if to not in (phone, PAGED)]
    texts = [Sms(to, told, f"{key}:{n}") for n, to in enumerate(others)]
    outbox.send_once(ports, business, texts, real_now, key=key)


def taken_with_the_call(
    ports: Ports, business: Business, call: Call, phone: str, *, real_now: datetime
) -> None:
    """Whoever was put through speaks with the caller: nobody else is asked any more."""
    try:
        take(ports, business, call, phone, real_now=real_now)
    except (PortError, LookupError):
        logger.warning("alert not taken", extra={"call_sid": call.call_sid})
