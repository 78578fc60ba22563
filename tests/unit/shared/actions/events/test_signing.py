"""Signatures as the libraries of standardwebhooks.com read them."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from shared.actions.events.signing import signed_headers

AT = datetime.fromtimestamp(1614265330, UTC)


def test_the_specs_own_example() -> None:
    """From the test vectors of the reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [secret], AT)

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


@pytest.mark.parametrize("secret", ["plain words", "whsec_no base64!"])
def test_a_secret_may_be_any_text(secret: str) -> None:
    right = hmac.new(secret.encode(), b"evt.1614265330.{}", hashlib.sha256).digest()

    headers = signed_headers("evt", b"{}", [secret], AT)
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(right).decode()}"


def test_while_a_secret_is_rotated_both_sign() -> None:
    headers = signed_headers("evt", b"{}", ["new", "old"], AT)

    assert [each[:3] for each in headers["webhook-signature"].split()] == ["v1,", "v1,"]
