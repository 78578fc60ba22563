"""Stripe's API, as far as it is used here: Checkout sessions are made, looked at and expired."""

import asyncio
import time
from collections.abc import Callable

from aiohttp import web

from services.simulator.asked import noted
from services.simulator.stripe.account import Object, StripeAccount
from services.simulator.stripe.answers import answered, refusal
from services.simulator.stripe.idempotency import IdempotentAnswers, Respond
from services.simulator.stripe.params import (
    SESSION,
    BadParameter,
    check_session,
    checked,
    read_form,
)


class StripeApi:
    """Answers the `stripe` library as Stripe does. `base_url` is where the pay pages are."""

    def __init__(self, account: StripeAccount, key: str, base_url: Callable[[], str]) -> None:
        self._account, self._key, self._base_url = account, key, base_url
        self.answers = IdempotentAnswers()
        self.delay_s = 0.0  # before each answer
        self.asked: set[str] = set()  # "POST /v1/checkout/sessions" and the like

    def add_to(self, app: web.Application) -> None:
        """Serve the API's routes and, around them, what holds for all of them."""
        app.middlewares.append(noted(self.asked, below="/v1/"))
        app.middlewares.append(self._middleware)
        app.router.add_post("/v1/checkout/sessions", self._create)
        app.router.add_get("/v1/checkout/sessions", self._list)
        app.router.add_get("/v1/checkout/sessions/{id}", self._retrieve)
        app.router.add_post("/v1/checkout/sessions/{id}/expire", self._expire)

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Respond) -> web.StreamResponse:
        if not request.path.startswith("/v1/"):
            return await handler(request)
        await asyncio.sleep(self.delay_s)
        try:
            self._authorize(request)
            return await self.answers.once(request, handler)
        except BadParameter as refused:
            return refusal(refused)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            # A restricted key: Checkout Sessions, write, and nothing else.
            message = (
                f"The provided key '{self._key[:8]}***' does not have the required permissions for "
                f"this endpoint ({request.method} {request.path})."
            )
            return refusal(BadParameter(message, status=403))

    def _authorize(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not given:
            raise BadParameter("You did not provide an API key.", status=401)
        if given != f"Bearer {self._key}":
            raise BadParameter("Invalid API Key provided.", status=401)

    async def _create(self, request: web.Request) -> web.Response:
        if request.content_type != "application/x-www-form-urlencoded":
            raise BadParameter(f"Invalid content type: {request.content_type}")
        params = checked(read_form(await request.text()), SESSION)
        total = check_session(params, int(time.time()))
        return answered(self._account.open_session(params, total, self._base_url()))

    async def _list(self, request: web.Request) -> web.Response:
        newest = list(reversed(self._account.sessions.values()))
        limit = int(request.query.get("limit", "10"))
        shown: dict[str, object] = {
            "object": "list",
            "url": "/v1/checkout/sessions",
            "has_more": len(newest) > limit,
            "data": newest[:limit],
        }
        return answered(shown)

    async def _retrieve(self, request: web.Request) -> web.Response:
        return answered(self._known(request))

    async def _expire(self, request: web.Request) -> web.Response:
        session = self._known(request)
        if session["status"] != "open":
            raise BadParameter(
                'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
                f"Session has a status of {session['status']}."
            )
        await self._account.expire(str(session["id"]))
        return answered(session)

    def _known(self, request: web.Request) -> Object:
        """Return the session asked for; one whose time has passed expires at this moment."""
        session_id = request.match_info["id"]
        session = self._account.sessions.get(session_id)
        if session is None:
            message = f"No such checkout.session: {session_id}"
            raise BadParameter(message, param="session", code="resource_missing", status=404)
        expires = session["expires_at"]
        if session["status"] == "open" and isinstance(expires, int) and expires <= time.time():
            self._account.close_expired(session)
        return session
