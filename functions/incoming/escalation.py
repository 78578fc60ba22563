"""How a caller reaches a person: one phone is rung after the other, then the mailbox answers."""

from dataclasses import replace
from zlib import crc32

from functions.incoming import call_row, twiml
from functions.incoming.caller import caller_id
from functions.incoming.context import WebhookContext
from functions.incoming.phone_numbers import PhoneLine
from shared.actions import callbacks, calls
from shared.actions.texts import notify
from shared.domain.calendar.scheduling import is_after_hours, is_there
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.models import Call


def first_of_many(context: WebhookContext) -> int:
    """Where to begin to ring when what broke has sent many callers at once: each call with another
    person, as far as there are any."""
    rung = context.line.on_call[: twiml.MOST_RUNG]
    return crc32(context.call_sid.encode()) % len(rung) if rung else 0


def line_for(context: WebhookContext, call: Call | None) -> PhoneLine:
    """The line with whoever is rung for this caller in the place of who is on call.

    Whoever is there for the topic, within its hours. Else by day the office first, and at night,
    in danger, in a hurry, or where something of ours broke, who is on call.
    """
    line, business = context.line, context.business
    if call is None or call.escalation is None or call.hazard or call.failure:
        return line
    asked = call.escalation
    topic = business.topics.get(asked.topic or "")
    if topic and (asked.urgency == "normal" and is_there(business, topic, context.now)):
        return replace(line, on_call=topic.numbers)
    if asked.urgency == "urgent" or is_after_hours(business, context.now):
        return line
    return line.with_the_office_first()


def says(context: WebhookContext, call: Call) -> str:
    """What the caller hears before it rings: the topic's own words, where it has some."""
    topic = context.business.topics.get(call.escalation.topic or "") if call.escalation else None
    return (topic and topic.say) or twiml.CONNECTING


def ring(
    context: WebhookContext,
    *,
    n: int,
    say: str | None,
    first: int = 0,
    line: PhoneLine | None = None,
) -> str:
    """Ring the n-th person on call, from 1 and counted from `first`; with nobody left, note that
    and let the mailbox answer.

    `say` is what the caller hears before: twiml.SORRY, HOLD, CONNECTING or nothing.
    """
    number = context.form.get("To")
    document = twiml.ring(
        line or context.line,
        number if number in context.line.numbers else context.line.numbers[0],
        public_url=context.public_url,
        call_sid=context.call_sid,
        n=n,
        say=say,
        first=first,
    )
    if document is not None:
        return document
    # The end of the call may have been reported before this: then nobody will report it again.
    if nobody_came(context) and _is_over(context):
        gave_up(context, None)
    return twiml.voicemail(public_url=context.public_url, business_id=context.business.id)


def nobody_came(context: WebhookContext) -> bool:
    """Note that nobody came to the phone. It is counted once, however often it is reported.

    True for the first report of it, and where the table cannot tell which one it is.
    """
    first = True
    with call_row.kept("failed handoff", context.call_sid):
        call_row.ensure(context)
        first = calls.nobody_came(context.ports.calls, context.call_sid, now=context.now)
    if first:
        reached_nobody(context)
    return first


def reached_nobody(context: WebhookContext) -> None:
    """Count it, and have the office call back."""
    context.ports.metrics.count("EscalationFailed", business=context.business.id)
    call, _ = call_row.read(context, context.call_sid)
    asked = call.escalation if call else None
    callbacks.ask(
        context.ports,
        context.business,
        context.call_sid,
        phone=(call.caller if call else None) or caller_id(context.form),
        urgency="urgent" if call and call.hazard else asked.urgency if asked else "normal",
        topic=asked.topic if asked else None,
        at=CallTime(now=context.now, real=context.real_now),
    )


def gave_up(context: WebhookContext, call: Call | None) -> None:
    """The caller is gone, and nobody has spoken to them: the business is told, once.

    `call` is the row where it was read.
    """
    nobody_came(context)
    notify.voicemail_alert(
        context.ports,
        context.business,
        context.call_sid,
        (call.caller if call else None) or caller_id(context.form),
        recording_url=None,
        real_now=context.real_now,
    )


def promised(context: WebhookContext, call: Call) -> None:
    """The agent has said that nobody is there and that they are called back: the office learns of
    it, by the message they left or now, and nobody on call is woken for it."""
    if call.message_taken or call.callback is None:
        return
    notify.call_back_text(
        context.ports,
        context.business,
        call,
        wanted_by=callbacks.wanted_by(context.business, call.callback),
        real_now=context.real_now,
    )


def over_key(call_sid: str) -> str:
    """Under which it is remembered that the end of this call was dealt with."""
    return f"{call_sid}:over"


def _is_over(context: WebhookContext) -> bool:
    try:
        return context.ports.follow_ups.seen(over_key(context.call_sid))
    except PortError:
        return False
