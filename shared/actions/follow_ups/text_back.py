"""Who hung up after the quote, and has said yes to texts before: one text, once in thirty days."""

from datetime import datetime, timedelta

from shared.actions.follow_ups.retry import FollowUpRun, Result
from shared.actions.ports import Ports
from shared.actions.texts import outbox, visit_texts
from shared.domain.business import Business
from shared.domain.calendar.scheduling import texting_at
from shared.domain.models import Call, FollowUp, FollowUpKind, Outcome
from shared.domain.outcomes import EndReason

CALLS_BACK_WITHIN = timedelta(minutes=15)  # who does needs no text
ONCE_IN = timedelta(days=30)
_OUR_ENDS = frozenset({EndReason.GOODBYE, EndReason.HANDED_OVER})


def note(ports: Ports, business: Business, call_sid: str, *, at_real: datetime) -> None:
    """A call has ended: look after its caller where they hung up after the quote. As often as
    asked. Raises PortError."""
    if not (business.policy.text_back and business.sends_texts):
        return
    call = ports.calls.get(call_sid)
    if call is None or call.caller is None or call.synthetic or not _left(call):
        return
    if ports.texting.consented(business.id, call.caller) is None:
        return
    later = FollowUp(
        follow_up_id=f"text_back:{call_sid}",
        kind=FollowUpKind.TEXT_BACK,
        business_id=business.id,
        call_sid=call_sid,
        to=call.caller,
        error="hung up after the quote",
        created_at=at_real,
        due_at=at_real + CALLS_BACK_WITHIN,
    )
    ports.follow_ups.leave_once(later.follow_up_id, [later], at=at_real)


def _left(call: Call) -> bool:
    return call.outcome is Outcome.QUOTE_ONLY and call.end_reason not in _OUR_ENDS


def look_after(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Text them, unless they have booked or are not to be texted now. Claimed already. Raises
    PortError."""
    ports, at = this_run.ports, this_run.at
    call, to = ports.calls.get(follow_up.call_sid or ""), follow_up.to
    if call is None or to is None or not _left(call) or not business.policy.text_back:
        return this_run.done(follow_up)
    allowed = texting_at(business, at.now)
    if allowed > at.now:
        return this_run.held(follow_up, allowed)
    booked = any(job.created_at >= call.started_at for job in ports.jobs.of_phone(business.id, to))
    out = ports.texting.opted_out(business.id, to) is not None
    if booked or out or not outbox.reachable(business, to):
        return this_run.done(follow_up)
    if not ports.texting.text_back(business.id, to, at=at.real, since=at.real - ONCE_IN):
        return this_run.done(follow_up)
    text = visit_texts.text_back(business, call, to)
    to_send = outbox.as_follow_up(business, text, at.real, due_in=timedelta())
    if ports.follow_ups.replace(follow_up.follow_up_id, to_send):
        this_run.queue.append(to_send)
    return "done"
