"""What Twilio reports by the way: a call ended, a text was not delivered, a stream broke."""

import logging
from datetime import timedelta

from functions.incoming.signature import Form
from functions.incoming.webhooks.handoff import OVER, WebhookContext, gave_up, new_row, over_key
from shared.actions import calls
from shared.actions.texts import outbox
from shared.domain.models import FollowUp, FollowUpKind
from shared.domain.outcomes import EndReason

logger = logging.getLogger(__name__)

UNDELIVERED = frozenset({"undelivered", "failed"})
LOOKED_AT_AFTER = timedelta(minutes=5)


def call_status(form: Form, context: WebhookContext) -> None:
    """The call is over: close its row if nobody did, and make it if /media never did.

    That it was done is remembered last: told again, nothing is done, whatever was learned of the
    call meanwhile; and where this broke half way, the next report does the rest.

    Raises:
        PortError: the table is down; Twilio is answered with an error.
    """
    call_sid = form.get("CallSid")
    if form.get("CallStatus") not in OVER or form.get("ParentCallSid"):
        return
    if context.ports.follow_ups.seen(over_key(call_sid)):
        return
    call = calls.ensure(context.ports.calls, new_row(form, context))
    if call.escalation and call.escalation.result in ("pending", "nobody"):
        # Gave up while it rang, or spoke to no mailbox: the business still learns of it.
        gave_up(form, context, call)
    calls.finish(
        context.ports.calls, context.ports.jobs, call_sid, now=context.now, reason=EndReason.HUNG_UP
    )
    context.ports.follow_ups.leave_once(over_key(call_sid), at=context.real_now)


def sms_status(form: Form, context: WebhookContext) -> None:
    """A text that the network took and then did not deliver. Raises PortError as `call_status`."""
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


def stream_status(form: Form) -> None:
    """Started and stopped are told by the bridge itself; an error only here."""
    if form.get("StreamEvent") == "stream-error":
        logger.error(
            "stream broke",
            extra={"call_sid": form.get("CallSid"), "error": form.get("StreamError")[:200]},
        )
