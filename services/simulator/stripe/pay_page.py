"""The page a customer pays on. It has one button, and no field that could take a card number."""

import html

from aiohttp import web

from services.simulator.stripe.account import StripeAccount

PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Pay {amount}</title>
<h1>{name}</h1><p>{amount} USD</p>
<form method="post"><button>Pay</button></form>"""


class PayPage:
    """Serves the pay page of every session of an account."""

    def __init__(self, account: StripeAccount) -> None:
        self._account = account

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/c/pay/{id}", self._show)
        app.router.add_post("/c/pay/{id}", self._pay)

    async def _show(self, request: web.Request) -> web.Response:
        session = self._account.sessions.get(request.match_info["id"])
        if session is None or session["status"] != "open":
            return web.Response(status=404, text="This page is no longer available.")
        total = session["amount_total"]
        assert isinstance(total, int)
        page = PAGE.format(name=html.escape("Deposit"), amount=f"${total / 100:.2f}")
        return web.Response(text=page, content_type="text/html")

    async def _pay(self, request: web.Request) -> web.Response:
        try:
            await self._account.pay(request.match_info["id"])
        except (KeyError, ValueError):
            return web.Response(status=404, text="This page is no longer available.")
        session = self._account.sessions[request.match_info["id"]]
        to = str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", str(session["id"]))
        return web.Response(status=303, headers={"Location": to})
