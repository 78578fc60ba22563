"""What Twilio reports by the way: a call ended, a text was not delivered, a stream broke."""

import logging
from datetime import timedelta

from functions.incoming.handing_over import OVER, Desk, gave_up, new_row, over_key
from functions.incoming.signature import Form
from shared.actions import calls, outbox
from shared.domain.models import FollowUp, FollowUpKind

logger = logging.getLogger(__name__)

UNDELIVERED = frozenset({"undelivered", "failed"})
LOOKED_AT_AFTER = timedelta(minutes=5)


def call_status(form: Form, desk: Desk) -> None:
    """The call is over: close its row if nobody did, and make it if /media never did.

    That it was done is remembered last: told again, nothing is done, whatever was learned of the
    call meanwhile; and where this broke half way, the next report does the rest.

    Raises:
        PortError: the table is down; Twilio is answered with an error.
    """
    call_sid = form.get("CallSid")
    if form.get("CallStatus") not in OVER or form.get("ParentCallSid"):
        return
    if desk.ports.follow_ups.seen(over_key(call_sid)):
        return
    call = calls.ensure(desk.ports.calls, new_row(form, desk))
    if call.escalation and call.escalation.result in ("pending", "nobody"):
        # Gave up while it rang, or spoke to no mailbox: the business still learns of it.
        gave_up(form, desk, call)
    calls.finish(desk.ports.calls, desk.ports.jobs, call_sid, now=desk.now, reason="hung_up")
    desk.ports.follow_ups.leave_once(over_key(call_sid), at=desk.real_now)


def sms_status(form: Form, desk: Desk) -> None:
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
        business_id=desk.business.id,
        to=form.get("To") or None,
        error=f"twilio {code or form.get('MessageStatus')}",
        created_at=desk.real_now,
        due_at=desk.real_now + wait,
    )
    left = [] if number in outbox.OPTED_OUT else [lost]
    # "undelivered" and then "failed", or one of them twice, is one lost text.
    if not desk.ports.follow_ups.leave_once(lost.follow_up_id, left, at=desk.real_now):
        return
    desk.ports.metrics.count("SmsFailed", business=desk.business.id)
    logger.warning("text not delivered", extra={"message_sid": message_sid, "code": code})


def stream_status(form: Form) -> None:
    """Started and stopped are told by the bridge itself; an error only here."""
    if form.get("StreamEvent") == "stream-error":
        logger.error(
            "stream broke",
            extra={"call_sid": form.get("CallSid"), "error": form.get("StreamError")[:200]},
        )
