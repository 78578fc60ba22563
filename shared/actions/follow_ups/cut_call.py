"""Whose call was cut off, and who has not called back: the office calls them."""

from datetime import timedelta

from shared.actions.cut_calls import was_cut_off
from shared.actions.follow_ups.retry import FollowUpRun, Result
from shared.actions.texts import outbox, wording
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.models import FollowUp


def look_after(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Tell the office, unless a person or the mailbox has had the caller by now. Claimed already.

    Raises:
        PortError: the table is down.
    """
    call = this_run.ports.calls.get(follow_up.call_sid or "")
    if call is None or not was_cut_off(call):
        return this_run.done(follow_up)
    who = wording.number(follow_up.to)
    booked = " They are booked, and may not know." if call.job_id else ""
    body = (
        f"{business.name}: the call of {who} was cut off, and they have not called back. "
        f"Please call them.{booked}"
    )
    text = Sms(business.office, body, follow_up.follow_up_id)
    to_send = outbox.as_follow_up(business, text, this_run.at.real, due_in=timedelta())
    if this_run.ports.follow_ups.replace(follow_up.follow_up_id, to_send):
        this_run.queue.append(to_send)
    return "done"
