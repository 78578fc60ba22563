"""Our verifier against the signatures that Stripe's own library makes and accepts."""

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from functions.stripe_webhook.signature import TOLERANCE_S, BadSignature, verify

NOW = 1_795_000_000
SECRET = "whsec_test_secret"
BODY = b'{"id": "evt_1", "amount": 20600}'


def signed(body: bytes = BODY, secret: str = SECRET, at: int = NOW) -> str:
    header: str = stripe.WebhookSignature.generate_signature_header(body.decode(), secret, at)
    return header


@given(body=st.text(max_size=300), secret=st.from_regex(r"whsec_[A-Za-z0-9]{1,40}", fullmatch=True))
def test_what_stripe_signs_is_accepted_and_by_its_own_library_too(body: str, secret: str) -> None:
    raw = body.encode("utf-8")
    header = signed(raw, secret)
    verify(raw, header, [secret], now=NOW)
    assert stripe.WebhookSignature.verify_header(raw, header, secret)


@given(at=st.integers(min_value=0, max_value=120), flip=st.integers(min_value=0))
def test_no_byte_of_the_body_may_change(at: int, flip: int) -> None:
    header = signed()
    changed = bytearray(BODY)
    changed[flip % len(BODY)] ^= 1 + at % 255
    with pytest.raises(BadSignature, match="no signature matches"):
        verify(bytes(changed), header, [SECRET], now=NOW)


@pytest.mark.parametrize("age", [-TOLERANCE_S, 0, TOLERANCE_S])
def test_a_signature_holds_five_minutes_either_way(age: int) -> None:
    verify(BODY, signed(at=NOW - age), [SECRET], now=NOW)


@pytest.mark.parametrize("age", [-TOLERANCE_S - 1, TOLERANCE_S + 1, 10**6, -(10**6)])
def test_an_older_or_a_future_signature_is_refused(age: int) -> None:
    with pytest.raises(BadSignature, match="too long ago or ahead"):
        verify(BODY, signed(at=NOW - age), [SECRET], now=NOW)


def test_while_the_secret_is_rolled_either_side_may_have_two() -> None:
    old, new = signed(secret="whsec_old"), signed(secret="whsec_new")
    both = f"{old},{new.partition(',')[2]}"
    verify(BODY, both, ["whsec_new"], now=NOW)
    verify(BODY, old, ["whsec_new", "whsec_old"], now=NOW)


@pytest.mark.parametrize("secrets", [[], [""], ["  "], ["", "\t"]])
def test_an_empty_secret_signs_nothing(secrets: list[str]) -> None:
    header = signed(secret=secrets[0] if secrets else "")
    with pytest.raises(BadSignature, match="no secret"):
        verify(BODY, header, secrets, now=NOW)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        "t=,v1=",
        f"t={NOW}",
        f"v1={'0' * 64}",
        f"t={NOW},t={NOW},v1={'0' * 64}",
        f"t=+{NOW},v1={'0' * 64}",
        f"t={NOW}.0,v1={'0' * 64}",
        "t=١٢٣,v1=00",
        f"t={NOW},v1=ünïcode",
        f"t={NOW},v0={'0' * 64}",
        f"t={'9' * 5000},v1=0",
        f"t={NOW}" + f",v1={'0' * 64}" * 200,
    ],
)
def test_a_header_that_is_none_is_refused_and_never_an_error(header: str | None) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header, [SECRET], now=NOW)


@given(st.text(max_size=200))
def test_any_header_is_accepted_or_refused_and_nothing_else(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header, [SECRET], now=NOW)
