"""Our reading of Twilio's signatures agrees with Twilio's own library, whatever is signed."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from shared.domain.twilio_signature import (
    hurried,
    is_signed,
    signature_of,
    with_and_without_port,
)

TOKEN = "12345"
URLS = (
    "https://voice.example.com/incoming",
    "https://voice.example.com/incoming?a=1&b=%20",
    "https://voice.example.com:8443/incoming",
    "http://127.0.0.1:8787/incoming",
    "http://voice.example.com/pay/J-1?",
    "wss://media.example.com/media",
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


class Fields(list[tuple[str, str]]):
    """Fields as Twilio's library wants them where a name comes twice."""

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(dict.fromkeys(name for name, _ in list.__iter__(self)))

    def getall(self, name: str) -> list[str]:
        return [value for key, value in list.__iter__(self) if key == name]


@given(url=st.sampled_from(URLS), token=WORDS, pairs=st.lists(st.tuples(WORDS, WORDS), max_size=6))
def test_a_signature_is_the_one_twilio_computes(
    url: str, token: str, pairs: list[tuple[str, str]]
) -> None:
    theirs = RequestValidator(token).compute_signature(url, Fields(pairs))

    assert signature_of(token, url, pairs) == theirs


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("signed_url", URLS)
@pytest.mark.parametrize("port", ["", ":443", ":80"])
def test_a_signature_is_good_for_the_addresses_twilio_takes_it_for(
    url: str, signed_url: str, port: str
) -> None:
    address = signed_url.replace(".com/", f".com{port}/")
    signature = RequestValidator(TOKEN).compute_signature(address, {})

    theirs = RequestValidator(TOKEN).validate(url, {}, signature)
    assert is_signed(signature, [TOKEN], with_and_without_port(url)) == theirs


def test_while_a_token_is_rotated_both_are_good_and_an_empty_one_never_is() -> None:
    (url,) = URLS[:1]
    old, none = signature_of("old", url), signature_of("", url)

    assert is_signed(old, ["new", "old"], [url])
    assert not is_signed(old, ["new"], [url])
    assert not is_signed(none, ["", "new"], [url])


@pytest.mark.parametrize("signature", ["", "x", "é\udcff", "=" * 28])
def test_what_is_no_signature_signs_nothing(signature: str) -> None:
    assert not is_signed(signature, [TOKEN], URLS)


def waits(url: str) -> dict[str, int]:
    return {name: int(value) for name, value in parse_qsl(urlsplit(hurried(url)).fragment)}


@pytest.mark.parametrize(
    "path", ["/after-stream", "/handoff?b=x&n=1", "/whisper?b=x", "/voicemail"]
)
def test_who_hears_nothing_while_a_webhook_is_waited_for_hears_the_fallback_within_4_s(
    path: str,
) -> None:
    asked = waits(f"https://voice.example.com{path}")
    assert asked["ct"] < asked["rt"] < asked["tt"] <= 3_500
    assert asked["rt"] >= 2 * 1_500  # the tables' share of it, and as much for a cold start


@pytest.mark.parametrize("path", ["/incoming", "/incoming?rung=1"])
def test_whoever_hears_it_ring_may_wait_longer(path: str) -> None:
    assert 4_000 < waits(f"https://voice.example.com{path}")["tt"] < 6_000
