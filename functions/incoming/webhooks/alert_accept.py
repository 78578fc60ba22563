"""POST /alert-accept: whoever was rung about an emergency pressed a key; 1: they have it."""

from functions.incoming import call_row, twiml
from functions.incoming.context import WebhookContext
from shared.actions.alerts import taking, words
from shared.actions.texts import wording

NOT_TAKEN = "Nobody has taken it yet. Goodbye."
TAKEN = "Somebody else has it already. Goodbye."
UNKNOWN = "The caller's number is not to be had now. Please look at your texts. Goodbye."


def alert_accept(context: WebhookContext) -> str:
    """Note who has it, and read the caller's number to them, twice."""
    if context.form.get("Digits") != "1":
        return twiml.hang_up(NOT_TAKEN)
    call, _ = call_row.read(context, context.query.get("call"))
    if call is None:
        return twiml.hang_up(UNKNOWN)
    first = True
    with call_row.kept("taken alert", call.call_sid):
        first = taking.take(
            context.ports,
            context.business,
            call,
            context.form.get("To"),
            real_now=context.real_now,
        )
    if not first:
        return twiml.hang_up(TAKEN)
    told = words.taken(context.business, call.hazard, call.caller)
    return twiml.hang_up(f"{told} Again: {wording.number(call.caller)}. Goodbye.")
