"""POST /recording-status: the recording of a call has begun, or is complete."""

from functions.incoming.context import WebhookContext
from shared.actions import recordings
from shared.actions.recording_link import is_recording


def recording_status(context: WebhookContext) -> None:
    """See to it that somebody looks after the recording: any one of the reports is enough.

    No row is made here. The first report may come before the bridge has redeemed its token, which
    is single-use by that very row.

    Raises:
        PortError: the table is down; Twilio is answered with an error.
    """
    recording_sid = context.form.get("RecordingSid")
    if is_recording(recording_sid):
        recordings.reported(
            context.ports,
            context.business,
            context.call_sid,
            recording_sid,
            real_now=context.real_now,
        )
