"""POST /handoff: one phone was rung; the caller talks to a person now, or the next one is rung."""

from functions.incoming import call_row, escalation, twiml
from functions.incoming.context import WebhookContext
from functions.incoming.signature import Form
from shared.actions import calls
from shared.domain.models import Call


def handoff(context: WebhookContext) -> str:
    """Hang up after a talk with a person; else ring the next one, or let the mailbox answer."""
    call, known = call_row.read(context, context.call_sid)
    if _taken(context.form, call, known=known):
        _noted(context, call)
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

    Twilio's word that both were joined says so. Where it says nothing, the row tells who pressed
    a key.
    """
    if form.get("DialCallStatus") not in ("completed", "answered"):
        return False
    bridged = form.get("DialBridged")
    if bridged or not known:
        return bridged == "true"
    return call_row.was_answered(call)


def _noted(context: WebhookContext, call: Call | None) -> None:
    """Who pressed 1 while /whisper-accept or its table was down has answered all the same."""
    if call is not None and not call_row.was_answered(call):
        with call_row.kept("answered handoff", context.call_sid):
            calls.dialled(context.ports.calls, context.call_sid, answered=True, now=context.now)
