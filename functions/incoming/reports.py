"""What Twilio reports by the way: a call ended, a text was not delivered, a stream broke."""

import logging
from datetime import timedelta

from functions.incoming.answering import caller_of
from functions.incoming.handing_over import OVER, Desk, new_row, nobody
from functions.incoming.signature import Form
from shared.actions import calls, notify, outbox
from shared.domain.models import FollowUp, FollowUpKind

logger = logging.getLogger(__name__)

UNDELIVERED = frozenset({"undelivered", "failed"})
LOOKED_AT_AFTER = timedelta(minutes=5)


def call_status(form: Form, desk: Desk) -> None:
    """The call is over: close its row if nobody did, and make it if /media never did.

    Raises:
        PortError: the table is down; Twilio is answered with an error.
    """
    if form.get("CallStatus") not in OVER or form.get("ParentCallSid"):
        return
    call_sid = form.get("CallSid")
    call = calls.ensure(desk.ports.calls, new_row(form, desk))
    if call.escalation and call.escalation.result in ("pending", "nobody"):
        # Gave up while it rang, or spoke to no mailbox: the business still learns of it.
        nobody(form, desk)
        notify.voicemail_alert(
            desk.ports,
            desk.business,
            call_sid,
            call.caller or caller_of(form.get("From")),
            recording_url=None,
            real_now=desk.real_now,
        )
    calls.finish(desk.ports.calls, desk.ports.jobs, call_sid, now=desk.now, reason="hung_up")


def sms_status(form: Form, desk: Desk) -> None:
    """A text that the network took and then did not deliver. Raises PortError as `call_status`."""
    if form.get("MessageStatus") not in UNDELIVERED:
        return
    code = form.get("ErrorCode")
    desk.ports.metrics.count("SmsFailed", business=desk.business.id)
    logger.warning(
        "text not delivered", extra={"message_sid": form.get("MessageSid"), "code": code}
    )
    number = int(code) if code.isdecimal() else outbox.SILENT
    if number in outbox.OPTED_OUT:
        return
    # Its words are not kept: the office calls. A phone that is off gets a little time before that.
    wait = timedelta() if number in outbox.HOPELESS else LOOKED_AT_AFTER
    desk.ports.follow_ups.leave(
        FollowUp(
            follow_up_id=f"undelivered:{form.get('MessageSid')}",
            kind=FollowUpKind.TEXT,
            business_id=desk.business.id,
            to=form.get("To") or None,
            error=f"twilio {code or form.get('MessageStatus')}",
            created_at=desk.real_now,
            due_at=desk.real_now + wait,
        )
    )


def stream_status(form: Form) -> None:
    """Started and stopped are told by the bridge itself; an error only here."""
    if form.get("StreamEvent") == "stream-error":
        logger.error(
            "stream broke",
            extra={"call_sid": form.get("CallSid"), "error": form.get("StreamError")[:200]},
        )
