"""The function as API Gateway calls it: real tables, Stripe's stand-in, and what it loads."""

import asyncio
import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe as stripe_library
from aiohttp import web

from functions.stripe_webhook.handler import lambda_handler
from functions.stripe_webhook.reply import Reply
from services.simulator.stripe.server import StripeStandIn
from shared.adapters.dynamo.outbox import DynamoOutbox
from shared.domain.models import JobStatus
from tests.contracts.conftest import dynamo_store, ministack_tables, ministack_url
from tests.examples import NOW, a_customer, a_job
from tests.money import a_session, raw_event
from tests.unit.functions.stripe_webhook.test_changing import Forms

__all__ = ["ministack_tables", "ministack_url"]

pytestmark = pytest.mark.stack

SECRET = "whsec_handler"
COMPLETED = "checkout.session.completed"


def request(
    method: str,
    path: str,
    *,
    body: bytes | None = None,
    encoded: bool = False,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An HTTP API event, payload 2.0."""
    text = None if body is None else body.decode()
    if body is not None and encoded:
        text = base64.b64encode(body).decode()
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "callwright.test", **(headers or {})},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
        },
        "body": text,
        "isBase64Encoded": encoded,
    }


def webhook(body: bytes, *, secret: str = SECRET, encoded: bool = False) -> dict[str, Any]:
    header = stripe_library.WebhookSignature.generate_signature_header(
        body.decode(), secret, int(time.time())
    )
    return request(
        "POST", "/stripe/webhook", body=body, encoded=encoded, headers={"stripe-signature": header}
    )


@pytest.fixture
def tables(ministack_tables: tuple[Any, str], ministack_url: str, monkeypatch: Any) -> Any:
    """The environment of a Lambda, whose tables hold the spec's job."""
    client, prefix = ministack_tables
    for name, value in {
        "STAGE": "local",
        "TABLE_PREFIX": prefix,
        "PUBLIC_BASE_URL": "https://callwright.test",
        "AWS_ENDPOINT_URL": ministack_url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "STRIPE_WEBHOOK_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    store = dynamo_store(client, prefix)
    store.jobs.book(a_job(), a_customer())
    return store


class Stripe:
    """The stand-in on a loop of its own, since Stripe's library blocks; its webhooks reach us."""

    def __init__(self) -> None:
        self.server = StripeStandIn(api_key="sk_test_handler", webhook_secret=SECRET)
        self.refused = threading.Event()
        self._one_at_a_time = asyncio.Lock()  # as in a Lambda's environment
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.do(self.server.start())
        self._runner = self.do(self._gateway())
        address = self._runner.addresses[0]
        self.server.webhook_url = f"http://127.0.0.1:{address[1]}/stripe/webhook"

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def stop(self) -> None:
        self.do(self.server.stop())
        self.do(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _gateway(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/stripe/webhook", self._forward)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    async def _forward(self, http: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in http.headers.items()}
        event = request("POST", http.path, body=await http.read(), headers=headers)
        async with self._one_at_a_time:
            answer = await asyncio.to_thread(lambda_handler, event, None)
        if answer["statusCode"] != 200:
            self.refused.set()
        return web.Response(status=answer["statusCode"], text=answer["body"])


@pytest.fixture
def stripe(monkeypatch: Any) -> Iterator[Stripe]:
    made = Stripe()
    monkeypatch.setenv("STRIPE_API_BASE", made.server.url)
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_handler")
    yield made
    made.stop()


@pytest.mark.parametrize("encoded", [False, True])
def test_a_signed_webhook_pays_the_job(
    tables: Any, capsys: pytest.CaptureFixture[str], encoded: bool
) -> None:
    answer = lambda_handler(webhook(raw_event(COMPLETED, a_session()), encoded=encoded), None)

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"settled": "paid"})
    assert tables.jobs.get("job1").deposit_paid
    paid, usd = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (paid["DepositsPaid"], paid["stage"], paid["business"]) == (1, "local", "coolcare_hvac")
    assert usd["DepositsPaidUsd"] == 206


def test_an_unsigned_one_changes_nothing(tables: Any, capsys: pytest.CaptureFixture[str]) -> None:
    body = raw_event(COMPLETED, a_session())
    for event in (
        webhook(body, secret="whsec_other"),
        request("POST", "/stripe/webhook", body=body),
    ):
        assert lambda_handler(event, None)["statusCode"] == 400
    assert not tables.jobs.get("job1").deposit_paid
    assert capsys.readouterr().out.count("WebhooksRejected") == 4  # name and value, twice


@pytest.mark.parametrize("body", [None, "", "%%% not base64"])
def test_a_body_that_is_none_is_refused(tables: Any, body: str | None) -> None:
    event = request("POST", "/stripe/webhook") | {"body": body, "isBase64Encoded": True}
    assert lambda_handler(event, None)["statusCode"] == 400


def test_without_its_secret_stripe_is_asked_to_come_again(tables: Any, monkeypatch: Any) -> None:
    monkeypatch.delenv("STRIPE_WEBHOOK_SECRET")
    assert lambda_handler(webhook(raw_event(COMPLETED, a_session())), None)["statusCode"] == 503


def test_the_link_leads_to_stripe_and_after_the_payment_to_a_page(
    tables: Any, stripe: Stripe
) -> None:
    answer = lambda_handler(request("GET", "/pay/job1"), None)
    (session,) = stripe.server.account.sessions.values()
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, session["url"])
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert session["success_url"] == "https://callwright.test/pay/job1/thanks"
    assert "Not paid yet?" in lambda_handler(request("GET", "/pay/job1/thanks"), None)["body"]

    stripe.do(stripe.server.account.pay(str(session["url"])))
    stripe.do(stripe.server.delivered())

    assert [delivery.statuses for delivery in stripe.server.deliveries] == [[200]]
    assert tables.jobs.get("job1").payment_id == session["payment_intent"]
    for path in ("/pay/job1", "/pay/job1/thanks"):
        page = lambda_handler(request("GET", path), None)
        assert page["statusCode"] == 200
        assert "Your $206 deposit is paid." in page["body"]
        assert page["headers"]["Content-Type"].startswith("text/html")


def test_what_stripe_sends_again_late_and_in_the_wrong_order_ends_as_once(
    tables: Any, stripe: Stripe, monkeypatch: Any
) -> None:
    server = stripe.server
    lambda_handler(request("GET", "/pay/job1"), None)
    (session_id,) = server.account.sessions
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_not_yet")  # the payment is refused at first
    paid = stripe.do(server.account.pay(session_id))
    assert stripe.refused.wait(10)
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", SECRET)
    refunded = stripe.do(server.account.refund(session_id))
    stripe.do(server.delivered())
    for event_id in (refunded, paid, refunded, paid):
        stripe.do(server.redeliver(event_id))

    first, *later = server.deliveries[0].statuses
    assert (first, set(later)) == (400, {200})
    (row,) = tables.payments.of_job("job1")
    assert (row.status, row.amount, row.refunded) == ("refunded", 20_600, 20_600)
    assert (row.session_id, row.charge) == (session_id, server.account.charges[session_id]["id"])
    assert not tables.jobs.get("job1").deposit_paid


def test_without_a_key_for_stripe_the_payer_may_try_again(tables: Any, monkeypatch: Any) -> None:
    monkeypatch.delenv("STRIPE_API_KEY", raising=False)
    answer = lambda_handler(request("GET", "/pay/job1"), None)
    assert answer["statusCode"] == 503
    assert "try again in a minute" in answer["body"]


def test_who_only_looks_at_the_link_opens_no_session(tables: Any, stripe: Stripe) -> None:
    before = tables.jobs.get("job1")
    answer = lambda_handler(request("HEAD", "/pay/job1"), None)
    assert (answer["statusCode"], answer["body"]) == (303, "")
    assert answer["headers"]["Location"] == "https://callwright.test/pay/job1/thanks"
    assert not stripe.server.account.sessions and tables.jobs.get("job1") == before
    thanks = lambda_handler(request("HEAD", "/pay/job1/thanks"), None)
    assert (thanks["statusCode"], thanks["body"]) == (200, "")
    assert thanks["headers"]["Content-Type"].startswith("text/html")
    assert lambda_handler(request("HEAD", "/pay/nobody"), None)["statusCode"] == 404


def test_a_visit_is_moved_and_called_off_on_its_page(
    tables: Any, stripe: Stripe, ministack_tables: tuple[Any, str], monkeypatch: Any
) -> None:
    offset = round((NOW - datetime.now(UTC)).total_seconds())
    monkeypatch.setenv("CLOCK_OFFSET_S", str(offset))
    monkeypatch.setenv("STREAM_TOKEN_SECRET", "s" * 40)

    def tap(fields: dict[str, str] | None, words: str) -> dict[str, dict[str, str]]:
        sent = None if fields is None else urlencode(fields).encode()
        asked = request("GET" if sent is None else "POST", "/visit/job1", body=sent, encoded=True)
        answer = lambda_handler(asked, None)
        assert answer["statusCode"] == 200 and words in answer["body"], answer["body"]
        return Forms(Reply(200, answer["body"])).all

    page = tap(None, "Thu, Aug 28, 9 to 11 PM")
    windows = tap(page["Move it to another time"], "Another time")
    moved = tap(windows["Fri, Aug 29, 8 to 10 AM"], "Your visit is on Fri, Aug 29, 8 to 10 AM.")
    job = tables.jobs.get("job1")
    assert (job.version, job.deposit) == (1, 13_800)
    assert tables.jobs.held(job.business_id, ["crew-1"], NOW, NOW + timedelta(days=2)) == set(
        job.holds
    )
    # Nothing was there to text with: the text waits for the schedule.
    assert tables.follow_ups.waiting("text:job1:moved:1:caller")

    tap(tap(moved["Cancel it"], "Cancel this visit?")["Yes, cancel this visit"], "was canceled")
    assert tables.jobs.get("job1").status is JobStatus.CANCELLED
    assert not tables.jobs.held(job.business_id, ["crew-1"], NOW, NOW + timedelta(days=2))
    outbox = DynamoOutbox(*ministack_tables)
    told = outbox.due(datetime.now(UTC) + timedelta(minutes=1))
    names = [each.event.id.rpartition(":")[2] for each in told]
    assert names == ["created", "rescheduled", "cancelled"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/stripe/webhook"), ("POST", "/pay/job1")]
)
def test_other_addresses_are_not_found(tables: Any, method: str, path: str) -> None:
    assert lambda_handler(request(method, path), None)["statusCode"] == 404


FRESH = """
import json, sys
from functions.stripe_webhook.handler import lambda_handler
from functions.stripe_webhook.reply import Reply
settled = lambda_handler(json.loads(sys.stdin.read()), None)
print(json.dumps([settled["statusCode"], sorted(sys.modules)]))
"""


def test_a_webhook_loads_neither_stripe_nor_openai_nor_twilio(tables: Any) -> None:
    event = webhook(raw_event(COMPLETED, a_session()))
    fresh = subprocess.run(
        [sys.executable, "-c", FRESH],
        input=json.dumps(event),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    status, modules = json.loads(fresh.stdout.splitlines()[-1])
    assert status == 200
    assert tables.jobs.get("job1").deposit_paid
    assert "boto3" in modules
    assert not {"stripe", "openai", "twilio", "twilio.rest", "aws_xray_sdk"} & set(modules)
