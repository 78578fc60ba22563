"""POST /whisper and /whisper-accept: what a person who is rung hears, and the key they press.

Both come from the leg of that person: CallSid is theirs, and our own query names the caller's call.
"""

import re

from functions.incoming import call_row, twiml
from functions.incoming.context import WebhookContext
from shared.actions import calls
from shared.actions.admission import NOT_ADMITTED
from shared.actions.alerts import taking
from shared.actions.alerts.words import DANGERS, at_home, people
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Call
from shared.domain.outcomes import Failure
from shared.domain.spoken import cards, digits

LONGEST_SUMMARY = 300
NOT_SPOKEN_TO = NOT_ADMITTED | {Failure.CAPACITY}
_STREET = re.compile(
    r"\b\d+ (?:[\w.]+ ){1,4}"
    r"(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|ct|court|blvd|pl|way|cir|circle)\b\.?",
    re.IGNORECASE,
)


def whisper(context: WebhookContext) -> str:
    """Tell the person who was rung who is calling, and why; they press 1 to take the call."""
    call_sid = context.query.get("call")
    call, _ = call_row.read(context, call_sid)
    return twiml.whisper(
        spoken_summary(context.business, call, _booked(context, call), _named(context, call)),
        public_url=context.public_url,
        call_sid=call_sid,
        business_id=context.business.id,
    )


def whisper_accept(context: WebhookContext) -> str:
    """They pressed a key: 1 joins them with the caller, and is remembered for /handoff."""
    if context.form.get("Digits") != "1":
        return twiml.hang_up()
    call_sid = context.query.get("call")
    with call_row.kept("accepted handoff", call_sid):
        call = call_row.ensure_of(context, call_sid, caller=None)
        # Whether a person has taken the call decides what /handoff does: first of all writes.
        calls.dialled(context.ports.calls, call_sid, answered=True, now=context.now)
        _count_answered(context, call)
        taking.taken_with_the_call(
            context.ports,
            context.business,
            call,
            context.form.get("To"),
            real_now=context.real_now,
        )
    return twiml.join()


def _count_answered(context: WebhookContext, call: Call) -> None:
    """A caller whom the agent never spoke to was answered all the same: by a person, once."""
    if call.disclosed_at is None and call.disclosure_heard_ms is None:
        ports = context.ports
        if ports.follow_ups.leave_once(f"{call.call_sid}:answered", at=context.real_now):
            ports.metrics.count("CallsAnswered", business=context.business.id)


def _booked(context: WebhookContext, call: Call | None) -> str:
    """When the visit is that this call has booked; "" where none is known of."""
    if call is None or call.job_id is None:
        return ""
    try:
        job = context.ports.jobs.get(call.job_id)
    except PortError:
        return ""  # whoever is rung is not to wait for it
    return wording.when(context.business, job.window, context.now) if job else ""


def _named(context: WebhookContext, call: Call | None) -> tuple[str, ...]:
    """Whom the caller of an emergency spoke of."""
    if call is None or call.hazard is None:
        return ()
    try:
        return people(context.ports.turns.of(call.call_sid))
    except PortError:
        return ()  # whoever is rung is not to wait for it


def spoken_summary(
    business: Business, call: Call | None, booked: str = "", named: tuple[str, ...] = ()
) -> str:
    """Who is calling and why, without numbers or an address: a stranger's mailbox may hear it.

    First a danger, and whom the caller `named` as being there. `booked`: when the visit is that
    the call has booked already.
    """
    parts = [f"Call for {business.name}."]
    if call and call.hazard:
        danger = f"Danger: the caller reports {DANGERS[call.hazard]}.{at_home(named)}"
        parts.insert(0, danger)
    if call and call.escalation and call.escalation.summary:
        parts.append(f"{_plain(call.escalation.summary).rstrip('. ')}.")
    elif call and call.failure in NOT_SPOKEN_TO:
        parts.append("The assistant did not take this call, and the caller is waiting.")
    elif call and call.failure:
        parts.append("The assistant was cut off, and the caller is waiting.")
    else:
        parts.append("A caller asked for a person.")
    if booked:
        parts.append(f"They are booked for {booked}.")
    return " ".join(parts)


def _plain(summary: str) -> str:
    """`summary` without card and phone numbers, ZIPs and street addresses."""
    text = _STREET.sub("their address", cards.mask(summary))
    # From the last run to the first, so that the positions of those before it still hold.
    for run in reversed(digits.runs(text)):
        if len(digits.joined(run)) >= 5:
            text = f"{text[: run[0].start]}a number{text[run[-1].end :]}"
    return " ".join(text.split())[:LONGEST_SUMMARY]
