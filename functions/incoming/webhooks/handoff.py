"""POST /handoff: one phone was rung; the caller talks to a person now, or the next one is rung."""

from functions.incoming import call_row, escalation, twiml
from functions.incoming.context import WebhookContext
from functions.incoming.signature import Form
from shared.domain.models import Call


def handoff(context: WebhookContext) -> str:
    """Hang up after a talk with a person; else ring the next one, or let the mailbox answer."""
    call, known = call_row.read(context, context.call_sid)
    if _taken(context.form, call, known=known):
        return twiml.hang_up()
    if context.caller_is_gone:
        return twiml.nothing()
    n, first = (_small(context.query.get(name)) for name in ("n", "first"))
    line = escalation.line_for(context, call)
    if context.query.get("day"):  # as it was begun: the hours may have changed meanwhile
        line = context.line.with_the_office_first()
    return escalation.ring(context, n=n + 1, say=None, first=first, line=line)


def _small(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _taken(form: Form, call: Call | None, *, known: bool) -> bool:
    """Whether a person took the call. "completed" alone may have been their own mailbox.

    The row tells who pressed a key. Without the row (`known` is False) Twilio's word that both
    were joined has to do.
    """
    if form.get("DialCallStatus") not in ("completed", "answered"):
        return False
    bridged = form.get("DialBridged")
    if not known:
        return bridged == "true"
    accepted = (
        call is not None and call.escalation is not None and call.escalation.result == "answered"
    )
    return accepted and bridged != "false"
