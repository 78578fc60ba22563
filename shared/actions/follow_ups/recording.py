"""A recording at Twilio, looked after until it is deleted."""

import logging
from datetime import datetime, timedelta

from shared.actions.follow_ups.retry import FollowUpRun, Result, pause_after
from shared.actions.recordings import LOOK
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.domain.models import Call, FollowUp, RecordingState

logger = logging.getLogger(__name__)

# A call that was never ended in its row is over by then; ours last 25 minutes, then people talk.
LONGEST = timedelta(hours=4)
SOON = 3  # attempts; a delete that failed so often is told to somebody


def look_after(this_run: FollowUpRun, business: Business, follow_up: FollowUp) -> Result:
    """Keep it while it may stay, then have Twilio delete it. Claimed already.

    Raises:
        PortError: the table is down.
    """
    now, calls = this_run.at.now, this_run.ports.calls
    call = calls.get(follow_up.call_sid or "")
    if call is not None and _goes_on(call, now):
        return this_run.held(follow_up, now + LOOK)
    until = _may_stay_until(business, call)
    if call is not None and until is not None and until > now:
        calls.note(
            call.call_sid,
            recording_sid=follow_up.recording_sid,
            recording=RecordingState.KEPT,
            recording_until=until,
        )
        return this_run.held(follow_up, until)
    try:
        this_run.ports.recordings.delete(follow_up.recording_sid or "")
    except PortError as exc:
        return _once_more(this_run, business, follow_up, str(exc))
    if call is not None:
        calls.note(call.call_sid, recording=RecordingState.DELETED)
    return this_run.done(follow_up)


def _goes_on(call: Call, now: datetime) -> bool:
    """Whether something may still be learned of the call; what a bridge has to write comes late."""
    if call.ended_at is None:
        return now - call.started_at < LONGEST
    return now - call.ended_at < LOOK


def _may_stay_until(business: Business, call: Call | None) -> datetime | None:
    """None: it may not stay. The disclosure has to be on it, and to have been heard."""
    if call is None or business.recording is None:
        return None
    if call.recording_dropped is not None or call.disclosed_at is None:
        return None
    return call.started_at + timedelta(days=business.recording.keep_days)


def _once_more(
    this_run: FollowUpRun, business: Business, follow_up: FollowUp, error: str
) -> Result:
    """Never given up: what has to be deleted is still there."""
    attempts = follow_up.attempts + 1
    if attempts >= SOON:
        logger.error("recording not deleted", extra={"call_sid": follow_up.call_sid})
        this_run.ports.metrics.count("RecordingsNotDeleted", business=business.id)
    until = this_run.at.real + pause_after(attempts)
    this_run.ports.follow_ups.put_off(follow_up.follow_up_id, until=until, error=error[:200])
    return "again"
