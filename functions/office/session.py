"""A device that has the page open: its cookie, and the word that each of its forms must carry.

The cookie is the browser's alone: no script reads it, no other host sets it, it travels over TLS,
and not with a form of another site. As OWASP's cheat sheets have it: a random key of 256 bits, kept
as its hash, an end after thirty days, an earlier one after a week without use; a form counts with a
word made of that key, and where the browser says which site it is of, with ours.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from functions.office.context import OfficeContext, PageRequest
from shared import businesses
from shared.actions.office_devices import Device
from shared.domain.business import Business

COOKIE: Final = "__Host-office"
LIVES: Final = timedelta(days=30)
IDLE: Final = timedelta(days=7)
NOTED_EVERY: Final = timedelta(hours=1)  # that it was used


@dataclass(frozen=True, slots=True)
class OfficeSession:
    """One unlocked device, for the one business it is of."""

    business: Business
    key: str

    @property
    def csrf(self) -> str:
        """What a form of this device carries; who knows it knows nothing of the key."""
        return hmac.new(self.key.encode(), b"form", hashlib.sha256).hexdigest()


def of(asked: PageRequest, context: OfficeContext) -> OfficeSession | None:
    """Whose device it is; None where it is locked. Raises PortError."""
    business_id, _, key = asked.cookies.get(COOKIE, "").partition(".")
    business = businesses.by_id(business_id) if key else None
    if business is None:
        return None
    now = context.at.real
    device = context.devices.get(business.id, key)
    if device is None or now >= min(device.until, device.seen_at + IDLE):
        return None
    if now - device.seen_at >= NOTED_EVERY:
        context.devices.seen(business.id, key, at=now)
    return OfficeSession(business, key)


def begin(business: Business, context: OfficeContext) -> str:
    """Unlock this device; the cookie that says so. Raises PortError."""
    key, now = context.new_key(), context.at.real
    device = Device(business_id=business.id, opened_at=now, seen_at=now, until=now + LIVES)
    context.devices.unlock(key, device)
    return _cookie(f"{business.id}.{key}", round(LIVES.total_seconds()))


def ended() -> str:
    """The cookie that takes the other away."""
    return _cookie("", 0)


def _cookie(value: str, max_age: int) -> str:
    return f"{COOKIE}={value}; Path=/; Max-Age={max_age}; HttpOnly; Secure; SameSite=Lax"


def is_of_our_site(asked: PageRequest, context: OfficeContext) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser tells."""
    origin, ours = asked.headers.get("origin"), urlsplit(context.public_url)
    if origin is not None:
        return origin == f"{ours.scheme}://{ours.netloc}"
    return asked.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def may_act(asked: PageRequest, session: OfficeSession, context: OfficeContext) -> bool:
    """Whether a form was sent by this device from a page of ours."""
    given = asked.form.get("csrf", "")
    return hmac.compare_digest(session.csrf.encode(), given.encode()) and is_of_our_site(
        asked, context
    )
