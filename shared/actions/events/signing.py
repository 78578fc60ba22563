"""How a webhook is signed, as standardwebhooks.com says, so that its libraries can verify it.

    webhook-id         the event's id
    webhook-timestamp  seconds since the epoch, of this try
    webhook-signature  v1,<base64 of HMAC-SHA256 over "id.timestamp.body">, one for each secret

A secret is its own bytes, or base64 behind `whsec_`. While one is rotated both sign.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"


def signed_headers(
    event_id: str, body: bytes, secrets: Iterable[str], at: datetime
) -> dict[str, str]:
    """The headers of one try. `at` is real time."""
    seconds = str(int(at.timestamp()))
    signed = f"{event_id}.{seconds}.".encode() + body
    signatures = (_signature(_key(secret), signed) for secret in secrets)
    return {
        "content-type": "application/json",
        "user-agent": "Callwright-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
