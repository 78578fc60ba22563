"""A token opens one call's stream, for two minutes, and nobody can make or bend one."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.stream_token import (
    LONGEST,
    TTL_S,
    TokenClaims,
    TokenError,
    TokenExpired,
    TokenForged,
    mint,
    read,
)

CALL, NOW = "CA" + "1" * 32, 1_756_422_720


def a_token(secret: str = "s", **changes: object) -> str:
    claims: dict[str, object] = {
        "call_sid": CALL,
        "business_id": "coolcare_hvac",
        "caller": "+15551230000",
        "synthetic": False,
        "expires": NOW + TTL_S,
        "nonce": "n",
    }
    return mint(secret, **{**claims, **changes})  # type: ignore[arg-type]


def test_a_token_says_what_was_put_in() -> None:
    claims = read("s", a_token(), call_sid=CALL, now=NOW)
    assert claims == TokenClaims(CALL, "coolcare_hvac", "+15551230000", False, NOW + TTL_S, "n")


def test_a_withheld_caller_id_and_a_smoke_call_are_kept() -> None:
    claims = read("s", a_token(caller=None, synthetic=True), call_sid=CALL, now=NOW)
    assert (claims.caller, claims.synthetic) == (None, True)


def test_it_is_good_until_it_expires() -> None:
    assert read("s", a_token(), call_sid=CALL, now=NOW + TTL_S - 1)
    with pytest.raises(TokenExpired):
        read("s", a_token(), call_sid=CALL, now=NOW + TTL_S)


def test_another_calls_token_opens_nothing() -> None:
    with pytest.raises(TokenForged):
        read("s", a_token(), call_sid="CA" + "2" * 32, now=NOW)


def test_while_a_secret_is_rotated_both_are_accepted() -> None:
    old = a_token("old")
    assert read(("new", "old"), old, call_sid=CALL, now=NOW)
    with pytest.raises(TokenForged):
        read(("new",), old, call_sid=CALL, now=NOW)


def test_an_empty_secret_neither_signs_nor_accepts() -> None:
    with pytest.raises(ValueError, match="empty"):
        a_token("")
    with pytest.raises(TokenForged):
        read(("",), a_token(), call_sid=CALL, now=NOW)


def test_a_token_fits_into_a_parameter() -> None:
    longest = a_token(business_id="b" * 40, caller="+" + "9" * 15, nonce="n" * 16)
    assert len("token" + longest) < 500 and len(longest) < LONGEST
    with pytest.raises(ValueError, match="does not fit"):
        a_token(nonce="n" * 400)


def test_every_changed_character_is_noticed() -> None:
    token = a_token()
    for at, character in enumerate(token):
        other = "A" if character != "A" else "B"
        changed = token[:at] + other + token[at + 1 :]
        # Base64 may end in bits nobody reads: the text is compared, not the bytes.
        with pytest.raises(TokenForged):
            read("s", changed, call_sid=CALL, now=NOW)


def test_claims_of_another_shape_are_refused_though_signed() -> None:
    from shared.domain.stream_token import _sign

    for content in (b"[]", b"null", b"{}", b'["a","b",null,0,"later","n"]', b"\xff", b"[1,2"):
        body = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
        with pytest.raises(TokenForged):
            read("s", f"{body}.{_sign('s', body)}", call_sid=CALL, now=NOW)


@given(st.text(max_size=600))
def test_any_text_is_refused_politely(text: str) -> None:
    with pytest.raises(TokenError):
        read("s", text, call_sid=CALL, now=NOW)
    with pytest.raises(TokenError):
        read("s", a_token(), call_sid=text, now=NOW)


def test_how_far_the_caller_id_is_vouched_for_is_kept() -> None:
    token = a_token(attestation="TN-Validation-Passed-B")
    claims = read("s", token, call_sid=CALL, now=NOW)
    assert claims.attestation == "TN-Validation-Passed-B"


@pytest.mark.parametrize("more", [[], ["TN-Validation-Failed"], [None, "what comes next"]])
def test_a_token_that_says_less_or_more_than_today_still_opens_its_call(more: list[object]) -> None:
    told = [CALL, "coolcare_hvac", None, 0, NOW + TTL_S, "n", *more]
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    digest = hmac.new(b"s", body.encode(), hashlib.sha256).digest()
    token = f"{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
    assert read("s", token, call_sid=CALL, now=NOW).attestation == (more or [None])[0]
