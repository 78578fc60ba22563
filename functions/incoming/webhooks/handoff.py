"""The caller reaches a person: after the stream, through the dials, to the voicemail box.

Whatever of the tables is down, the caller is put through all the same; only what is known of the
call then is lost.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.incoming import twiml
from functions.incoming.phone_numbers import PhoneLine
from functions.incoming.signature import Form
from functions.incoming.webhooks import standing
from functions.incoming.webhooks.answer import caller_id
from shared.actions import calls
from shared.actions.ports import Ports
from shared.actions.texts import notify
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Call, Escalation
from shared.domain.spoken import cards, digits

logger = logging.getLogger(__name__)

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
LONGEST_SUMMARY = 300
NO_LINK = "it is in Twilio's console, under Recordings"
_STREET = re.compile(
    r"\b\d+ (?:[\w.]+ ){1,4}"
    r"(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|ct|court|blvd|pl|way|cir|circle)\b\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WebhookContext:
    """What one webhook about a call works with. `now` is business time."""

    business: Business
    line: PhoneLine
    ports: Ports
    public_url: str
    now: datetime
    real_now: datetime
    synthetic: bool = False  # a smoke call: its ports tell nobody
    recording_link: Callable[[str], str | None] = lambda _: None  # of a recording's id

    def voicemail(self) -> str:
        return twiml.voicemail(public_url=self.public_url, business_id=self.business.id)


def after_stream(form: Form, context: WebhookContext) -> str:
    """The stream is over: ended well, handed over, or died."""
    if form.get("CallStatus") in OVER:
        _gone(form, context)
        return twiml.nothing()
    call, known = _row(context, form.get("CallSid"))
    if call and call.escalation:
        done = call.escalation.result in ("answered", "voicemail") or standing.was_told(call)
        return twiml.hang_up() if done else _ring(form, context, n=1, say=twiml.CONNECTING)
    if call and call.ended_at and call.failure is None:
        return twiml.hang_up()
    if call and _goes_on(form, context, call):
        return twiml.wait(public_url=context.public_url)
    if known:
        _died(form, context, call)
    return _ring(form, context, n=1, say=twiml.SORRY)


def _goes_on(form: Form, context: WebhookContext, call: Call) -> bool:
    """Whether a refused second stream has ended here, and the call's own one is alive.

    Twilio names the stream that ended; where it names none (asked again after a wait), the
    turns have to tell.
    """
    if not standing.has_a_second_stream(call):
        return False
    if ended := form.get("StreamSid"):
        return ended != call.stream_sid
    try:
        return standing.is_alive(call, context.ports.turns.of(call.call_sid), context.now)
    except PortError:
        return False


def handoff(form: Form, query: Form, context: WebhookContext) -> str:
    """A dial is over: somebody took the call, or the next one is rung, or the mailbox answers."""
    call, known = _row(context, form.get("CallSid"))
    if _taken(form, call, known=known):
        return twiml.hang_up()
    if form.get("CallStatus") in OVER:
        return twiml.nothing()
    n = query.get("n")
    return _ring(form, context, n=int(n) + 1 if n.isdecimal() and len(n) < 3 else 1, say=None)


def whisper(query: Form, context: WebhookContext) -> str:
    """What the person on call hears before they decide."""
    call, _ = _row(context, query.get("call"))
    return twiml.whisper(
        spoken_summary(context.business, call),
        public_url=context.public_url,
        call_sid=query.get("call"),
        business_id=context.business.id,
    )


def whisper_accept(form: Form, query: Form, context: WebhookContext) -> str:
    """They pressed a key: 1 joins them with the caller, and is remembered for /handoff."""
    if form.get("Digits") != "1":
        return twiml.hang_up()
    call_sid = query.get("call")
    try:
        calls.ensure(context.ports.calls, _new_row(form, context, call_sid, caller=None))
        calls.dialled(context.ports.calls, call_sid, answered=True, now=context.now)
    except (PortError, LookupError):
        logger.error("accepted handoff not kept", extra={"call_sid": call_sid})
    return twiml.join()


def voicemail(form: Form, context: WebhookContext) -> str:
    """A message was left: the business gets its link, once."""
    recording = form.get("RecordingUrl")
    if recording and form.get("RecordingDuration") != "0":
        _kept(form, context)
    if form.get("CallStatus") in OVER:
        return twiml.nothing()
    return twiml.hang_up("Thank you. Someone will call you back. Goodbye.")


def spoken_summary(business: Business, call: Call | None) -> str:
    """Who is calling and why, without numbers or an address: a stranger's mailbox may hear it."""
    parts = [f"Call for {business.name}."]
    if call and call.hazard:
        parts.append(f"The caller reports {notify.DANGERS[call.hazard]}.")
    if call and call.escalation and call.escalation.summary:
        parts.append(f"{_plain(call.escalation.summary).rstrip('. ')}.")
    elif call and call.failure:
        parts.append("The assistant was cut off, and the caller is waiting.")
    else:
        parts.append("A caller asked for a person.")
    return " ".join(parts)


def _plain(summary: str) -> str:
    """`summary` without card and phone numbers, ZIPs and street addresses."""
    text = _STREET.sub("their address", cards.mask(summary))
    for run in reversed(digits.runs(text)):
        if len(digits.joined(run)) >= 5:
            text = f"{text[: run[0].start]}a number{text[run[-1].end :]}"
    return " ".join(text.split())[:LONGEST_SUMMARY]


def _ring(form: Form, context: WebhookContext, *, n: int, say: str | None) -> str:
    """Ring the n-th person on call; with nobody left, that is noted and the mailbox answers."""
    number = form.get("To")
    document = twiml.ring(
        context.line,
        number if number in context.line.numbers else context.line.numbers[0],
        public_url=context.public_url,
        call_sid=form.get("CallSid"),
        n=n,
        say=say,
    )
    if document is None:
        if nobody(form, context) and _is_over(form, context):
            gave_up(form, context, None)  # the end of the call was reported before this
        return context.voicemail()
    return document


def nobody(form: Form, context: WebhookContext) -> bool:
    """Nobody came to the phone; counted once, and True, however often it is reported."""
    call_sid = form.get("CallSid")
    try:
        calls.ensure(context.ports.calls, new_row(form, context))
        first = calls.nobody_came(context.ports.calls, call_sid, now=context.now)
    except (PortError, LookupError):
        logger.error("failed handoff not kept", extra={"call_sid": call_sid})
        first = True
    if first:
        context.ports.metrics.count("EscalationFailed", business=context.business.id)
    return first


def gave_up(form: Form, context: WebhookContext, call: Call | None) -> None:
    """The caller is gone, and nobody has spoken to them: the business is told, once."""
    nobody(form, context)
    notify.voicemail_alert(
        context.ports,
        context.business,
        form.get("CallSid"),
        (call.caller if call else None) or caller_id(form),
        recording_url=None,
        real_now=context.real_now,
    )


def over_key(call_sid: str) -> str:
    """Under which it is remembered that the end of this call was dealt with."""
    return f"{call_sid}:over"


def _is_over(form: Form, context: WebhookContext) -> bool:
    try:
        return context.ports.follow_ups.seen(over_key(form.get("CallSid")))
    except PortError:
        return False


def new_row(form: Form, context: WebhookContext) -> Call:
    """The row of a call that /media never wrote."""
    return _new_row(form, context, form.get("CallSid"), caller=caller_id(form))


def _new_row(form: Form, context: WebhookContext, call_sid: str, *, caller: str | None) -> Call:
    return calls.new_call(
        context.business, call_sid, caller, now=context.now, synthetic=context.synthetic
    )


def _row(context: WebhookContext, call_sid: str) -> tuple[Call | None, bool]:
    """The row, and whether the table answered at all."""
    try:
        return context.ports.calls.get(call_sid), True
    except PortError:
        logger.error("calls table not read", extra={"call_sid": call_sid})
        return None, False


def _taken(form: Form, call: Call | None, *, known: bool) -> bool:
    """Whether a person took the call. "completed" alone may have been their mailbox."""
    if form.get("DialCallStatus") not in ("completed", "answered"):
        return False
    bridged = form.get("DialBridged")
    if not known:
        return bridged == "true"
    accepted = (
        call is not None and call.escalation is not None and call.escalation.result == "answered"
    )
    return accepted and bridged != "false"


def _gone(form: Form, context: WebhookContext) -> None:
    """The caller hung up: the row gets its outcome also where the bridge died before that."""
    call_sid = form.get("CallSid")
    try:
        calls.ensure(context.ports.calls, new_row(form, context))
        calls.finish(
            context.ports.calls, context.ports.jobs, call_sid, now=context.now, reason="hung_up"
        )
    except (PortError, LookupError):
        logger.error("ended call not kept", extra={"call_sid": call_sid})


def _died(form: Form, context: WebhookContext, call: Call | None) -> None:
    """The bridge was lost: the row says so, with an outcome, before anybody is rung."""
    call_sid = form.get("CallSid")
    try:
        calls.ensure(context.ports.calls, new_row(form, context))
        calls.finish(
            context.ports.calls,
            context.ports.jobs,
            call_sid,
            now=context.now,
            reason="bridge_lost",
            failure="bridge_lost",
        )
        lost = Escalation(reason="failure", urgency="urgent", asked_at=context.now)
        context.ports.calls.escalate(call_sid, lost)
        first = context.ports.follow_ups.leave_once(f"{call_sid}:bridge_lost", at=context.real_now)
    except (PortError, LookupError):
        logger.error("lost bridge not kept", extra={"call_sid": call_sid})
        first = True
    # What the bridge itself reported it has counted itself.
    if first and (call is None or call.failure is None):
        context.ports.metrics.count("CallsEndedAbnormally", business=context.business.id)


def _kept(form: Form, context: WebhookContext) -> None:
    call_sid = form.get("CallSid")
    recording = form.get("RecordingSid") or form.get("RecordingUrl").rpartition("/")[2]
    caller = caller_id(form)
    try:
        calls.ensure(context.ports.calls, new_row(form, context))
        # That nobody came may be reported after this, or never.
        first = calls.nobody_came(context.ports.calls, call_sid, now=context.now)
        calls.voicemail_left(context.ports.calls, call_sid, now=context.now)
    except (PortError, LookupError):
        logger.error("voicemail not kept", extra={"call_sid": call_sid})
        first = False
    if first:
        context.ports.metrics.count("EscalationFailed", business=context.business.id)
    notify.voicemail_alert(
        context.ports,
        context.business,
        call_sid,
        caller,
        recording_url=context.recording_link(recording) or NO_LINK,
        real_now=context.real_now,
    )
