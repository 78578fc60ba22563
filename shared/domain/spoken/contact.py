"""Phone numbers as heard over the phone, brought into one written form.

What was heard is kept beside it; whether it is right only the caller can say, by confirming it.
"""

import re

import phonenumbers

from shared.domain.errors import BadContact
from shared.domain.models import Contact
from shared.domain.spoken import digits
from shared.domain.spoken.phone import number_in

REGION = "US"

_SAME = re.compile(
    r"\b(same|this|calling from|call(ing)? (you )?(on|from|with)|caller id|the one i'm on)\b",
    re.IGNORECASE,
)


def phone(raw: str, default: str | None = None) -> Contact:
    """`raw` in E.164. "The number I'm calling from", or nothing, is `default`, the caller id.

    A number needs only a possible form: 555 numbers are accepted, the caller confirms it anyway.
    An extension stays in `raw`, no phone network dials it.

    Raises:
        BadContact: the digits cannot be a phone number, or are those of two; the message says what
            to ask for.
    """
    heard = digits.runs(raw)
    # "This one is fine" has a digit in it, and means the caller id.
    few = sum(len(digits.joined(run)) for run in heard) < 7
    if default and (not raw.strip() or (few and _SAME.search(raw))):
        return Contact(raw=raw or default, normalised=phone(default).normalised)
    said = number_in(raw)
    if not said.digits:
        raise BadContact(
            "There were no digits in that phone number. Ask for it again, digit by digit."
        )
    if len(said.digits) == 7:
        raise BadContact("That has seven digits. Ask for the area code too.")
    return Contact(raw=raw, normalised=_e164(said.digits, international=said.international))


def _e164(said: str, *, international: bool) -> str:
    asked = f"That has {len(said)} digits. Ask for the ten digits again, with the area code."
    try:
        number = phonenumbers.parse(f"+{said}" if international else said, REGION)
    except phonenumbers.NumberParseException as exc:
        raise BadContact(asked) from exc
    if not phonenumbers.is_possible_number(number) or len(said) < 8:
        raise BadContact(asked)
    if number.country_code == 1 and len(str(number.national_number)) != 10:
        raise BadContact(asked)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_back_phone(e164: str) -> str:
    """As it is read back, 3-3-4 with pauses: "555, 123, 0000"."""
    national = re.sub(r"\D", "", e164)
    if len(national) == 11 and national.startswith("1"):
        national = national[1:]
    if len(national) != 10:
        return ", ".join(national[at : at + 3] for at in range(0, len(national), 3))
    return f"{national[:3]}, {national[3:6]}, {national[6:]}"
