"""Stripe's stand-in on loopback: its API, its pay page, and its signed webhooks, in real time."""

from aiohttp import web

from services.simulator.loopback import Served
from services.simulator.stripe.account import StripeAccount
from services.simulator.stripe.api import StripeApi
from services.simulator.stripe.pay_page import PayPage
from services.simulator.stripe.webhooks import Delivery, StripeWebhooks

LARGEST = 1 << 20


class StripeStandIn:
    """Speaks to the `stripe` library as Stripe does, and to our endpoint as Stripe's webhooks do.

    `account` is what happens at Stripe; `await delivered()` waits for what it sent.
    """

    def __init__(
        self,
        *,
        api_key: str = "sk_test_standin",
        webhook_secret: str,
        webhook_url: str | None = None,
    ) -> None:
        self.url = ""  # where it listens, once it does
        self._webhooks = StripeWebhooks(webhook_url, webhook_secret)
        self.account = StripeAccount(self._webhooks)
        self.api = StripeApi(self.account, api_key, lambda: self.url)
        self._served = Served()

    @property
    def webhook_url(self) -> str | None:
        """Our endpoint; nothing is delivered while there is none."""
        return self._webhooks.url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        self._webhooks.url = url

    @property
    def deliveries(self) -> list[Delivery]:
        """Every event that was sent, with the status of each try."""
        return self._webhooks.deliveries

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; returns the base URL, for STRIPE_API_BASE."""
        app = web.Application(client_max_size=LARGEST)
        self.api.add_to(app)
        PayPage(self.account).add_to(app)
        self.url = await self._served.start(app, port)
        await self._webhooks.start()
        return self.url

    async def stop(self) -> None:
        await self._webhooks.stop()
        await self._served.stop()

    async def delivered(self) -> None:
        """Wait until no webhook is on its way."""
        await self._webhooks.delivered()

    async def redeliver(self, event_id: str) -> None:
        """Send an event again, signed anew, and wait for it."""
        await self._webhooks.again(event_id)

    def fail_next(self, n: int = 1, *, sticky: bool = False) -> None:
        """Answer the next `n` API requests with a 500.

        A `sticky` failure comes after Stripe has noted the request's idempotency key: it is then
        replayed for that key.
        """
        self.api.answers.fail_next(n, sticky=sticky)
