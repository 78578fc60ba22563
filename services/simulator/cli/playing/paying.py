"""Pays by the link in the caller's text, as her browser would."""

import re
from collections.abc import Sequence

import aiohttp

from services.simulator.cli.playing.view import LiveView
from services.simulator.phone.calls import Text
from services.simulator.stack.local import Stack

_LINK = re.compile(r"https?://\S*/(?:pay|visit)/[A-Za-z0-9_-]+")
_PAY = re.compile(r'href="(https?://[^"]*/pay/[A-Za-z0-9_-]+)"')


class PaymentFailed(RuntimeError):
    """The caller could not pay by the link that was texted to her."""


async def pay(
    stack: Stack, caller: str, view: LiveView, *, late: bool = False, delivered: int = 0
) -> None:
    """Pay by the link; with `late` only after its first Checkout session has expired.

    So many webhooks as `delivered` are of calls before.

    Raises:
        PaymentFailed: there is no link, or it does not lead to a page that takes the money.
    """
    link = _link(stack.network.sms.taken, caller)
    async with aiohttp.ClientSession() as http:
        link = await _pay_link(http, link)
        if late:
            await _let_expire(stack, http, link)
        page = await _checkout(http, link)
        view.say("payment", f"{link} leads to {page}")
        async with http.post(page, allow_redirects=False) as answer:
            if answer.status != 303:
                raise PaymentFailed(f"the pay page answered {answer.status}")
            thanks = answer.headers["Location"]
        async with http.get(thanks) as answer:
            view.say("payment", f"paid; the thank-you page answers {answer.status}")
            if answer.status != 200:
                raise PaymentFailed(f"the thank-you page answered {answer.status}")
    await stack.stripe.delivered()
    for delivery in stack.stripe.deliveries[delivered:]:
        view.say("payment", f"webhook {delivery.type}: {delivery.statuses}")


def _link(texts: Sequence[Text], caller: str) -> str:
    links = [found for text in texts if text.to == caller for found in _LINK.findall(text.body)]
    if not links:
        raise PaymentFailed("no text to the caller carries a pay link")
    return str(links[-1])


async def _pay_link(http: aiohttp.ClientSession, link: str) -> str:
    """Return where the page of the visit leads who pays; the link itself where it is of no page."""
    if "/visit/" not in link:
        return link
    async with http.get(link) as answer:
        found = _PAY.search(await answer.text())
        if answer.status != 200 or found is None:
            raise PaymentFailed(f"the page of the visit answered {answer.status}: no way to pay")
        return found[1]


async def _checkout(http: aiohttp.ClientSession, link: str) -> str:
    """Return the address of the pay page that the link leads to."""
    async with http.get(link, allow_redirects=False) as answer:
        if answer.status != 303:
            raise PaymentFailed(f"the pay link answered {answer.status}")
        return answer.headers["Location"]


async def _let_expire(stack: Stack, http: aiohttp.ClientSession, link: str) -> None:
    """Look at the page, and come back after its session has expired."""
    page = await _checkout(http, link)
    await stack.stripe.account.expire(page.rstrip("/").rsplit("/", 1)[-1])
    await stack.stripe.delivered()
