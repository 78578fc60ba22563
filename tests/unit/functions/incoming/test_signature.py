"""Only what Twilio signed for us is answered; everything else is refused and counted."""

import base64
import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.incoming.signature import Form, form_of, query_of, signed_part
from shared.domain.twilio_signature import hurried
from tests.unit.functions.incoming.phone_company import (
    ACCOUNT,
    CALL,
    FIELDS,
    PUBLIC,
    Phone,
    an_event,
    signed,
)

ROUTES = (
    "/incoming",
    "/after-stream",
    "/handoff?n=1&b=coolcare_hvac",
    f"/whisper?call={CALL}&n=1&b=coolcare_hvac",
    f"/whisper-accept?call={CALL}&b=coolcare_hvac",
    "/voicemail?b=coolcare_hvac",
    "/call-status",
    "/sms-status",
    "/stream-status",
)
# Twilio's own published examples for the token "12345".
PUBLISHED = (
    ("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
    ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
)
EXAMPLE = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
)


@pytest.mark.parametrize(("url", "signature"), PUBLISHED)
def test_twilios_published_examples_are_accepted(url: str, signature: str) -> None:
    # The examples name no account; the check of it is told apart below.
    assert signed_part(Form(EXAMPLE), [url], signature, tokens=["12345"], account_sid="")


@pytest.mark.parametrize("call_sid", ["", " ", "CA/../x", "CA" + "1" * 63, "CA\n1"])
@pytest.mark.parametrize("route", [route for route in ROUTES if route != "/sms-status"])
def test_a_signed_webhook_that_names_no_call_is_refused_and_writes_nothing(
    phone: Phone, route: str, call_sid: str
) -> None:
    answer = phone.post(route, CallSid=call_sid, CallStatus="completed")
    assert (answer.status, answer.body) == (400, "CallSid is missing")
    assert not phone.world.calls.rows


def test_a_name_that_comes_twice_is_signed_with_both_values() -> None:
    fields = (("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"))
    url, signature = "https://mycompany.com/myapp.php?foo=1&bar=2", "IK+Dwps556ElfBT0I3Rgjkr1wJU="
    assert signed_part(Form(fields), [url], signature, tokens=["12345"], account_sid="")
    assert not signed_part(Form(fields[:3]), [url], signature, tokens=["12345"], account_sid="")


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_answers_what_twilio_signed(phone: Phone, route: str) -> None:
    phone.has_row()
    assert phone.post(route).status in (200, 204)


@pytest.mark.parametrize("route", ROUTES)
def test_what_stands_behind_a_hash_may_be_signed_or_not(phone: Phone, route: str) -> None:
    """It is Twilio's to read how long it waits; whether it signs it, no page of its says."""
    phone.has_row()
    body = urlencode(FIELDS)
    with_it = signed(hurried(f"{PUBLIC}{route}"), body)
    assert phone.deliver(f"{PUBLIC}{route}", body, with_it).status in (200, 204)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("how", ["unsigned", "blank", "other token", "other account", "no account"])
def test_every_route_refuses_the_rest_and_changes_nothing(
    phone: Phone, route: str, how: str
) -> None:
    body = urlencode(FIELDS)
    match how:
        case "unsigned":
            answer = phone.deliver(f"{PUBLIC}{route}", body, None)
        case "blank":
            answer = phone.deliver(f"{PUBLIC}{route}", body, "")
        case "other token":
            other = signed(f"{PUBLIC}{route}", body, "another")
            answer = phone.deliver(f"{PUBLIC}{route}", body, other)
        case "other account":
            answer = phone.post(route, AccountSid="AC" + "9" * 32)
        case _:
            answer = phone.post(route, AccountSid="")
    assert answer.status == 403 and "<" not in answer.body
    assert [
        json.loads(line)["CallsRejectedSignature"] for line in phone.emf.getvalue().splitlines()
    ] == [1]
    assert not phone.world.calls.rows and not phone.world.texts.sent


@pytest.mark.parametrize("route", ROUTES)
def test_a_tampered_field_url_or_query_is_refused(phone: Phone, route: str) -> None:
    body = urlencode(FIELDS)
    good = signed(f"{PUBLIC}{route}", body)
    more = "&" if "?" in route else "?"
    assert phone.deliver(f"{PUBLIC}{route}", body, good).status in (200, 204)
    assert phone.deliver(f"{PUBLIC}{route}", f"{body}&Digits=1", good).status == 403
    assert (
        phone.deliver(f"{PUBLIC}{route}", body.replace("5551230000", "5551230001"), good).status
        == 403
    )
    assert phone.deliver(f"{PUBLIC}{route}{more}n=2", body, good).status == 403


def test_the_signed_address_is_the_configured_one_not_the_host_header(phone: Phone) -> None:
    body = urlencode(FIELDS)
    elsewhere = signed("https://abc.execute-api.us-east-1.amazonaws.com/incoming", body)
    assert phone.deliver(f"{PUBLIC}/incoming", body, elsewhere).status == 403


def test_a_token_being_rotated_is_accepted_with_the_new_one(phone: Phone) -> None:
    form, url = Form(tuple(FIELDS.items())), f"{PUBLIC}/incoming"
    old = signed(url, urlencode(FIELDS), "old")
    assert signed_part(form, [url], old, tokens=["new", "old"], account_sid=ACCOUNT)
    assert not signed_part(form, [url], old, tokens=["new"], account_sid=ACCOUNT)
    assert not signed_part(form, [url], old, tokens=["", ""], account_sid=ACCOUNT)


def test_an_empty_token_signs_nothing(phone: Phone) -> None:
    form, url = Form(tuple(FIELDS.items())), f"{PUBLIC}/incoming"
    assert not signed_part(
        form, [url], signed(url, urlencode(FIELDS), ""), tokens=[""], account_sid=ACCOUNT
    )


HOSTILE = (
    b"",
    b"\x00\xff\xfe" * 100,
    b"a" * 200_000,
    b"=&=&&=" * 50,
    b"&".join(b"a%d=1" % n for n in range(2000)),
    b'{"CallSid": "CA1"}',
    b"CallSid=%FF%FE&To=%00",
    "To=+1937&Zweck=Überraschung 🔥".encode(),
)


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("route", ["/incoming", "/after-stream", "/sms-status"])
def test_hostile_bodies_are_refused_without_an_error(phone: Phone, route: str, body: bytes) -> None:
    assert phone.deliver(f"{PUBLIC}{route}", body, "AAAA").status == 403
    assert phone.deliver(f"{PUBLIC}{route}", body, "é" * 5).status == 403


def test_a_body_that_is_no_base64_is_refused(phone: Phone) -> None:
    event = an_event(f"{PUBLIC}/incoming", "%%% no base64", {"x-twilio-signature": "AAAA"})
    assert phone.event(event).status == 403


@pytest.mark.parametrize("missing", ["body", "rawQueryString", "isBase64Encoded"])
def test_an_event_without_a_part_is_refused(phone: Phone, missing: str) -> None:
    event = an_event(
        f"{PUBLIC}/incoming", base64.b64encode(b"a=1").decode(), {"x-twilio-signature": "A"}
    )
    del event[missing]
    assert phone.event(event).status == 403


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/nowhere"), ("GET", "/incoming"), ("POST", "/incoming/x")]
)
def test_other_paths_and_methods_find_nothing(phone: Phone, method: str, path: str) -> None:
    body = urlencode(FIELDS)
    headers = {"x-twilio-signature": signed(f"{PUBLIC}{path}", body)}
    event = an_event(f"{PUBLIC}{path}", base64.b64encode(body.encode()).decode(), headers, method)
    assert phone.event(event).status in (404, 405)


def test_a_signed_webhook_without_its_fields_is_answered(phone: Phone) -> None:
    for route in ROUTES:
        body = urlencode({"AccountSid": ACCOUNT})
        target = f"{PUBLIC}{route}"
        status = phone.deliver(target, body, signed(target, body)).status
        assert status == (204 if route == "/sms-status" else 400), route


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=50), max_size=8),
    st.text(max_size=30),
)
def test_whatever_fields_twilio_adds_are_signed_along(
    phone: Phone, added: dict[str, str], query: str
) -> None:
    body = urlencode({**added, **FIELDS})
    target = f"{PUBLIC}/stream-status?{urlencode({'q': query})}"
    assert phone.deliver(target, body, signed(target, body)).status == 204


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_none(raw: bytes) -> None:
    form = form_of(base64.b64encode(raw).decode(), is_base64=True)
    assert form is None or form.get("nothing of that name") == ""


@given(st.text(max_size=300))
def test_any_query_is_read(raw: str) -> None:
    query_of(raw)


ADDED = {"StirVerstat": "TN-Validation-Passed-A", "CallToken": "token"}


@pytest.mark.parametrize("added", [{"StirVerstat": "TN-Validation-Passed-A"}, ADDED])
def test_fields_that_were_added_after_signing_are_left_out_and_counted(
    phone: Phone, added: dict[str, str]
) -> None:
    url = f"{PUBLIC}/call-status"
    fields = {**FIELDS, "CallStatus": "completed"}
    answer = phone.deliver(url, urlencode({**fields, **added}), signed(url, urlencode(fields)))
    assert answer.status == 204
    assert phone.row().attestation is None
    assert "FieldsNotSigned" in phone.emf.getvalue()


def test_what_the_network_vouches_for_is_kept_where_it_was_signed(phone: Phone) -> None:
    phone.post("/call-status", CallStatus="completed", StirVerstat="TN-Validation-Passed-A")
    assert phone.row().attestation == "TN-Validation-Passed-A"
    assert "FieldsNotSigned" not in phone.emf.getvalue()


def test_any_other_field_that_was_added_is_refused(phone: Phone) -> None:
    url = f"{PUBLIC}/call-status"
    added = urlencode({**FIELDS, "Digits": "1"})
    assert phone.deliver(url, added, signed(url, urlencode(FIELDS))).status == 403


def test_the_apis_own_address_is_good_beside_the_owners_domain(phone: Phone) -> None:
    body = urlencode(FIELDS)
    url = "https://abc.execute-api.us-east-1.amazonaws.com/incoming"
    assert phone.deliver(url, body, signed(url, body)).status == 403
    phone.environ["OTHER_BASE_URL"] = "https://abc.execute-api.us-east-1.amazonaws.com"
    assert phone.deliver(url, body, signed(url, body)).status == 200
    assert phone.post("/incoming").status == 200
