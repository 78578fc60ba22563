"""Six digits, texted to the number a visit was booked under: who can say them may hear of it.

A code lives as long as the call that asked for it, and ten minutes at most: nobody takes one over
into another call. Kept is its hash alone.
"""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.actions.ports import Ports
from shared.actions.texts import outbox
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.spoken.digits import joined, runs

logger = logging.getLogger(__name__)

LIVES = timedelta(minutes=10)
TRIES = 3
TEXTS_A_DAY = 3  # to one number


@dataclass(slots=True)
class PendingCode:
    """A code that was asked for; `digest` is None where none was sent."""

    phone: str
    digest: bytes | None
    expires: datetime
    tries: int = 0


def new_code() -> str:
    """Six digits nobody guesses."""
    return f"{secrets.randbelow(1_000_000):06d}"


def send(
    ports: Ports, business: Business, phone: str, code: str, *, known: bool, real_now: datetime
) -> PendingCode:
    """Text `code` to `phone` where a visit is `known` under it; what is told of it is the same."""
    pending = PendingCode(phone, None, real_now + LIVES)
    if not known or not outbox.reachable(business, phone):
        return pending
    if _texted_today(ports, business, phone, real_now) > TEXTS_A_DAY:
        logger.warning("too many codes for one number in a day")
        return pending
    body = f"{business.name}: your code is {code}. Say it on the call you are on, to nobody else."
    refused = outbox.hand_over(ports, business, Sms(phone, body, "code"))
    outbox.count_sent(ports, business, refused)
    if refused is None:
        pending.digest = _digest(phone, code)
    return pending


def is_right(pending: PendingCode, said: str, real_now: datetime) -> bool:
    """Whether this is the code, which is good once; every try counts."""
    pending.tries += 1
    digits = "".join(joined(run) for run in runs(said))
    digest, expired = pending.digest, real_now >= pending.expires or pending.tries > TRIES
    if digest is None or expired or len(digits) != 6:
        return False
    right = hmac.compare_digest(digest, _digest(pending.phone, digits))
    if right:
        pending.digest = None
    return right


def _digest(phone: str, code: str) -> bytes:
    return hashlib.sha256(f"{phone}|{code}".encode()).digest()


def _texted_today(ports: Ports, business: Business, phone: str, real_now: datetime) -> int:
    what = f"code#{business.id}#{phone}#{real_now:%Y%m%d}"
    try:
        return ports.inbox.count(what, until=real_now + timedelta(days=2))
    except PortError:
        logger.error("codes not counted")
        return TEXTS_A_DAY + 1  # nobody is flooded while the table is away
