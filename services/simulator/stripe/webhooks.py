"""Stripe's webhooks: events, their signatures, and deliveries that are tried again."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field

import aiohttp

API_VERSION = "2026-10-28.endive"
# Real Stripe waits hours between its tries; a laptop's time is short.
WAITS_S = (0.2, 0.5, 1.0, 2.0, 4.0)
TIMEOUT_S = 15.0


@dataclass(slots=True)
class Delivery:
    """One event to the endpoint; `statuses` holds each try's HTTP status, 0 for no answer."""

    event_id: str
    type: str
    body: bytes
    statuses: list[int] = field(default_factory=list)


def event(event_id: str, kind: str, about: dict[str, object]) -> dict[str, object]:
    """The event object around `about`: a copy, so that later changes of it are not in the event."""
    return {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(time.time()),
        "data": {"object": json.loads(json.dumps(about))},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def sign(body: bytes, secret: str, at: int) -> str:
    """The Stripe-Signature header of `body` at `at`, seconds since the epoch."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class StripeWebhooks:
    """Delivers events to one endpoint, each until it is answered with 2xx or the tries end."""

    def __init__(self, url: str | None, secret: str) -> None:
        self.url, self._secret = url, secret
        self.deliveries: list[Delivery] = []  # every event that was sent, in order
        self._tasks: set[asyncio.Task[None]] = set()  # deliveries on their way
        self._http: aiohttp.ClientSession | None = None  # between `start` and `stop`

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def send(self, made: dict[str, object]) -> None:
        """Deliver in the background."""
        body = json.dumps(made, indent=2).encode()  # Stripe's bodies are indented: raw bytes matter
        delivery = Delivery(str(made["id"]), str(made["type"]), body)
        self.deliveries.append(delivery)
        self._begin(delivery)

    async def again(self, event_id: str) -> None:
        """Deliver an event once more, as Stripe's dashboard can; returns when it is done.

        Raises:
            LookupError: no such event was ever sent.
        """
        for delivery in self.deliveries:
            if delivery.event_id == event_id:
                self._begin(delivery)
                return await self.delivered()
        raise LookupError(event_id)

    async def delivered(self) -> None:
        """Wait until nothing is on its way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _begin(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._deliver(delivery), name=f"stripe {delivery.event_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        for wait in (*WAITS_S, None):
            status = await self._once(delivery)
            delivery.statuses.append(status)
            if 200 <= status < 300 or wait is None:
                return
            await asyncio.sleep(wait)

    async def _once(self, delivery: Delivery) -> int:
        if self._http is None or self.url is None:
            return 0
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": sign(delivery.body, self._secret, int(time.time())),
        }
        try:
            async with self._http.post(self.url, data=delivery.body, headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
