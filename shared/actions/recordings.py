"""The sound of a call, kept by Twilio: that there is one, and that it may not stay.

TwiML <Start><Recording>   Twilio reports it      looked after every few minutes
------------------------> reported() -----------> follow_ups.recording: kept, then deleted
                            ^
          drop(): a card was read out, or the caller objects
"""

from contextlib import suppress
from datetime import datetime, timedelta

from shared.actions.ports import Ports
from shared.domain.business import Business
from shared.domain.models import FollowUp, FollowUpKind, RecordingDrop

LOOK = timedelta(minutes=5)  # how often it is asked whether the call is over


def reported(
    ports: Ports, business: Business, call_sid: str, recording_sid: str, *, real_now: datetime
) -> None:
    """Leave the recording to be looked after, and name it in the call's row where there is one
    yet; as often as asked. Raises PortError."""
    ports.follow_ups.leave(
        FollowUp(
            follow_up_id=f"{call_sid}:recording",
            kind=FollowUpKind.RECORDING,
            business_id=business.id,
            call_sid=call_sid,
            recording_sid=recording_sid,
            error="not looked at yet",
            created_at=real_now,
            due_at=real_now + LOOK,
        )
    )
    with suppress(LookupError):
        ports.calls.note(call_sid, recording_sid=recording_sid)


def drop(ports: Ports, call_sid: str, why: RecordingDrop) -> None:
    """The recording of this call has to go: it is deleted when the call is over.

    One that the caller objects to is stopped as well; after a card number it goes on, so that
    nothing shows where the number was. As often as asked.

    Raises:
        PortError: the row was not written, or Twilio did not stop it.
        LookupError: the call has no row.
    """
    ports.calls.note(call_sid, recording_dropped=why)
    if why is RecordingDrop.OBJECTION:
        ports.recordings.stop(call_sid)
