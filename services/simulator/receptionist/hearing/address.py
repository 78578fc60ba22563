"""A service address in what was heard, and the correction of one part of it."""

import re
from dataclasses import dataclass, replace

from services.simulator.receptionist.hearing.numbers import digits, is_number, leading, words

_SUFFIXES = (
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|circle|cir|place|pl"
    "|way|terrace|ter|trail|parkway|pkwy|highway|hwy|square|sq|loop|row|pike"
)
_STREET = re.compile(rf"^(?P<street>.*?\b(?:{_SUFFIXES})\b\.?)(?P<rest>.*)$", re.IGNORECASE)
_STATES = {"ohio": "Ohio", "oh": "OH", "indiana": "Indiana", "kentucky": "Kentucky"}
_LEAD = re.compile(
    r"^(?:(?:no|nope|yes|yeah|sure|okay|ok|oh|um|uh|well|so|sorry|actually|and|but|hi"
    r"|it's|its|it is|that's|that is|the (?:service |street |full )?address (?:is|should be)"
    r"|my address is|address is|the house number is|the house number should be|house number is"
    r"|the number is|the street is"
    r"|it should be|should be|i said|i meant|i'm at|i am at|i live at|i live on|we live at|we're at"
    r"|we are at|at|number|not right|wrong|that's wrong|that's not right)\b[\s,.;:]*)+",
    re.IGNORECASE,
)
_CORRECTED = re.compile(r"^.*\bnot\s+[^,.;]+[,.;]\s*(?:it's|its|it is|but)?\s*", re.IGNORECASE)
_INSTEAD = re.compile(r"[,;]?\s*\bnot\b.*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SpokenAddress:
    """An address in parts; a part that was not heard is empty."""

    number: str = ""
    street: str = ""
    place: str = ""
    zip: str = ""

    @property
    def complete(self) -> bool:
        """Whether a technician could find it: a house number and a street."""
        return bool(self.number and self.street)

    def __str__(self) -> str:
        line = " ".join(part for part in (self.number, self.street) if part)
        end = " ".join(part for part in (self.place, self.zip) if part)
        return ", ".join(part for part in (line, end) if part)


def address(text: str) -> SpokenAddress:
    """Return the parts of an address that `text` names."""
    said = _LEAD.sub("", " ".join(text.split())).strip(" .!?")
    number, rest = leading(said)
    rest, zip_code = _zip(rest)
    match = _STREET.match(rest)
    if match:
        street, place = match["street"], match["rest"]
    elif number and "," in rest:
        street, place = rest.split(",", 1)
    elif number:
        street, place = rest, ""
    else:
        street, place = "", rest
    return SpokenAddress(number, _title(street), _place(place), zip_code)


def corrected(old: SpokenAddress, text: str) -> SpokenAddress:
    """Return `old` with the part that `text` names instead: the number, the street or the town."""
    said = " ".join(text.split())
    said = _CORRECTED.sub("", said) if _CORRECTED.match(said) else _INSTEAD.sub("", said)
    new = address(_last_sentence(said))
    if not new.street and not new.place and new.number:
        if len(new.number) == 5 and old.zip:
            return replace(old, zip=new.number)
        return replace(old, number=new.number)
    return SpokenAddress(
        new.number or old.number,
        new.street or old.street,
        new.place if _is_place(new.place) else old.place,
        new.zip or old.zip,
    )


def _last_sentence(text: str) -> str:
    """Return the last sentence that names anything: "No, it's wrong. It's one three two." """
    sentences = [part for part in re.split(r"(?<=[a-z])[.!?]\s+", text) if _LEAD.sub("", part)]
    return sentences[-1] if sentences else text


def _zip(text: str) -> tuple[str, str]:
    """Return `text` without a ZIP at its end, and the ZIP, in digits or in words."""
    parts = text.rstrip(" .").split()
    at = len(parts)
    while at and (set(words(parts[at - 1])) and all(map(_like_digit, words(parts[at - 1])))):
        at -= 1
    if at < len(parts) and parts[at].strip(",").lower() == "oh":
        at += 1  # Ohio, not a nought
    code = digits(" ".join(parts[at:]))
    if len(code) != 5:
        return text, ""
    kept = re.sub(
        r"[\s,]*\b(?:zip|zip code|zipcode)(?: code)?(?: is)?\s*$", "", " ".join(parts[:at])
    )
    return kept.rstrip(" ,"), code


def _like_digit(word: str) -> bool:
    return is_number(word) or word in ("o", "oh")


def _place(text: str) -> str:
    parts = [_title(part) for part in re.split(r"[,.]", text) if part.strip()]
    if len(parts) == 1:
        town = parts[0].split()
        if len(town) > 1 and town[-1].lower() in _STATES:
            parts = [" ".join(town[:-1]), town[-1]]
    cleaned = [re.sub(r"^(?:In|At|And)\s+", "", part) for part in parts]
    return ", ".join(_STATES.get(part.lower(), part) for part in cleaned if part)


def _is_place(text: str) -> bool:
    return bool(text) and not re.search(
        r"\b(?:please|thanks|thank|sorry|right|correct|wrong|number|part|that|yes|yep|yeah|mm"
        r"|fine|good|great|okay|ok|sure|hold|wait|what)\b",
        text,
        re.IGNORECASE,
    )


def _title(text: str) -> str:
    return " ".join(part[:1].upper() + part[1:] for part in text.strip(" ,.").split())
