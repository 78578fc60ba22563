"""Who answers a call: the agent, or people first or alone, as the owner has switched it.

A blocked number is not taken, and hears why in a sentence: whoever is behind it may be in danger
all the same, or somebody else may be (a caller id can be forged), and a busy tone would not tell
them to call 911. It rings nobody, opens no stream and leaves no row.
"""

from dataclasses import replace
from typing import Final

from functions.incoming import twiml
from functions.incoming.context import Request
from functions.incoming.phone_numbers import PhoneLine
from functions.incoming.signature import Form

BLOCKED: Final = (
    "I'm sorry, we can't take your call on this number. If anyone is in danger, hang up and call "
    "911. Goodbye."
)
RUNG: Final = "rung"  # in the query of /incoming: the office's phone has rung before


def is_blocked(form: Form, request: Request) -> bool:
    return form.get("From") in request.switched().blocked


def people_first(line: PhoneLine, form: Form, request: Request, *, rung: bool) -> str | None:
    """What rings people now; None where the agent answers."""
    mode = request.switched().modes.get(line.business_id) or line.mode
    if mode not in ("people", "after_hours", "overflow"):
        return None
    if rung:
        taken = form.get("DialBridged") == "true"
        return twiml.hang_up() if taken else None
    by_day = _is_open(line, request)
    if mode != "people" and not by_day:
        return None
    # No word of the agent's was said, and nothing is recorded.
    plain = replace(line, is_recorded=False)
    number, call_sid = form.get("To"), form.get("CallSid")
    if mode == "overflow":
        return twiml.overflow(plain, number, public_url=_url(request), call_sid=call_sid)
    people = plain.with_the_office_first() if by_day else plain
    rings = twiml.ring(
        people, number, public_url=_url(request), call_sid=call_sid, n=1, say=twiml.HOLD
    )
    return rings or twiml.voicemail(public_url=_url(request), business_id=line.business_id)


def _url(request: Request) -> str:
    return request.settings.public_url


def _is_open(line: PhoneLine, request: Request) -> bool:
    """By the business's file, which is read in whole only here: the agent needs none of it."""
    from shared import businesses
    from shared.domain.calendar.scheduling import is_after_hours

    business = businesses.by_id(line.business_id, line.version)
    return business is not None and not is_after_hours(business, request.now)
