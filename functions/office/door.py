"""/office/in/{business_id}/{token}: from the link of a text or report to an unlocked device.

The link alone shows nothing: whoever has it may have a code texted to the office's own phone (or
mailed, where the business sends no texts), and who reads that is let in.
"""

import hashlib
import logging
from datetime import timedelta
from typing import Final

from functions.office import session
from functions.office.context import OfficeContext, PageRequest
from functions.office.render import PageReply, go_to, page
from shared import businesses
from shared.actions import office_link
from shared.actions.office_devices import AskedCode
from shared.actions.texts import outbox
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.errors import PortError

logger = logging.getLogger(__name__)

CODE_LIVES: Final = timedelta(minutes=10)
CODES_AN_HOUR: Final = 5  # to one office, however many links it has
HOME: Final = "/office"
NOT_SENT = "The code could not be sent. Please try again in a few minutes."
TOO_MANY = "Too many codes were asked for in this hour. Please try again later."
WRONG = "That is not the code, or it is more than ten minutes old. Ask for a new one."


def show(asked: PageRequest, context: OfficeContext) -> PageReply:
    """The locked page; on to the office's for a device that is unlocked. Sends nothing: programs
    that look at links in texts ask for this, too."""
    business = _business(asked, context)
    if business is None:
        return _no_link()
    found = session.of(asked, context)
    if found is not None and found.business.id == business.id:
        return go_to(HOME)
    return _locked(200, business, asked)


def open_it(asked: PageRequest, context: OfficeContext) -> PageReply:
    """A code asked for, or one given."""
    business = _business(asked, context)
    if business is None:
        return _no_link()
    if not session.is_of_our_site(asked, context):
        return _locked(403, business, asked, error="Please use the button on this page.")
    code_id = asked.form.get("code_id")
    if code_id:
        return _given(business, code_id, asked, context)
    return _asked_for(business, asked, context)


def _asked_for(business: Business, asked: PageRequest, context: OfficeContext) -> PageReply:
    now = context.at.real
    hour = f"office#{business.id}#{now:%Y%m%d%H}"
    if context.ports.inbox.count(hour, until=now + timedelta(hours=2)) > CODES_AN_HOUR:
        return _locked(429, business, asked, error=TOO_MANY)
    code, code_id = context.new_code(), context.new_key()
    kept = AskedCode(business_id=business.id, digest=_digest(code_id, code), until=now + CODE_LIVES)
    context.devices.ask(code_id, kept)
    body = f"{business.name}: {code} opens the office's page, for ten minutes. Tell it to nobody."
    refused = outbox.hand_over(context.ports, business, Sms(business.office, body, "office_code"))
    outbox.count_sent(context.ports, business, refused)
    if refused is not None:
        logger.error("code for the office not sent", extra={"refused": refused})
        return _locked(503, business, asked, error=NOT_SENT)
    return _locked(200, business, asked, code_id=code_id)


def _given(
    business: Business, code_id: str, asked: PageRequest, context: OfficeContext
) -> PageReply:
    given = "".join(sign for sign in asked.form.get("code", "") if sign.isdigit())
    digest = _digest(code_id, given)
    if not context.devices.take(code_id, business.id, digest, now=context.at.real):
        context.ports.metrics.count("OfficeCodesRefused", business=business.id)
        return _locked(403, business, asked, error=WRONG, code_id=code_id)
    cookie = session.begin(business, context)
    context.ports.metrics.count("OfficeUnlocked", business=business.id)
    return go_to(HOME, cookie)


def _business(asked: PageRequest, context: OfficeContext) -> Business | None:
    """Whose link it is; None for one that opens nothing, whoever it says it is of."""
    business_id, token = asked.path.get("business_id", ""), asked.path.get("token", "")
    secrets = context.secret("STREAM_TOKEN_SECRET")
    try:
        office_link.check(secrets, business_id, token, now=int(context.at.real.timestamp()))
    except office_link.BadOfficeLink:
        return None
    return businesses.by_id(business_id)


def _digest(code_id: str, code: str) -> str:
    return hashlib.sha256(f"{code_id}|{code}".encode()).hexdigest()


def _locked(
    status: int, business: Business, asked: PageRequest, *, error: str = "", code_id: str = ""
) -> PageReply:
    by_text = business.sends_texts
    return page(
        status,
        "locked",
        business=business.name,
        action=f"{office_link.PATH}/{business.id}/{asked.path['token']}",
        where=f"the office's phone, ending {business.office[-4:]}" if by_text else "your mail",
        verb="Text" if by_text else "Mail",
        error=error,
        code_id=code_id,
    )


def _no_link() -> PageReply:
    return page(404, "closed", title="This link opens nothing")


def closed() -> PageReply:
    """For a device that is locked and has no link."""
    return page(403, "closed", title="This page is locked")


def unavailable(exc: PortError) -> PageReply:
    """503: something the page needs did not answer."""
    logger.error("the office's page not available", extra={"why": str(exc)})
    return page(503, "later")


def broken() -> PageReply:
    """500: a bug of ours."""
    return page(500, "later")
