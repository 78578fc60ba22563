"""The caller reaches a person: after the stream, through the dials, to the voicemail box.

Whatever of the tables is down, the caller is put through all the same; only what is known of the
call then is lost.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.incoming import standing, twiml
from functions.incoming.answering import caller_id
from functions.incoming.lines import Line
from functions.incoming.signature import Form
from shared.actions import calls, notify
from shared.actions.ports import Ports
from shared.domain import cards, digits
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Call, Escalation
from shared.domain.scheduling import is_after_hours

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
class Desk:
    """What one webhook about a call works with. `now` is business time."""

    business: Business
    line: Line
    ports: Ports
    public_url: str
    now: datetime
    real_now: datetime
    synthetic: bool = False  # a smoke call: its ports tell nobody
    recording_link: Callable[[str], str | None] = lambda _: None  # of a recording's id

    def voicemail(self) -> str:
        return twiml.voicemail(public_url=self.public_url, business_id=self.business.id)


def after_stream(form: Form, desk: Desk) -> str:
    """The stream is over: ended well, handed over, or died."""
    if form.get("CallStatus") in OVER:
        _gone(form, desk)
        return twiml.nothing()
    call, known = _row(desk, form.get("CallSid"))
    if call and call.escalation:
        done = call.escalation.result in ("answered", "voicemail") or standing.was_told(call)
        return twiml.hang_up() if done else _ring(form, desk, n=1, say=twiml.CONNECTING)
    if call and call.ended_at and call.failure is None:
        return twiml.hang_up()
    if call and _goes_on(form, desk, call):
        return twiml.wait(public_url=desk.public_url)
    if known:
        _died(form, desk, call)
    return _ring(form, desk, n=1, say=twiml.SORRY)


def _goes_on(form: Form, desk: Desk, call: Call) -> bool:
    """Whether a refused second stream has ended here, and the call's own one is alive.

    Twilio names the stream that ended; where it names none (asked again after a wait), the
    turns have to tell.
    """
    if not standing.has_a_second_stream(call):
        return False
    if ended := form.get("StreamSid"):
        return ended != call.stream_sid
    try:
        return standing.is_alive(call, desk.ports.turns.of(call.call_sid), desk.now)
    except PortError:
        return False


def handoff(form: Form, query: Form, desk: Desk) -> str:
    """A dial is over: somebody took the call, or the next one is rung, or the mailbox answers."""
    call, known = _row(desk, form.get("CallSid"))
    if _taken(form, call, known=known):
        return twiml.hang_up()
    if form.get("CallStatus") in OVER:
        return twiml.nothing()
    n = query.get("n")
    return _ring(form, desk, n=int(n) + 1 if n.isdecimal() and len(n) < 3 else 1, say=None)


def whisper(query: Form, desk: Desk) -> str:
    """What the person on call hears before they decide."""
    call, _ = _row(desk, query.get("call"))
    return twiml.whisper(
        spoken_summary(desk.business, call),
        public_url=desk.public_url,
        call_sid=query.get("call"),
        business_id=desk.business.id,
    )


def whisper_accept(form: Form, query: Form, desk: Desk) -> str:
    """They pressed a key: 1 joins them with the caller, and is remembered for /handoff."""
    if form.get("Digits") != "1":
        return twiml.hang_up()
    call_sid = query.get("call")
    try:
        calls.ensure(desk.ports.calls, _new_row(form, desk, call_sid, caller=None))
        calls.dialled(desk.ports.calls, call_sid, answered=True, now=desk.now)
    except (PortError, LookupError):
        logger.error("accepted handoff not kept", extra={"call_sid": call_sid})
    return twiml.join()


def voicemail(form: Form, desk: Desk) -> str:
    """A message was left: the business gets its link, once."""
    recording = form.get("RecordingUrl")
    if recording and form.get("RecordingDuration") != "0":
        _kept(form, desk)
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


def _ring(form: Form, desk: Desk, *, n: int, say: str | None) -> str:
    """Ring the n-th person on call; with nobody left, that is noted and the mailbox answers."""
    number = form.get("To")
    document = twiml.ring(
        desk.line,
        number if number in desk.line.numbers else desk.line.numbers[0],
        public_url=desk.public_url,
        call_sid=form.get("CallSid"),
        n=n,
        say=say,
    )
    if document is None:
        if nobody(form, desk) and _is_over(form, desk):
            gave_up(form, desk, None)  # the end of the call was reported before this
        return desk.voicemail()
    return document


def nobody(form: Form, desk: Desk) -> bool:
    """Nobody came to the phone; counted once, and True, however often it is reported."""
    call_sid = form.get("CallSid")
    try:
        calls.ensure(desk.ports.calls, new_row(form, desk))
        first = calls.nobody_came(desk.ports.calls, call_sid, now=desk.now)
    except (PortError, LookupError):
        logger.error("failed handoff not kept", extra={"call_sid": call_sid})
        first = True
    if first:
        desk.ports.metrics.count("EscalationFailed", business=desk.business.id)
    return first


def gave_up(form: Form, desk: Desk, call: Call | None) -> None:
    """The caller is gone, and nobody has spoken to them: the business is told, once."""
    nobody(form, desk)
    notify.voicemail_alert(
        desk.ports,
        desk.business,
        form.get("CallSid"),
        (call.caller if call else None) or caller_id(form),
        recording_url=None,
        real_now=desk.real_now,
    )


def over_key(call_sid: str) -> str:
    """Under which it is remembered that the end of this call was dealt with."""
    return f"{call_sid}:over"


def _is_over(form: Form, desk: Desk) -> bool:
    try:
        return desk.ports.follow_ups.seen(over_key(form.get("CallSid")))
    except PortError:
        return False


def new_row(form: Form, desk: Desk) -> Call:
    """The row of a call that /media never wrote."""
    return _new_row(form, desk, form.get("CallSid"), caller=caller_id(form))


def _new_row(form: Form, desk: Desk, call_sid: str, *, caller: str | None) -> Call:
    return Call(
        call_sid=call_sid,
        business_id=desk.business.id,
        caller=caller,
        started_at=desk.now,
        business_hours=not is_after_hours(desk.business, desk.now),
        synthetic=desk.synthetic,
    )


def _row(desk: Desk, call_sid: str) -> tuple[Call | None, bool]:
    """The row, and whether the table answered at all."""
    try:
        return desk.ports.calls.get(call_sid), True
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


def _gone(form: Form, desk: Desk) -> None:
    """The caller hung up: the row gets its outcome also where the bridge died before that."""
    call_sid = form.get("CallSid")
    try:
        calls.ensure(desk.ports.calls, new_row(form, desk))
        calls.finish(desk.ports.calls, desk.ports.jobs, call_sid, now=desk.now, reason="hung_up")
    except (PortError, LookupError):
        logger.error("ended call not kept", extra={"call_sid": call_sid})


def _died(form: Form, desk: Desk, call: Call | None) -> None:
    """The bridge was lost: the row says so, with an outcome, before anybody is rung."""
    call_sid = form.get("CallSid")
    try:
        calls.ensure(desk.ports.calls, new_row(form, desk))
        calls.finish(
            desk.ports.calls,
            desk.ports.jobs,
            call_sid,
            now=desk.now,
            reason="bridge_lost",
            failure="bridge_lost",
        )
        lost = Escalation(reason="failure", urgency="urgent", asked_at=desk.now)
        desk.ports.calls.escalate(call_sid, lost)
        first = desk.ports.follow_ups.leave_once(f"{call_sid}:bridge_lost", at=desk.real_now)
    except (PortError, LookupError):
        logger.error("lost bridge not kept", extra={"call_sid": call_sid})
        first = True
    # What the bridge itself reported it has counted itself.
    if first and (call is None or call.failure is None):
        desk.ports.metrics.count("CallsEndedAbnormally", business=desk.business.id)


def _kept(form: Form, desk: Desk) -> None:
    call_sid = form.get("CallSid")
    recording = form.get("RecordingSid") or form.get("RecordingUrl").rpartition("/")[2]
    caller = caller_id(form)
    try:
        calls.ensure(desk.ports.calls, new_row(form, desk))
        # That nobody came may be reported after this, or never.
        first = calls.nobody_came(desk.ports.calls, call_sid, now=desk.now)
        calls.voicemail_left(desk.ports.calls, call_sid, now=desk.now)
    except (PortError, LookupError):
        logger.error("voicemail not kept", extra={"call_sid": call_sid})
        first = False
    if first:
        desk.ports.metrics.count("EscalationFailed", business=desk.business.id)
    notify.voicemail_alert(
        desk.ports,
        desk.business,
        call_sid,
        caller,
        recording_url=desk.recording_link(recording) or NO_LINK,
        real_now=desk.real_now,
    )
