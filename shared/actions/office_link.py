"""The link to the page of a business's office: signed, good for a week. It opens no page by itself:
whoever has it may have a code texted to the office's phone, and that unlocks one device.
"""

import base64
import binascii
import hashlib
import hmac
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from shared.domain.errors import PortError

logger = logging.getLogger(__name__)

GOOD_FOR = timedelta(days=7)
PATH = "/office/in"
_EXPIRES, _SIGNATURE = 4, 14  # bytes; 24 characters in all, which a text has room for
_LENGTH = 24
# The secret signs stream tokens, too. What is signed here can never be one of those.
_PURPOSE = b"office link:"


class BadOfficeLink(Exception):
    """Not ours, changed on its way, or past its week."""


def mint(secret: str, business_id: str, *, expires: int) -> str:
    """The token of a link, 24 characters that need no escaping in an address.

    Raises:
        ValueError: `secret` is empty.
    """
    if not secret:
        raise ValueError("an empty secret signs nothing")
    until = expires.to_bytes(_EXPIRES, "big")
    return base64.urlsafe_b64encode(until + _sign(secret, business_id, until)).decode()


def address(
    business_id: str,
    secret: Callable[[str], Sequence[str]],
    *,
    public_url: Callable[[], str],
    now: datetime,
) -> str | None:
    """The link; None where our secret or our address is not to be had. `now` is real time.

    `secret` gives the values of a secret by name, the current one first.
    """
    try:
        current, base = secret("STREAM_TOKEN_SECRET")[0], public_url()
    except PortError as exc:
        logger.error("no link to the office's page", extra={"why": str(exc)})
        return None
    token = mint(current, business_id, expires=int((now + GOOD_FOR).timestamp()))
    return f"{base}{PATH}/{business_id}/{token}"


def check(secrets: Sequence[str], business_id: str, token: str, *, now: int) -> None:
    """Return where the link is good; `secrets` are two while one is being rotated.

    Raises:
        BadOfficeLink: no one of them signed it for this business, or it was good until before
            `now`, in seconds since the epoch.
    """
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii")) if len(token) == _LENGTH else b""
    except (binascii.Error, ValueError) as exc:
        raise BadOfficeLink("no link of ours") from exc
    until, given = raw[:_EXPIRES], raw[_EXPIRES:]
    # Every secret is tried, so that time tells nothing about which one matched.
    good = [hmac.compare_digest(_sign(each, business_id, until), given) for each in secrets if each]
    if len(raw) != _EXPIRES + _SIGNATURE or not any(good):
        raise BadOfficeLink("the signature is not ours")
    if now >= int.from_bytes(until, "big"):
        raise BadOfficeLink("the link is too old")


def _sign(secret: str, business_id: str, until: bytes) -> bytes:
    said = _PURPOSE + business_id.encode() + b":" + until
    return hmac.new(secret.encode(), said, hashlib.sha256).digest()[:_SIGNATURE]
