"""Our own signature against Twilio's own library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from services.simulator.phone.signature import sign

FIELDS = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=6)


@given(fields=FIELDS, token=st.text(min_size=1, max_size=8))
def test_twilios_own_validator_accepts_what_we_sign(fields: dict[str, str], token: str) -> None:
    url = "https://example.com/incoming?a=1"
    signature = sign(token, url, fields.items())
    assert RequestValidator(token).validate(url, fields, signature)


@pytest.mark.parametrize("other", ["https://example.com/other", "http://example.com/incoming"])
def test_another_address_is_another_signature(other: str) -> None:
    signature = sign("token", "https://example.com/incoming", [("CallSid", "CA1")])
    assert not RequestValidator("token").validate(other, {"CallSid": "CA1"}, signature)


def test_a_field_given_twice_with_one_value_counts_once() -> None:
    once = sign("token", "https://example.com/", [("Digits", "1"), ("Digits", "2")])
    again = sign(
        "token", "https://example.com/", [("Digits", "2"), ("Digits", "1"), ("Digits", "1")]
    )
    assert once == again
