"""Somebody was to be called back by now: the owner's office is told, once."""

from datetime import timedelta

from shared.actions import callbacks
from shared.actions.follow_ups.retry import FollowUpRun, Result
from shared.actions.texts import outbox, wording
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.models import FollowUp


def look_after(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Tell the office unless they were called. Claimed already.

    Raises:
        PortError: the table is down.
    """
    call = this_run.ports.calls.get(follow_up.call_sid or "")
    if call is None or call.callback is None or not callbacks.is_open(call):
        return this_run.done(follow_up)
    who = wording.number(call.callback.phone or call.caller)
    about = f" about {call.callback.topic}" if call.callback.topic else ""
    body = (
        f"{business.name}: OVERDUE. {who} was to be called back{about} "
        f"({callbacks.wanted_by(business, call.callback)}). Please call them now."
    )
    text = Sms(business.office, body, f"{call.call_sid}:overdue")
    to_send = outbox.as_follow_up(business, text, this_run.at.real, due_in=timedelta())
    if this_run.ports.follow_ups.leave_once(
        f"{call.call_sid}:overdue", [to_send], at=this_run.at.real
    ):
        this_run.ports.metrics.count("CallbacksOverdue", business=business.id)
        this_run.queue.append(to_send)
    return this_run.done(follow_up)
