"""Texts on their way: kept before they are sent, struck off once the network took them.

So neither a refusal nor a crash in between loses one. Twilio knows no idempotency key: a text
whose acceptance we never heard of may come twice, it is never lost.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import phonenumbers

from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.errors import PortError, TextFailed
from shared.domain.models import FollowUp, FollowUpKind

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=5)
SILENT = 0  # the network did not answer
OPTED_OUT = 21610  # the number said STOP: trying again would be wrong
LONGEST = 1000  # characters; Twilio takes 1,600

Sent = Literal["sent", "failed", "opted_out", "skipped"]


@dataclass(frozen=True, slots=True)
class Sms:
    """One text. `key` names it: the same key is the same text, kept once."""

    to: str
    body: str
    key: str
    job_id: str | None = None


def send(ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime) -> list[Sent]:
    """Keep each, then hand each over; what became of them, in order."""
    keep(ports, business, texts, real_now)
    return deliver(ports, business, texts, real_now)


def send_once(
    ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime, *, key: str
) -> list[Sent]:
    """As `send`; nothing where texts were sent for this `key` before.

    Key and texts are kept in one write: whoever reports the same again sends nothing, and what
    was kept is sent by a retry should this process die before it has done so.
    """
    try:
        duties = [duty(business, text, real_now) for text in texts]
        if not ports.follow_ups.leave_once(key, duties, at=real_now):
            return []
    except PortError:
        # Whether it was sent before is not known: twice is better than never.
        logger.error("texts not kept", extra={"key": key})
    return deliver(ports, business, texts, real_now)


def keep(ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime) -> None:
    """From here on, the texts are sent, by `deliver` or by a retry."""
    for text in texts:
        try:
            ports.follow_ups.leave(duty(business, text, real_now))
        except PortError:
            logger.error("text not kept", extra={"follow_up_id": _id(text)})


def duty(
    business: Business, text: Sms, real_now: datetime, *, due_in: timedelta = FIRST_RETRY
) -> FollowUp:
    """The text as a follow-up, due when it should long have been sent."""
    return FollowUp(
        follow_up_id=_id(text),
        kind=FollowUpKind.TEXT,
        business_id=business.id,
        job_id=text.job_id,
        to=text.to,
        body=text.body[:LONGEST],
        error="not taken yet",
        created_at=real_now,
        due_at=real_now + due_in,
    )


def deliver(
    ports: Ports, business: Business, texts: Sequence[Sms], real_now: datetime
) -> list[Sent]:
    """Hand over texts that were kept. Once the network is silent, the rest is left to a retry:
    the caller on the phone does not wait for its timeout again and again."""
    results: list[Sent] = []
    silent = False
    for text in texts:
        code = SILENT if silent else hand_over(ports, business, text)
        silent = silent or code == SILENT
        results.append(_settled(ports, business, text, code, real_now))
    return results


def reachable(business: Business, to: str) -> bool:
    """Only numbers of the business's own country: texts abroad are what fraud is made of."""
    return _country(to) == _country(business.numbers[0])


def _country(number: str) -> int | None:
    try:
        return phonenumbers.parse(number).country_code
    except phonenumbers.NumberParseException:
        return None


def still_waiting(ports: Ports, key: str) -> bool:
    """Whether the text of this key is still to be sent."""
    return ports.follow_ups.waiting(f"text:{key}")


def hand_over(ports: Ports, business: Business, text: Sms) -> int | None:
    """None when the network took it, else its error number."""
    try:
        ports.texts.send(text.to, text.body[:LONGEST], sender=business.numbers[0])
    except TextFailed as exc:
        return exc.code
    return None


def _settled(
    ports: Ports, business: Business, text: Sms, code: int | None, real_now: datetime
) -> Sent:
    ports.metrics.count("SmsSent" if code is None else "SmsFailed", business=business.id)
    if code in (None, OPTED_OUT):
        struck_off(ports, _id(text))
        return "sent" if code is None else "opted_out"
    failed(ports, _id(text), f"twilio {code}", real_now)
    return "failed"


def struck_off(ports: Ports, follow_up_id: str) -> None:
    """It is done; where that cannot be kept, it is done once more."""
    try:
        ports.follow_ups.done(follow_up_id)
    except PortError:
        logger.warning("follow-up unchanged", extra={"follow_up_id": follow_up_id})


def failed(ports: Ports, follow_up_id: str, error: str, real_now: datetime) -> None:
    """It was tried and is left to a retry."""
    try:
        ports.follow_ups.put_off(follow_up_id, until=real_now + FIRST_RETRY, error=error[:200])
    except PortError:
        logger.warning("follow-up unchanged", extra={"follow_up_id": follow_up_id})


def _id(text: Sms) -> str:
    return f"text:{text.key}"
