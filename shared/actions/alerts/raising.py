"""An emergency is raised: the first person on call is asked, the next where nobody says "1".

One alert a call. The calls row has whom it asked, and who took it and when, by real time; the
follow-up of the alert comes back every three minutes until somebody did (see
`follow_ups.unanswered_alert`).
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from shared.actions.alerts import words
from shared.actions.ports import Ports
from shared.actions.texts import outbox
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Call, FollowUp, FollowUpKind, HazardCategory

logger = logging.getLogger(__name__)

ANSWER_WITHIN: Final = timedelta(minutes=3)
PAGED: Final = "page"  # among those asked, in the place of a number: whoever runs the stage


def persons(business: Business) -> tuple[str, ...]:
    """Whom a text asks, one after the other."""
    return tuple(dict.fromkeys(business.on_call or (business.office,)))


def hazard_alert(
    ports: Ports,
    business: Business,
    call_sid: str,
    caller: str | None,
    category: HazardCategory | str,
    *,
    real_now: datetime,
) -> bool:
    """Ask the first person on call to take it, at once; True when one was reached.

    A text that the network does not take goes to the next person at once. Another danger of the
    same call is told to whom it was asked of already. Where texts are off everybody is mailed. A
    mail wakes nobody: it does not count as handled, so that the alarm on unhandled emergencies
    calls whoever runs the stage.
    """
    hazard = HazardCategory(category)
    ports.metrics.count("EmergencyDetected", business=business.id)
    body = words.asking(business, hazard, _people(ports, call_sid), caller)
    key = f"{call_sid}:hazard:{hazard}"
    call = _row(ports, call_sid)
    if not business.sends_texts:
        mailed = _each_mailbox(business)
        texts = [Sms(to, body, f"{key}:{n}") for n, to in enumerate(mailed)]
        outbox.send(ports, business, texts, real_now)
        _note(ports, call_sid, hazard=hazard)
        return False
    if call is not None and call.alert_asked:
        asked = (call.acknowledged_by,) if call.acknowledged_by else call.alert_asked
        asked = tuple(to for to in asked if to != PAGED)
        texts = [Sms(to, body, f"{key}:{n}") for n, to in enumerate(dict.fromkeys(asked))]
        reached = "sent" in outbox.send(ports, business, texts, real_now)
        _note(ports, call_sid, hazard=hazard)
    else:
        asked, reached = _ask(ports, business, persons(business), body, key, real_now)
        _note(ports, call_sid, hazard=hazard, alerted_at=real_now, alert_asked=asked)
        _come_back(ports, business, call_sid, caller, real_now)
    if reached:
        ports.metrics.count("EmergencyHandled", business=business.id)
    return reached


def withdrawn(
    ports: Ports, business: Business, call_sid: str, hazard: HazardCategory, real_now: datetime
) -> None:
    """The caller took it back: whoever was asked is told, and nobody else is asked.

    Raises:
        LookupError: there is no such call.
        PortError: the calls table is down.
    """
    ports.calls.note(call_sid, hazard_withdrawn=hazard)
    call = ports.calls.get(call_sid)
    if call is None:
        return
    asked = call.alert_asked or (() if business.sends_texts else _each_mailbox(business))
    body = words.withdrawn(business, hazard, call.caller)
    key = f"{call_sid}:withdrawn:{hazard}"
    told = [to for to in dict.fromkeys(asked) if to != PAGED]
    texts = [Sms(to, body, f"{key}:{n}") for n, to in enumerate(told)]
    outbox.send(ports, business, texts, real_now)


def _ask(
    ports: Ports,
    business: Business,
    among: Sequence[str],
    body: str,
    key: str,
    real_now: datetime,
) -> tuple[tuple[str, ...], bool]:
    """Text one after the other until the network takes one; whom, and whether it took one."""
    for n, to in enumerate(among):
        text = Sms(to, body, f"{key}:{n}")
        if outbox.send(ports, business, [text], real_now) == ["sent"]:
            return tuple(among[: n + 1]), True
    return tuple(among), False


def _come_back(
    ports: Ports, business: Business, call_sid: str, caller: str | None, real_now: datetime
) -> None:
    later = FollowUp(
        follow_up_id=alert_id(call_sid),
        kind=FollowUpKind.ALERT,
        business_id=business.id,
        call_sid=call_sid,
        to=caller,
        error="nobody has taken it yet",
        created_at=real_now,
        due_at=real_now + ANSWER_WITHIN,
    )
    try:
        ports.follow_ups.leave(later)
    except PortError:
        logger.error("alert not kept", extra={"call_sid": call_sid})


def alert_id(call_sid: str) -> str:
    return f"alert:{call_sid}"


def _people(ports: Ports, call_sid: str) -> tuple[str, ...]:
    """Whom the caller spoke of, where the turns tell it now; danger waits for no table."""
    try:
        return words.people(ports.turns.of(call_sid))
    except PortError:
        return ()


def _row(ports: Ports, call_sid: str) -> Call | None:
    try:
        return ports.calls.get(call_sid)
    except PortError:
        return None


def _note(ports: Ports, call_sid: str, **changes: object) -> None:
    try:
        ports.calls.note(call_sid, **changes)
    except (PortError, LookupError):
        logger.warning("hazard not noted", extra={"call_sid": call_sid})


def _each_mailbox(business: Business) -> tuple[str, ...]:
    numbers = reversed(persons(business))
    return tuple({business.mail_of(number): number for number in numbers}.values())[::-1]
