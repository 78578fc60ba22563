"""The Stripe stand-in: as strict as Stripe, and its webhooks signed as Stripe signs them."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
import stripe
from aiohttp import web

from services.simulator.stripe.server import StripeStandIn

KEY, SECRET = "sk_test_standin", "whsec_standin"
GOOD = {
    "mode": "payment",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "20600",
    "line_items[0][price_data][product_data][name]": "Deposit",
    "success_url": "https://x.test/thanks?session={CHECKOUT_SESSION_ID}",
    "metadata[job_id]": "job-1",
    "payment_intent_data[metadata][job_id]": "job-1",
}


class Shop:
    """An endpoint for webhooks that may refuse some, and a client of the API."""

    def __init__(self, server: StripeStandIn, http: aiohttp.ClientSession) -> None:
        self.server, self._http = server, http
        self.got: list[tuple[bytes, str]] = []
        self.refuse = 0

    async def hook(self, request: web.Request) -> web.Response:
        self.got.append((await request.read(), request.headers["Stripe-Signature"]))
        self.refuse -= 1
        return web.Response(status=500 if self.refuse >= 0 else 200)

    async def create(
        self, form: dict[str, str], *, key: str | None = None, auth: str = f"Bearer {KEY}"
    ) -> tuple[int, dict[str, object], bool]:
        headers = {"Authorization": auth} if auth else {}
        if key:
            headers["Idempotency-Key"] = key
        url = f"{self.server.url}/v1/checkout/sessions"
        async with self._http.post(url, data=form, headers=headers) as answer:
            replayed = answer.headers.get("Idempotent-Replayed") == "true"
            return answer.status, await answer.json(), replayed

    async def page(self, method: str, url: str) -> tuple[int, str, str]:
        async with self._http.request(method, url, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers.get("Location", "")

    def events(self) -> list[dict[str, object]]:
        return [json.loads(body) for body, _ in self.got]


@asynccontextmanager
async def a_shop() -> AsyncIterator[Shop]:
    server = StripeStandIn(api_key=KEY, webhook_secret=SECRET)
    await server.start()
    async with aiohttp.ClientSession() as http:
        shop = Shop(server, http)
        app = web.Application()
        app.router.add_post("/stripe/webhook", shop.hook)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/stripe/webhook"
        try:
            yield shop
        finally:
            await server.stop()
            await runner.cleanup()


def run(story: Callable[[Shop], Awaitable[None]]) -> None:
    async def told() -> None:
        async with a_shop() as shop:
            await story(shop)

    asyncio.run(asyncio.wait_for(told(), 30))


def test_a_session_is_made_paid_on_its_page_and_told_by_a_signed_webhook() -> None:
    async def story(shop: Shop) -> None:
        status, session, _ = await shop.create(GOOD)
        assert status == 200
        assert (session["status"], session["payment_status"]) == ("open", "unpaid")
        assert (session["amount_total"], session["payment_intent"]) == (20600, None)
        url = str(session["url"])
        assert re.fullmatch(rf"{shop.server.url}/c/pay/{session['id']}", url)
        assert "$206.00" in (await shop.page("GET", url))[1]

        paid = await shop.page("POST", url)
        await shop.server.delivered()

        assert paid[0] == 303
        assert paid[2] == f"https://x.test/thanks?session={session['id']}"
        (event,) = shop.events()
        assert (event["type"], event["livemode"]) == ("checkout.session.completed", False)
        body, header = shop.got[0]
        assert stripe.WebhookSignature.verify_header(body, header, SECRET, tolerance=5)
        about = stripe.Webhook.construct_event(body, header, SECRET).data.object
        assert (about["payment_status"], about["url"]) == ("paid", None)
        assert about["metadata"]["job_id"] == "job-1"
        assert (await shop.page("POST", url))[0] == 404

    run(story)


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"mode": None}, "mode", "parameter_missing"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"success_url": "thanks"}, "success_url", "url_invalid"),
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"payment_method_types[0]": "card"}, "payment_method_types", "parameter_unknown"),
        ({"line_items[0][price]": "x"}, "line_items[0][price]", "parameter_unknown"),
        (
            {"line_items[0][price_data][unit_amount]": "206.00"},
            "line_items[0][price_data][unit_amount]",
            "parameter_invalid_integer",
        ),
        ({"line_items[0][price_data][unit_amount]": "49"}, None, "amount_too_small"),
        ({"line_items[0][quantity]": "0"}, "line_items[0]", None),
        ({"line_items": "one"}, "line_items", None),
        ({"metadata": "x"}, "metadata", None),
        ({"expires_at": "1"}, "expires_at", None),
        ({"metadata[" + "k" * 41 + "]": "x"}, "metadata[" + "k" * 41 + "]", None),
    ],
)
def test_params_that_stripe_refuses_are_refused(
    changes: dict[str, str | None], param: str | None, code: str | None
) -> None:
    form = {name: value for name, value in (GOOD | changes).items() if value is not None}
    if "line_items" in changes:
        form = {name: value for name, value in form.items() if "line_items[" not in name}
    if "metadata" in changes:
        form.pop("metadata[job_id]")

    async def story(shop: Shop) -> None:
        status, body, _ = await shop.create(form)
        error = body["error"]
        assert isinstance(error, dict)
        assert (status, error["type"]) == (400, "invalid_request_error")
        assert (error.get("param"), error.get("code")) == (param, code)
        assert not shop.server.account.sessions

    run(story)


def test_expires_at_lies_between_half_an_hour_and_a_day_ahead() -> None:
    async def story(shop: Shop) -> None:
        now = int(time.time())
        for ahead, status in ((1700, 400), (1900, 200), (86300, 200), (86500, 400)):
            got = await shop.create(GOOD | {"expires_at": str(now + ahead)})
            assert got[0] == status, ahead

    run(story)


def test_one_key_is_one_answer_and_never_two_requests() -> None:
    async def story(shop: Shop) -> None:
        first = await shop.create(GOOD, key="k")
        again = await shop.create(GOOD, key="k")
        assert again[1]["id"] == first[1]["id"]
        assert (first[2], again[2]) == (False, True)
        status, body, _ = await shop.create(GOOD | {"mode": "setup"}, key="k")
        assert (status, body["error"]["type"]) == (400, "idempotency_error")  # type: ignore[index]
        assert len(shop.server.account.sessions) == 1

    run(story)


def test_a_refused_request_does_not_use_its_key_up() -> None:
    async def story(shop: Shop) -> None:
        assert (await shop.create(GOOD | {"x": "y"}, key="k"))[0] == 400
        assert (await shop.create(GOOD, key="k"))[0] == 200

    run(story)


@pytest.mark.parametrize("auth", ["", "Bearer sk_test_other", "Basic xyz"])
def test_without_the_key_there_is_no_answer(auth: str) -> None:
    async def story(shop: Shop) -> None:
        assert (await shop.create(GOOD, auth=auth))[0] == 401

    run(story)


def test_what_was_refused_is_delivered_again_until_it_is_taken() -> None:
    async def story(shop: Shop) -> None:
        _, session, _ = await shop.create(GOOD)
        shop.refuse = 2
        event_id = await shop.server.account.expire(str(session["id"]))
        await shop.server.delivered()
        assert [d.statuses for d in shop.server.deliveries] == [[500, 500, 200]]
        assert {event["id"] for event in shop.events()} == {event_id}

        await shop.server.redeliver(event_id)
        assert len(shop.got) == 4

    run(story)


def test_refunds_and_disputes_name_the_payment_and_the_charge_the_job() -> None:
    async def story(shop: Shop) -> None:
        _, session, _ = await shop.create(GOOD)
        session_id = str(session["id"])
        await shop.server.account.pay(str(session["url"]))
        await shop.server.account.refund(session_id, 600)
        await shop.server.account.refund(session_id)
        await shop.server.account.dispute(session_id)
        await shop.server.delivered()

        by_type: dict[object, list[dict[str, object]]] = {}
        for event in shop.events():
            data = event["data"]
            assert isinstance(data, dict)
            by_type.setdefault(event["type"], []).append(data["object"])
        intent = shop.server.account.sessions[session_id]["payment_intent"]
        refunds = by_type["charge.refunded"]
        assert sorted(int(str(r["amount_refunded"])) for r in refunds) == [600, 20600]
        (dispute,) = by_type["charge.dispute.created"]
        assert {r["payment_intent"] for r in (*refunds, dispute)} == {intent}
        assert refunds[0]["metadata"] == {"job_id": "job-1"}
        assert dispute["metadata"] == {}
        with pytest.raises(ValueError, match="cannot refund"):
            await shop.server.account.refund(session_id, 1)

    run(story)


def test_a_delayed_method_is_unpaid_until_it_clears() -> None:
    async def story(shop: Shop) -> None:
        _, session, _ = await shop.create(GOOD)
        session_id = str(session["id"])
        await shop.server.account.pay(session_id, delayed=True)
        assert shop.server.account.sessions[session_id]["payment_status"] == "unpaid"
        await shop.server.account.clear(session_id)
        assert shop.server.account.sessions[session_id]["payment_status"] == "paid"
        await shop.server.delivered()
        assert sorted(str(event["type"]) for event in shop.events()) == [
            "checkout.session.async_payment_succeeded",
            "checkout.session.completed",
        ]

    run(story)


def test_a_paid_session_can_be_neither_paid_nor_expired() -> None:
    async def story(shop: Shop) -> None:
        _, session, _ = await shop.create(GOOD)
        await shop.server.account.pay(str(session["id"]))
        with pytest.raises(ValueError, match="complete"):
            await shop.server.account.pay(str(session["id"]))
        with pytest.raises(ValueError, match="complete"):
            await shop.server.account.expire(str(session["id"]))

    run(story)


def test_an_address_stripe_does_not_have_is_told_as_such() -> None:
    async def story(shop: Shop) -> None:
        status, text, _ = await shop.page("GET", f"{shop.server.url}/v1/nothing")
        assert (status, "provide an API key" in text) == (401, True)

    run(story)
