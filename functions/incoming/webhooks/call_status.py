"""POST /call-status: Twilio reports each state of a call; the end of one is what matters."""

from functions.incoming import call_row
from functions.incoming.context import WebhookContext
from functions.incoming.escalation import gave_up, over_key, promised
from shared.actions import calls
from shared.domain.outcomes import EndReason

LONGEST = 64  # characters of StirVerstat; Twilio's own have 30


def call_status(context: WebhookContext) -> None:
    """The call is over: close its row if nobody did, and make it if /media never did.

    That it was done is remembered last: told again, nothing is done, whatever was learned of the
    call meanwhile; and where this broke half way, the next report does the rest.

    Raises:
        PortError: the table is down; Twilio is answered with an error.
    """
    ports, call_sid = context.ports, context.call_sid
    # The leg of a person who was rung is no call of its own.
    if not context.caller_is_gone or context.form.get("ParentCallSid"):
        return
    if ports.follow_ups.seen(over_key(call_sid)):
        return
    call = call_row.ensure(context)
    if call.callback and call_row.was_told(call):
        promised(context, call)
    elif call.escalation and call.escalation.result in ("pending", "nobody"):
        # Gave up while it rang, or spoke to no mailbox: the business still learns of it.
        gave_up(context, call)
    if vouched := context.form.get("StirVerstat"):
        ports.calls.note(call_sid, attestation=vouched[:LONGEST])
    calls.finish(ports.calls, ports.jobs, call_sid, now=context.now, reason=EndReason.HUNG_UP)
    ports.follow_ups.leave_once(over_key(call_sid), at=context.real_now)
