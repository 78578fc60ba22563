"""Whether Stripe signed a webhook. Pure; ~400 modules cheaper than importing `stripe`.

Header: `t=<seconds>,v1=<hex>[,v1=<hex>…]`. v1 is the HMAC-SHA256 of `<t>.<raw body>`; Stripe sends
one for each secret while the endpoint's secret is being rolled.
"""

import hashlib
import hmac
from collections.abc import Iterable

TOLERANCE_S = 300
LONGEST_HEADER = 4096


class BadSignature(Exception):
    """Stripe did not sign this body with one of our secrets lately; the message says why."""


def verify(body: bytes, header: str | None, secrets: Iterable[str], *, now: int) -> None:
    """Return when one of `secrets` signed `body` within 300 s of `now`, before or after.

    Unlike Stripe's library this refuses times from the future: such a signature would stay good
    for as long as its time is ahead.

    Raises:
        BadSignature: otherwise. An empty secret signs nothing.
    """
    at, given = _read(header)
    signed = f"{at}.".encode() + body
    expected = [
        hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()
        for secret in secrets
        if secret.strip()
    ]
    if not expected:
        raise BadSignature("no secret to check with")
    if not any(hmac.compare_digest(one, other) for one in expected for other in given):
        raise BadSignature("no signature matches")
    if abs(now - at) > TOLERANCE_S:
        raise BadSignature("signed too long ago or ahead of time")


def _read(header: str | None) -> tuple[int, list[bytes]]:
    if not header:
        raise BadSignature("no Stripe-Signature header")
    if len(header) > LONGEST_HEADER:
        raise BadSignature("Stripe-Signature is too long")
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    # int() would take other scripts' digits, signs and underscores.
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12):
        raise BadSignature("Stripe-Signature has no time")
    signatures = [value.encode() for name, _, value in parts if name == "v1"]
    if not signatures:
        raise BadSignature("Stripe-Signature has no v1")
    return int(times[0]), signatures
