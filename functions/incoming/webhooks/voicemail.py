"""POST /voicemail: the mailbox has taken a message, or nothing was said."""

from functions.incoming import call_row, escalation, twiml
from functions.incoming.caller import caller_id
from functions.incoming.context import WebhookContext
from shared.actions import calls
from shared.actions.texts import notify

NO_LINK = "it is in Twilio's console, under Recordings"


def voicemail(context: WebhookContext) -> str:
    """Text the business the link to the message, once; thank the caller where they still listen."""
    form = context.form
    if form.get("RecordingUrl") and form.get("RecordingDuration") != "0":
        _note_message(context)
        _text_link(context)
    if context.caller_is_gone:
        return twiml.nothing()
    return twiml.hang_up("Thank you. Someone will call you back. Goodbye.")


def _note_message(context: WebhookContext) -> None:
    """The row says that nobody came and that a message was left; the first is counted once.

    That nobody came may be reported by /handoff after this, or never.
    """
    first = False
    with call_row.kept("voicemail", context.call_sid):
        call_row.ensure(context)
        nobody_yet = calls.nobody_came(context.ports.calls, context.call_sid, now=context.now)
        calls.voicemail_left(context.ports.calls, context.call_sid, now=context.now)
        first = nobody_yet  # only where both were written
    if first:
        escalation.reached_nobody(context)


def _text_link(context: WebhookContext) -> None:
    form = context.form
    recording_sid = form.get("RecordingSid") or form.get("RecordingUrl").rpartition("/")[2]
    notify.voicemail_alert(
        context.ports,
        context.business,
        context.call_sid,
        caller_id(form),
        recording_url=context.recording_link(recording_sid) or NO_LINK,
        real_now=context.real_now,
    )
