"""POST /sms-status: Twilio reports what became of a text of ours."""

import logging
from datetime import timedelta

from functions.incoming.context import WebhookContext
from shared.actions.texts import outbox
from shared.domain.models import FollowUp, FollowUpKind

logger = logging.getLogger(__name__)

UNDELIVERED = frozenset({"undelivered", "failed"})
LOOKED_AT_AFTER = timedelta(minutes=5)


def sms_status(context: WebhookContext) -> None:
    """A text that the network took and then did not deliver is counted, and left to follow up.

    Raises:
        PortError: the table is down; Twilio is answered with an error.
    """
    form = context.form
    if form.get("MessageStatus") not in UNDELIVERED:
        return
    code, message_sid = form.get("ErrorCode"), form.get("MessageSid") or form.get("SmsSid")
    number = int(code) if code.isdecimal() else outbox.SILENT
    # Its words are not kept: the office calls. A phone that is off gets a little time before that.
    wait = timedelta() if number in outbox.HOPELESS else LOOKED_AT_AFTER
    lost = FollowUp(
        follow_up_id=f"undelivered:{message_sid}",
        kind=FollowUpKind.TEXT,
        business_id=context.business.id,
        to=form.get("To") or None,
        error=f"twilio {code or form.get('MessageStatus')}",
        created_at=context.real_now,
        due_at=context.real_now + wait,
    )
    left = [] if number in outbox.OPTED_OUT else [lost]
    # "undelivered" and then "failed", or one of them twice, is one lost text.
    if not context.ports.follow_ups.leave_once(lost.follow_up_id, left, at=context.real_now):
        return
    context.ports.metrics.count("SmsFailed", business=context.business.id)
    logger.warning("text not delivered", extra={"message_sid": message_sid, "code": code})
