"""The link to a voicemail or to a call's recording: short, signed, good for a month.

Twilio's own address asks a phone for a password and names the account. This one says only which
recording it opens, and nobody can make another: 36 bytes, of which the last 16 are a signature.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from shared.domain.errors import PortError

logger = logging.getLogger(__name__)

GOOD_FOR = timedelta(days=30)
_SID = re.compile(r"RE[0-9a-f]{32}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{48}")
_BODY, _SIGNATURE = 20, 16  # bytes: id and expiry; signature
# The secret signs stream tokens, too. What is signed here can never be one of those.
_PURPOSE = b"voicemail link:"


class BadLink(Exception):
    """The link opens nothing: not ours, or changed on its way."""


class OldLink(BadLink):
    """It was ours, but its month is over."""


def is_recording(sid: str) -> bool:
    """Whether `sid` can be a recording of Twilio's."""
    return _SID.fullmatch(sid) is not None


def mint(secret: str, recording_sid: str, *, expires: int) -> str:
    """The token of a recording, 48 characters that need no escaping in an address.

    Raises:
        ValueError: `secret` is empty, or `recording_sid` is no recording.
    """
    if not secret:
        raise ValueError("an empty secret signs nothing")
    if not is_recording(recording_sid):
        raise ValueError("no recording")
    body = bytes.fromhex(recording_sid[2:]) + expires.to_bytes(4, "big")
    return base64.urlsafe_b64encode(body + _sign(secret, body)).decode()


def address(
    recording_sid: str,
    secret: Callable[[str], Sequence[str]],
    *,
    public_url: str,
    now: datetime,
) -> str | None:
    """Our own address of a recording; None for what is no recording, or without our secret.

    `secret` gives the values of a secret by name, the current one first. `now` is real time.
    """
    if not is_recording(recording_sid):
        return None
    try:
        current = secret("STREAM_TOKEN_SECRET")[0]
    except PortError as exc:
        logger.error("no link to a voicemail", extra={"why": str(exc)})
        return None
    token = mint(current, recording_sid, expires=int((now + GOOD_FOR).timestamp()))
    return f"{public_url}/voicemail/{token}"


def read(secrets: Sequence[str], token: str, *, now: int) -> str:
    """The recording's id; `secrets` are two while one is being rotated.

    Raises:
        BadLink: it is not signed by any of them.
        OldLink: it was good until before `now`, in seconds since the epoch.
    """
    if not _TOKEN.fullmatch(token):
        raise BadLink("no link of ours")
    try:
        raw = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError) as exc:
        raise BadLink("no link of ours") from exc
    body, given = raw[:_BODY], raw[_BODY:]
    # Every secret is tried, so that time tells nothing about which one matched.
    matches = [hmac.compare_digest(_sign(secret, body), given) for secret in secrets if secret]
    if not any(matches):
        raise BadLink("the signature is not ours")
    if now >= int.from_bytes(body[-4:], "big"):
        raise OldLink("the link is too old")
    return f"RE{body[:-4].hex()}"


def _sign(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE + body, hashlib.sha256).digest()[:_SIGNATURE]
