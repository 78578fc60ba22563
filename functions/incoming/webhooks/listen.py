"""GET /voicemail/{token}: the recording itself, or a plain sentence that says why there is none."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.incoming.context import Request
from shared.actions import recording_link
from shared.actions.recording_link import BadLink, OldLink
from shared.domain.errors import PortError, RecordingTooLong

logger = logging.getLogger(__name__)

SOUND, WORDS = "audio/mpeg", "text/plain; charset=utf-8"
# Whoever has the link may listen; nobody in between is to keep it.
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")

UNKNOWN = "Link not found. Please check the link in your text message."
OLD = "This link is too old. The message may still be in Twilio's console, under Recordings."
GONE = "The message is not there. If it was left just now, please try again in a minute."
LONG = "This message is too long to be played here. It is in Twilio's console, under Recordings."
LATER = "We could not get the message just now. Please try again in a minute."


@dataclass(frozen=True, slots=True)
class Listened:
    """What one request is answered with."""

    status: int
    body: str | bytes
    content_type: str = WORDS
    headers: Mapping[str, str] = field(default_factory=lambda: PRIVATE)


def listen(token: str, request: Request, *, part: str = "", head: bool = False) -> Listened:
    """The recording that `token` opens at this time.

    `part` is the Range header: phones ask for a piece before they play. With `head` nothing is
    fetched: whoever only looks at a link is told what it is.
    """
    try:
        recording_sid = recording_link.read(
            request.secret("STREAM_TOKEN_SECRET"), token, now=int(request.real_now.timestamp())
        )
        if head:
            return Listened(200, "", SOUND)
        recordings = request.recordings(request) if request.recordings else None
        sound = recordings.get(recording_sid) if recordings else None
    except OldLink:
        return Listened(410, OLD)
    except BadLink:
        return Listened(404, UNKNOWN)
    except RecordingTooLong:
        return Listened(413, LONG)
    except PortError as exc:
        logger.error("recording not fetched", extra={"why": str(exc)})
        return Listened(503, LATER, headers={**PRIVATE, "Retry-After": "60"})
    return _played(sound, part) if sound else Listened(404, GONE)


def _played(sound: bytes, part: str) -> Listened:
    headers = {
        **PRIVATE,
        "Accept-Ranges": "bytes",
        "Content-Disposition": 'inline; filename="voicemail.mp3"',
    }
    asked = _RANGE.fullmatch(part.strip())
    if asked is None or asked.groups() == ("", ""):
        return Listened(200, sound, SOUND, headers)
    first, last = _bounds(asked[1], asked[2], len(sound))
    if first > last:
        return Listened(416, "", headers={**headers, "Content-Range": f"bytes */{len(sound)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(sound)}"
    return Listened(206, sound[first : last + 1], SOUND, headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Both ends of a range, included; `-500` asks for the last 500 bytes."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
