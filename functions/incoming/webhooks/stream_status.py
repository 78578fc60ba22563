"""POST /stream-status: Twilio reports when a stream starts, stops and breaks."""

import logging

from functions.incoming.signature import Form

logger = logging.getLogger(__name__)

LONGEST_ERROR = 200


def stream_status(form: Form) -> None:
    """Log a broken stream. Starts and stops the bridge reports itself; an error comes only here."""
    if form.get("StreamEvent") == "stream-error":
        logger.error(
            "stream broke",
            extra={
                "call_sid": form.get("CallSid"),
                "error": form.get("StreamError")[:LONGEST_ERROR],
            },
        )
