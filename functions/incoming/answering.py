"""POST /incoming: a call comes in. No table, no pydantic, no boto3 on this path."""

import re
from datetime import datetime

from functions.incoming import lines, twiml
from functions.incoming.settings import Settings
from functions.incoming.signature import Form
from shared.domain import stream_token
from shared.metrics import EmfMetrics

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
LONGEST_SID = 64
SMOKE_FIELD = "SmokeCall"
# What Twilio puts in From when the caller id is withheld: +ANONYMOUS, +RESTRICTED, and the like.
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})


def answer(
    form: Form, settings: Settings, *, secret: str, nonce: str, now: datetime, metrics: EmfMetrics
) -> str:
    """The TwiML that gives this call to the bridge; a retry gets the same with a fresh token."""
    number = form.get("To")
    line = lines.dialled(number)
    if line is None:
        return twiml.hang_up(twiml.UNKNOWN)
    call_sid = form.get("CallSid")[:LONGEST_SID]
    caller = caller_of(form.get("From"))
    token = stream_token.mint(
        secret,
        call_sid=call_sid,
        business_id=line.business_id,
        caller=caller,
        synthetic=is_synthetic(form, settings),
        expires=int(now.timestamp()) + stream_token.TTL_S,
        nonce=nonce,
    )
    if not is_synthetic(form, settings):
        metrics.count("TwimlServed", business=line.business_id)
    return twiml.stream(
        line,
        number,
        public_url=settings.public_url,
        media_url=settings.media_url,
        call_sid=call_sid,
        token=token,
    )


def is_synthetic(form: Form, settings: Settings) -> bool:
    """A smoke call of ours: it is answered as any other, and counts nowhere.

    A caller id can be forged, and what counts nowhere raises no alarm. Twilio never sends this
    field; within the signed form only a holder of the account's token can have put it there.
    """
    return form.get("From") in settings.synthetic_callers and form.get(SMOKE_FIELD) == "true"


def caller_of(number: str) -> str | None:
    """The caller id where it is a number one could call back."""
    return number if _E164.fullmatch(number) and number not in _WITHHELD else None
