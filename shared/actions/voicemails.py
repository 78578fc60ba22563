"""Voicemails that nobody was told of: our webhook was down when Twilio had taken them.

The static fallback takes messages by itself, and can tell nobody. So Twilio is asked what it has.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.actions.ports import Ports
from shared.actions.texts import notify
from shared.domain.business import Business

logger = logging.getLogger(__name__)

BACK = timedelta(hours=6)  # an outage of ours that is longer is somebody's whole day anyway
SETTLED = timedelta(minutes=10)  # by then /voicemail has told of it, where it was asked
WHERE = "it is in Twilio's console, under Recordings"


def tell(ports: Ports, business_of: Callable[[str], Business | None], *, real_now: datetime) -> int:
    """Tell the business of each message that it was not told of; how many there were.

    Run as often as wanted: each is told once, whoever told it.

    Raises:
        PortError: Twilio or the table is down.
    """
    told = 0
    for message in ports.recordings.voicemails(real_now - BACK):
        key = notify.voicemail_key(message.call_sid)
        if real_now - message.left_at < SETTLED or ports.follow_ups.seen(key):
            continue
        caller, number = ports.recordings.parties(message.call_sid)
        business = business_of(number)
        if business is None:
            logger.warning("voicemail of nobody", extra={"call_sid": message.call_sid})
            continue
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
