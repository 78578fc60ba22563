""" "1" of the phone that was asked to take an emergency: they have it."""

import logging
from datetime import timedelta
from typing import Final

from functions.incoming.context import WebhookContext
from shared.actions.alerts import taking, words
from shared.domain.errors import PortError
from shared.domain.models import Call

logger = logging.getLogger(__name__)

ACKNOWLEDGES: Final = "1"


def acknowledged(context: WebhookContext, word: str, *, remember: timedelta) -> str | None:
    """What they are told then; None where this phone was asked for none that is open. Then the
    text is one as any other."""
    if word != ACKNOWLEDGES:
        return None
    form, ports, business = context.form, context.ports, context.business
    phone, sid = form.get("From"), form.get("MessageSid")
    try:
        call = taking.newest_open(ports, business, phone, context.real_now)
        late = call is None
        call = call or taking.newest_taken(ports, business, phone, context.now)
        if call is None or not ports.inbox.take(sid, until=context.real_now + remember):
            return None
        if late and call.acknowledged_by != phone:
            return _somebody_else(context, call)
        if not late and not taking.take(ports, business, call, phone, real_now=context.real_now):
            return _somebody_else(context, call)
    except (PortError, LookupError):
        logger.error("alert not taken", extra={"message_sid": sid})
        return None
    return words.taken(business, call.hazard, call.caller)


def _somebody_else(context: WebhookContext, call: Call) -> str | None:
    """Another was quicker: who it is. Raises PortError."""
    now = context.ports.calls.get(call.call_sid)
    if now is None or now.acknowledged_by is None:
        return None
    return words.has_it(context.business, now.hazard, now.acknowledged_by)
