"""Stripe on loopback: Checkout sessions, the pay page, and signed webhooks, in real time."""

import asyncio
import hashlib
import html
import json
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from services.simulator import stripe_objects as objects
from services.simulator.stripe_answers import answered, refusal
from services.simulator.stripe_params import SESSION, Refused, check_session, checked, read_form
from services.simulator.stripe_webhooks import Delivery, Webhooks, event

Object = dict[str, object]
LARGEST = 1 << 20
PAGE = """<!doctype html><title>Pay {amount}</title><h1>{name}</h1><p>{amount} USD</p>
<form method="post"><button>Pay</button></form>"""


class StripeStandIn:
    """Speaks to the `stripe` library as Stripe does, and to our endpoint as Stripe's webhooks do.

    `sessions` holds every session by id as the API gives it. The methods below do what happens at
    Stripe: a customer pays or lets a session expire, staff refund, a cardholder disputes. Each
    returns the id of the event it sends; `await delivered()` waits for the deliveries.
    """

    def __init__(
        self,
        *,
        api_key: str = "sk_test_standin",
        webhook_secret: str,
        webhook_url: str | None = None,
    ) -> None:
        self.sessions: dict[str, Object] = {}
        self.charges: dict[str, Object] = {}  # by session id
        self.refunds: dict[str, list[Object]] = {}  # by session id, in the order they were made
        self.disputes: dict[str, Object] = {}  # by session id
        self.url = ""
        self.delay_s = 0.0  # before each API answer
        self._api_key = api_key
        self._intent_metadata: dict[str, object] = {}  # by session id
        self._webhooks = Webhooks(webhook_url, webhook_secret)
        self._answers: dict[str, tuple[str, int, Object]] = {}
        self._failures, self._sticky = 0, False
        self._runner: web.AppRunner | None = None

    @property
    def webhook_url(self) -> str | None:
        return self._webhooks.url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        self._webhooks.url = url

    @property
    def deliveries(self) -> list[Delivery]:
        return self._webhooks.deliveries

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; returns the base URL, for STRIPE_API_BASE."""
        app = web.Application(client_max_size=LARGEST, middlewares=[self._api])
        app.router.add_post("/v1/checkout/sessions", self._create)
        app.router.add_get("/v1/checkout/sessions/{id}", self._retrieve)
        app.router.add_post("/v1/checkout/sessions/{id}/expire", self._expire)
        app.router.add_get("/c/pay/{id}", self._pay_page)
        app.router.add_post("/c/pay/{id}", self._pay_posted)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        await self._webhooks.start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{bound}"
        return self.url

    async def stop(self) -> None:
        await self._webhooks.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    # What happens at Stripe

    async def pay(self, session: str, *, delayed: bool = False) -> str:
        """A customer pays the open session, given by id or by its pay page's address.

        `delayed` is a method whose money comes later: see `clear`.
        """
        paid = self._open(urlsplit(session).path.rpartition("/")[2])
        session_id = str(paid["id"])
        paid |= {
            "status": "complete",
            "payment_status": "unpaid" if delayed else "paid",
            "payment_intent": objects.new_id("pi_"),
            "url": None,
            "customer_details": {"email": "payer@example.com", "name": None, "phone": None},
        }
        charged = objects.charge(paid, self._intent_metadata[session_id], objects.new_id("ch_"))
        self.charges[session_id] = charged
        return self._send("checkout.session.completed", paid)

    async def clear(self, session_id: str, *, ok: bool = True) -> str:
        """The money of a delayed method arrives, or never will."""
        session = self.sessions[session_id]
        if ok:
            session["payment_status"] = "paid"
        outcome = "succeeded" if ok else "failed"
        return self._send(f"checkout.session.async_payment_{outcome}", session)

    async def expire(self, session_id: str) -> str:
        """The open session's time is over."""
        session = self._open(session_id)
        session |= {"status": "expired", "url": None}
        return self._send("checkout.session.expired", session)

    async def refund(self, session_id: str, amount: int | None = None) -> str:
        """Give back `amount` cents of a paid session, or all that is left."""
        charged = self.charges[session_id]
        whole, before = charged["amount"], charged["amount_refunded"]
        assert isinstance(whole, int) and isinstance(before, int)
        after = whole if amount is None else before + amount
        if not before < after <= whole:
            raise ValueError(f"cannot refund {amount} of {whole}, {before} of it refunded")
        charged |= {"amount_refunded": after, "refunded": after == whole}
        made = objects.refund(charged, after - before)
        self.refunds.setdefault(session_id, []).append(made)
        self._send("refund.created", made)
        return self._send("charge.refunded", charged)

    async def fail_refund(self, session_id: str, reason: str = "expired_or_canceled_card") -> str:
        """The bank sends the newest refund back, days later; Stripe tells of it three times."""
        charged, made = self.charges[session_id], self.refunds[session_id][-1]
        made |= {"status": "failed", "failure_reason": reason}
        left = charged["amount_refunded"]
        assert isinstance(left, int) and isinstance(made["amount"], int)
        charged |= {"amount_refunded": left - made["amount"], "refunded": False}
        for kind in ("charge.refund.updated", "refund.updated"):
            self._send(kind, made)
        return self._send("refund.failed", made)

    async def dispute(
        self, session_id: str, reason: str = "fraudulent", *, status: str = "needs_response"
    ) -> str:
        """The cardholder objects to the payment; `warning_needs_response` is only a question."""
        made = objects.dispute(self.charges[session_id], reason, status)
        self.disputes[session_id] = made
        sent = self._send("charge.dispute.created", made)
        if not status.startswith("warning"):
            self.charges[session_id]["disputed"] = True
            self._send("charge.dispute.funds_withdrawn", made)
        return sent

    async def close_dispute(self, session_id: str, status: str) -> str:
        """The bank decides: won, lost, or warning_closed for a question."""
        made = self.disputes[session_id]
        made["status"] = status
        sent = self._send("charge.dispute.closed", made)
        if status == "won":
            self._send("charge.dispute.funds_reinstated", made)
        return sent

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
        self._failures, self._sticky = n, sticky

    def _send(self, kind: str, about: Object) -> str:
        made = event(objects.new_id("evt_"), kind, about)
        self._webhooks.send(made)
        return str(made["id"])

    def _open(self, session_id: str) -> Object:
        session = self.sessions[session_id]
        if session["status"] != "open":
            raise ValueError(f"session {session_id} is {session['status']}")
        return session

    # The API

    @web.middleware
    async def _api(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not request.path.startswith("/v1/"):
            return await handler(request)
        await asyncio.sleep(self.delay_s)
        try:
            self._authorize(request)
            return await self._once(request, handler)
        except Refused as refused:
            return refusal(refused)
        except web.HTTPNotFound:
            url = f"{request.method}: {request.path}"
            return refusal(Refused(f"Unrecognized request URL ({url}).", status=404))

    def _authorize(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not given:
            raise Refused("You did not provide an API key.", status=401)
        if given != f"Bearer {self._api_key}":
            raise Refused("Invalid API Key provided.", status=401)

    async def _once(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Run a POST once for each Idempotency-Key; the same request again gets the same answer."""
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        asked = f"{request.path}?{hashlib.sha256(await request.read()).hexdigest()}"
        if key in self._answers:
            before, status, body = self._answers[key]
            if before != asked:
                raise Refused(
                    "Keys for idempotent requests can only be used with the same parameters they "
                    "were first used with.",
                    code="idempotency_error",
                )
            return answered(body, status, replayed=True)
        if self._failures:
            self._failures -= 1
            failure: Object = {"error": {"type": "api_error", "message": "A stand-in's failure"}}
            if key and self._sticky:
                self._answers[key] = (asked, 500, failure)
            return answered(failure, 500)
        answer = await handler(request)
        # A refusal of the params is raised before this and not kept, as at Stripe.
        if key and isinstance(answer, web.Response) and answer.text:
            self._answers[key] = (asked, answer.status, json.loads(answer.text))
        return answer

    async def _create(self, request: web.Request) -> web.Response:
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refused(f"Invalid content type: {request.content_type}")
        params = checked(read_form(await request.text()), SESSION)
        total = check_session(params, int(time.time()))
        made = objects.session(params, total, self.url)
        intent = params.get("payment_intent_data")
        self._intent_metadata[str(made["id"])] = (
            intent.get("metadata") if isinstance(intent, dict) else None
        )
        self.sessions[str(made["id"])] = made
        return answered(made)

    async def _retrieve(self, request: web.Request) -> web.Response:
        return answered(self._known(request))

    async def _expire(self, request: web.Request) -> web.Response:
        session = self._known(request)
        if session["status"] != "open":
            raise Refused(
                'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
                f"Session has a status of {session['status']}."
            )
        await self.expire(str(session["id"]))
        return answered(session)

    def _known(self, request: web.Request) -> Object:
        session_id = request.match_info["id"]
        session = self.sessions.get(session_id)
        if session is None:
            message = f"No such checkout.session: {session_id}"
            raise Refused(message, param="session", code="resource_missing", status=404)
        expires = session["expires_at"]
        if session["status"] == "open" and isinstance(expires, int) and expires <= time.time():
            session |= {"status": "expired", "url": None}
            self._send("checkout.session.expired", session)
        return session

    # The pay page

    async def _pay_page(self, request: web.Request) -> web.Response:
        session = self.sessions.get(request.match_info["id"])
        if session is None or session["status"] != "open":
            return web.Response(status=404, text="This page is no longer available.")
        total = session["amount_total"]
        assert isinstance(total, int)
        page = PAGE.format(name=html.escape("Deposit"), amount=f"${total / 100:.2f}")
        return web.Response(text=page, content_type="text/html")

    async def _pay_posted(self, request: web.Request) -> web.Response:
        try:
            await self.pay(request.match_info["id"])
        except (KeyError, ValueError):
            return web.Response(status=404, text="This page is no longer available.")
        session = self.sessions[request.match_info["id"]]
        to = str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", str(session["id"]))
        return web.Response(status=303, headers={"Location": to})
