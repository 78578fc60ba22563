"""POST /incoming: a call comes in. No table, no pydantic, no boto3 on this path."""

import logging
import re
from datetime import datetime

from functions.incoming import phone_numbers, twiml
from functions.incoming.settings import IncomingSettings
from functions.incoming.signature import Form
from shared.domain import stream_token
from shared.metrics import EmfMetrics

logger = logging.getLogger(__name__)

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
LONGEST_SID = 64
SHORTEST_NATIONAL = 7  # digits; fewer name no line
SMOKE_FIELD = "SmokeCall"
# What Twilio puts in From when the caller id is withheld: +ANONYMOUS, +RESTRICTED, and the like.
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})


def answer(
    form: Form,
    settings: IncomingSettings,
    *,
    secret: str,
    nonce: str,
    now: datetime,
    metrics: EmfMetrics,
) -> str:
    """The TwiML that gives this call to the bridge; a retry gets the same with a fresh token."""
    number = form.get("To")
    line = phone_numbers.dialled(number)
    if line is None:
        # Which number it was, Twilio's log of the call tells; ours holds no numbers.
        metrics.count("CallsToUnknownNumber")
        logger.warning(
            "a number that no business has was called",
            extra={"call_sid": form.get("CallSid")[:LONGEST_SID], "kind": _kind(number)},
        )
        return twiml.hang_up(twiml.UNKNOWN)
    call_sid = form.get("CallSid")[:LONGEST_SID]
    caller = caller_id(form)
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


def is_synthetic(form: Form, settings: IncomingSettings) -> bool:
    """A smoke call of ours: it is answered as any other, and counts nowhere.

    A caller id can be forged, and what counts nowhere raises no alarm. Twilio never sends this
    field; within the signed form only a holder of the account's token can have put it there.
    """
    return form.get("From") in settings.synthetic_callers and form.get(SMOKE_FIELD) == "true"


def caller_id(form: Form) -> str | None:
    """The number this caller could be called back on; None where nobody knows it.

    A line that forwards its calls to us may be presented as their origin. So the number that was
    dialled is no caller id, and neither is one that Twilio says has forwarded the call.
    ForwardedFrom depends on the carrier: it may take a number away, it never gives one.
    """
    number = caller_of(form.get("From"))
    if number is None or number in (form.get("To"), form.get("Called")):
        return None
    return None if _same_number(number, form.get("ForwardedFrom")) else number


def caller_of(number: str) -> str | None:
    """`number` where it can be a caller's: one to call back, and none of our own businesses'."""
    if not _E164.fullmatch(number) or number in _WITHHELD or phone_numbers.is_ours(number):
        return None
    return number


def _same_number(number: str, other: str) -> bool:
    """Whether `other`, in whatever way a carrier writes it, is the E.164 `number`."""
    digits, known = re.sub(r"[^0-9]", "", other), number.removeprefix("+")
    return len(digits) >= SHORTEST_NATIONAL and (known.endswith(digits) or digits.endswith(known))


def _kind(number: str) -> str:
    """What was dialled, for a log: never the number itself."""
    if number.lower().startswith(("sip:", "sips:", "client:")):
        return "sip" if number.lower().startswith("sip") else "client"
    return "number" if _E164.fullmatch(number) else "other"
