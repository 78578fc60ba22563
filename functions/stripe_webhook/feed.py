"""GET /calendar/{business}/{crew}/{key}: the visits of one crew, for a calendar that subscribes."""

import re

from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.pages import PRIVATE
from functions.stripe_webhook.reply import Reply
from shared import businesses

KEY = re.compile(r"[A-Za-z0-9_-]{32}")


def feed(business_id: str, crew: str, key: str, context: RequestContext) -> Reply:
    """The feed; 404 for whoever does not have its address.

    Raises:
        PortError: the secret or the table is not to be had.
    """
    # 60 ms that neither a payer nor Stripe has to wait for.
    from shared.actions.calendars import feed as feeds

    business = businesses.by_id(business_id)
    name = business.integrations.feed if business else None
    if business is None or name is None or not KEY.fullmatch(key):
        return _unknown()
    if crew not in (feeds.EVERY_CREW, *business.crews):
        return _unknown()
    if not feeds.is_address(key, context.secret_of_business(name), business.id, crew):
        return _unknown()
    body = feeds.feed(context.ports.jobs, business, crew, context.now)
    return Reply(200, body, "text/calendar; charset=utf-8", PRIVATE)


def _unknown() -> Reply:
    return Reply(404, "no such calendar", "text/plain", PRIVATE)
