"""Voicemails that nobody was told of: our webhook was down when Twilio had taken them.

The static fallback takes messages by itself, and can tell nobody. So Twilio is asked what it has,
and whoever left one is to be called back like anybody else: their call gets its row here.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from shared.actions import callbacks, calls
from shared.actions.ports import Ports, Voicemail
from shared.actions.texts import notify
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.outcomes import EndReason, Failure

logger = logging.getLogger(__name__)

BACK = timedelta(hours=6)  # an outage of ours that is longer is somebody's whole day anyway
SETTLED = timedelta(minutes=10)  # by then /voicemail has told of it, where it was asked
WHERE = "it is in Twilio's console, under Recordings"


def tell(ports: Ports, business_of: Callable[[str], Business | None], at: CallTime) -> int:
    """Tell the business of each message that it was not told of, and have it call back; how many
    there were.

    Run as often as wanted: each is told once, whoever told it.

    Raises:
        PortError: Twilio or the table is down.
    """
    told, real_now = 0, at.real
    for message in ports.recordings.voicemails(real_now - BACK):
        key = notify.voicemail_key(message.call_sid)
        if real_now - message.left_at < SETTLED or ports.follow_ups.seen(key):
            continue
        caller, number = ports.recordings.parties(message.call_sid)
        business = business_of(number)
        if business is None:
            logger.warning("voicemail of nobody", extra={"call_sid": message.call_sid})
            continue
        _to_be_called_back(ports, business, message, caller or None, at)
        notify.voicemail_alert(
            ports,
            business,
            message.call_sid,
            caller or None,
            recording_url=WHERE,
            real_now=real_now,
        )
        told += 1
    return told


def _to_be_called_back(
    ports: Ports, business: Business, message: Voicemail, caller: str | None, at: CallTime
) -> None:
    """The call's row, made where no webhook could write one, with its call-back. Where that fails
    the office's text has it all the same."""
    sid, left_at = message.call_sid, at.now - (at.real - message.left_at)
    try:
        call = calls.ensure(ports.calls, calls.new_call(business, sid, caller, now=left_at))
        calls.voicemail_left(ports.calls, sid, now=left_at)
        calls.finish(
            ports.calls,
            ports.jobs,
            sid,
            now=left_at,
            reason=EndReason.FAILED,
            failure=Failure.CAPACITY,
        )
    except (PortError, LookupError):
        logger.error("voicemail not in its row", extra={"call_sid": sid})
        return
    urgency: Literal["normal", "urgent"] = "urgent" if call.hazard else "normal"
    callbacks.ask(ports, business, sid, phone=call.caller or caller, urgency=urgency, at=at)
