"""A merchant beside the Stripe stand-in: an endpoint for webhooks, and a client of the API."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
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


class Merchant:
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
async def a_merchant() -> AsyncIterator[Merchant]:
    server = StripeStandIn(api_key=KEY, webhook_secret=SECRET)
    await server.start()
    async with aiohttp.ClientSession() as http:
        merchant = Merchant(server, http)
        app = web.Application()
        app.router.add_post("/stripe/webhook", merchant.hook)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/stripe/webhook"
        try:
            yield merchant
        finally:
            await server.stop()
            await runner.cleanup()


def run(story: Callable[[Merchant], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with a_merchant() as merchant:
            await story(merchant)

    asyncio.run(asyncio.wait_for(bounded(), 30))
