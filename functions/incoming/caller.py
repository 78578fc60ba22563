"""Who is calling, as far as the fields of a webhook tell: nobody's claim is simply believed."""

import re

from functions.incoming import phone_numbers
from functions.incoming.settings import IncomingSettings
from functions.incoming.signature import Form
from shared.domain.spoken.phone import WITHHELD

E164 = re.compile(r"\+[1-9][0-9]{7,14}")
ATTESTATION = re.compile(r"[A-Za-z0-9-]{1,40}")
SHORTEST_NATIONAL = 7  # digits; fewer name no line
SMOKE_FIELD = "SmokeCall"


def is_synthetic(form: Form, settings: IncomingSettings) -> bool:
    """Whether it is a smoke call of ours: answered as any other, and counted nowhere.

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


def attestation(form: Form) -> str | None:
    """How far the carriers vouch for the caller id, e.g. TN-Validation-Passed-A; None where
    Twilio did not sign a word about it."""
    told = form.get("StirVerstat")
    return told if ATTESTATION.fullmatch(told) else None


def caller_of(number: str) -> str | None:
    """`number` where it can be a caller's: one to call back, and none of our own businesses'."""
    if not E164.fullmatch(number) or number in WITHHELD or phone_numbers.is_ours(number):
        return None
    return number


def _same_number(number: str, other: str) -> bool:
    """Whether `other`, in whatever way a carrier writes it, is the E.164 `number`."""
    digits, known = re.sub(r"[^0-9]", "", other), number.removeprefix("+")
    return len(digits) >= SHORTEST_NATIONAL and (known.endswith(digits) or digits.endswith(known))
