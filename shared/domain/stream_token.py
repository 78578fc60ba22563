"""The token that lets one call open one media stream: minted by /incoming, redeemed by the bridge.

Twilio hands it back in the stream's `start`, so the bridge learns what /incoming knew without a
table on the answer path. Single use is the conditional put of the `calls` row, not this module's.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

TTL_S = 120
LONGEST = 480  # Twilio: name and value of a <Parameter> together stay under 500 characters


class TokenError(Exception):
    """The token opens nothing."""


class TokenExpired(TokenError):
    """It was ours and for this call, but too old."""


class TokenForged(TokenError):
    """Not ours, changed on its way, or another call's."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What /incoming says about the call. `expires` is in seconds since the epoch."""

    call_sid: str
    business_id: str
    caller: str | None
    synthetic: bool
    expires: int
    nonce: str
    attestation: str | None = None
    version: str | None = None  # of the business's file, as /incoming has it


def mint(
    secret: str,
    *,
    call_sid: str,
    business_id: str,
    caller: str | None,
    synthetic: bool,
    expires: int,
    nonce: str,
    attestation: str | None = None,
    version: str | None = None,
) -> str:
    """The signed token of one call.

    Raises:
        ValueError: `secret` is empty, or the token would be too long for a <Parameter>.
    """
    if not secret:
        raise ValueError("an empty secret signs nothing")
    claims = [call_sid, business_id, caller, int(synthetic), expires, nonce, attestation, version]
    body = _pack(json.dumps(claims, separators=(",", ":")).encode())
    token = f"{body}.{_sign(secret, body)}"
    if len(token) >= LONGEST:
        raise ValueError(f"a token of {len(token)} characters does not fit a <Parameter>")
    return token


def read(secrets: str | Sequence[str], token: str, *, call_sid: str, now: int) -> TokenClaims:
    """The claims of `token`, signed with any of `secrets` (two while one is being rotated).

    Raises:
        TokenForged: the signature, the shape or the call is not right.
        TokenExpired: it is right, but was to be used before `now`.
    """
    accepted = [secrets] if isinstance(secrets, str) else list(secrets)
    body, _, signature = token.partition(".")
    given = signature.encode("utf-8", "surrogatepass")
    # Every secret is tried, so that time tells nothing about which one matched.
    matches = [
        hmac.compare_digest(_sign(secret, body).encode(), given) for secret in accepted if secret
    ]
    if not any(matches):
        raise TokenForged("the signature is not ours")
    claims = _claims(body)
    if not hmac.compare_digest(claims.call_sid.encode(), call_sid.encode("utf-8", "surrogatepass")):
        raise TokenForged("the token belongs to another call")
    if now >= claims.expires:
        raise TokenExpired("the token is too old")
    return claims


def _claims(body: str) -> TokenClaims:
    try:
        # Functions and bridge are deployed apart: the other one may say less, or more.
        told = [*json.loads(_unpack(body)), None, None]
        call_sid, business_id, caller, synthetic, expires, nonce, attested, version, *_ = told
        return TokenClaims(
            call_sid=str(call_sid),
            business_id=str(business_id),
            caller=None if caller is None else str(caller),
            synthetic=bool(synthetic),
            expires=int(expires),
            nonce=str(nonce),
            attestation=None if attested is None else str(attested),
            version=None if version is None else str(version),
        )
    except (ValueError, TypeError, binascii.Error) as exc:
        raise TokenForged("the token has another shape") from exc


def _sign(secret: str, body: str) -> str:
    message = body.encode("utf-8", "surrogatepass")
    return _pack(hmac.new(secret.encode(), message, hashlib.sha256).digest())


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
