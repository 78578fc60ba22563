"""What the webhook answers Stripe, and what it leaves alone when it refuses."""

import json
import logging
from datetime import UTC, datetime

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from functions.stripe_webhook.reply import Reply
from functions.stripe_webhook.webhook import LARGEST, receive
from tests.examples import a_customer, a_job
from tests.fakes import FakeWorld
from tests.fuzz.seeds import fuzzed
from tests.money import a_charge, a_session, raw_event
from tests.unit.functions.stripe_webhook.surroundings import REAL_NOW, SECRET, a_context

COMPLETED = "checkout.session.completed"


class Endpoint:
    def __init__(self) -> None:
        self.world = FakeWorld()
        self.world.jobs.book(a_job(), a_customer())

    def post(
        self, body: bytes, signature: str | None = "", secrets: tuple[str, ...] = (SECRET,)
    ) -> Reply:
        signature = sign(body) if signature == "" else signature
        return receive(body, signature, a_context(self.world, secrets=secrets))

    def untouched(self) -> bool:
        return not self.world.payments.rows and self.world.jobs.rows["job1"] == a_job()


def sign(body: bytes, secret: str = SECRET, at: datetime = REAL_NOW) -> str:
    header: str = stripe.WebhookSignature.generate_signature_header(
        body.decode("utf-8", "replace"), secret, int(at.timestamp())
    )
    return header


def said(reply: Reply) -> dict[str, str]:
    answer: dict[str, str] = json.loads(reply.body)
    return answer


def test_a_signed_payment_is_settled() -> None:
    endpoint = Endpoint()
    reply = endpoint.post(raw_event(COMPLETED, a_session()))
    assert (reply.status, said(reply)) == (200, {"settled": "paid"})
    assert endpoint.world.jobs.rows["job1"].deposit_paid
    assert endpoint.world.metrics.total("DepositsPaid") == 1


def test_the_same_webhook_again_is_fine_and_changes_nothing() -> None:
    endpoint = Endpoint()
    body = raw_event(COMPLETED, a_session())
    endpoint.post(body)
    rows = dict(endpoint.world.payments.rows)
    assert said(endpoint.post(body)) == {"settled": "repeated"}
    assert endpoint.world.payments.rows == rows


def test_either_secret_is_accepted_while_it_is_rolled() -> None:
    body = raw_event(COMPLETED, a_session())
    assert Endpoint().post(body, secrets=("whsec_new", SECRET)).status == 200


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "t=1,v1=00",
        sign(b"{}"),
        sign(raw_event(COMPLETED, a_session()), "whsec_other"),
        sign(raw_event(COMPLETED, a_session()), at=datetime(2026, 11, 22, 13, 54, tzinfo=UTC)),
        sign(raw_event(COMPLETED, a_session()), at=datetime(2026, 11, 22, 14, 6, tzinfo=UTC)),
    ],
    ids=["none", "wrong", "another body", "another secret", "old", "future"],
)
def test_what_stripe_did_not_sign_just_now_is_refused(signature: str | None) -> None:
    endpoint = Endpoint()
    reply = endpoint.post(raw_event(COMPLETED, a_session()), signature)
    assert (reply.status, said(reply)["error"]) == (400, "bad_signature")
    assert endpoint.untouched()
    assert endpoint.world.metrics.total("WebhooksRejected") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"id": 1, "type": "x", "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "x", "data": []}',
        b'{"id": "evt_1", "type": "x", "data": {"object": []}}',
        b"[" * 50_000,
        raw_event(COMPLETED, {"id": "cs_1"}),
        raw_event("charge.refunded", a_charge(amount="lots")),
    ],
)
def test_a_signed_body_that_cannot_be_read_names_the_fields_and_no_values(body: bytes) -> None:
    endpoint = Endpoint()
    reply = endpoint.post(body)
    assert (reply.status, said(reply)["error"]) == (400, "unreadable")
    assert said(reply)["message"]
    assert "lots" not in reply.body
    assert endpoint.untouched()


def test_a_body_too_large_is_not_even_hashed() -> None:
    reply = Endpoint().post(b"x" * (LARGEST + 1))
    assert (reply.status, said(reply)["error"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        raw_event("invoice.paid", {"anything": [1, None]}),
        raw_event("checkout.session.expired", a_session()),
        b'{"id": "evt_1", "object": "v2.core.event", "type": "v2.core.x", "related_object": {}}',
    ],
    ids=["unknown", "expired", "thin"],
)
def test_what_says_nothing_of_our_money_is_taken_and_left_alone(body: bytes) -> None:
    endpoint = Endpoint()
    reply = endpoint.post(body)
    assert (reply.status, said(reply)) == (200, {"settled": "ignored"})
    assert endpoint.untouched()


def test_a_table_that_is_down_has_stripe_deliver_again() -> None:
    endpoint = Endpoint()
    endpoint.world.jobs.down = True
    assert endpoint.post(raw_event(COMPLETED, a_session())).status == 503
    assert endpoint.world.metrics.total("PaymentsNotSettled") == 1
    endpoint.world.jobs.down = False
    assert said(endpoint.post(raw_event(COMPLETED, a_session()))) == {"settled": "paid"}


def test_no_log_line_holds_what_the_event_said_of_a_person(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    payer = {"email": "sarah@example.com", "name": "Sarah Miller", "phone": "+15551230000"}
    endpoint = Endpoint()
    endpoint.post(raw_event(COMPLETED, a_session(customer_details=payer)))
    endpoint.post(raw_event(COMPLETED, {"id": 5, "customer_details": payer}, "evt_2"))
    told = " ".join(str(vars(record)) for record in caplog.records)
    assert "evt_1" in told
    assert not any(word in told for word in payer.values())


@fuzzed
@given(st.binary(max_size=400))
def test_any_signed_bytes_get_an_answer_and_change_nothing(body: bytes) -> None:
    import hashlib
    import hmac

    at = int(REAL_NOW.timestamp())
    v1 = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    endpoint = Endpoint()
    assert endpoint.post(body, f"t={at},v1={v1}").status in (200, 400)
    assert endpoint.untouched()
