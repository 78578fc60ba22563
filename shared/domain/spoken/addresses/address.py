"""US street addresses in the post's short form: "123 Oak St, Springfield, OH 45501".

A grammar of our own, after USPS Publication 28. What it is measured on and against, and why no
library does it: docs/decisions/09-contacts.md. It does not know whether the house exists.
"""

import re
from dataclasses import dataclass, field

from shared.domain.errors import BadContact, NoHouseNumber
from shared.domain.spoken.addresses.figures import in_figures
from shared.domain.spoken.addresses.postal import (
    ALSO_CITIES,
    CODES,
    CORE,
    DIRECTIONS,
    STATES,
    SUFFIXES,
    UNITS,
    USUAL,
    word_set,
)
from shared.domain.spoken.addresses.street import Street, street
from shared.domain.spoken.addresses.units import is_unit, unit_of, units_in
from shared.domain.spoken.addresses.words import plain_word, titled

_ZIP = re.compile(r"(?<![\w-])(\d{5})(?:-?\d{4})?\s*$")
_ZIP_SAID = re.compile(r"[\s,]*\b(?:and )?(?:the )?zip(?: ?code)?(?: is)?[\s,:]*$", re.IGNORECASE)
_NO_ZIP = re.compile(r"(?<=[a-z.])[\s,]+(?:\d{4}|\d{6,8})$", re.IGNORECASE)
_ROAD = re.compile(
    r"\b(?:road|rd|route|rte|rt|highway|hwy|interstate|cr|sr|us|fm|no\.?|number|box|#)\s*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:it's|it is|its|that's|um|uh|yeah|yes|ok|okay|so|sure|the|my|our|address|service|"
    r"home|house number|is|at|we're|i'm|live|i|we|in)[\s,:]+)+",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"[\s,]+(?:usa|u\.s\.a\.?|u\.s\.|united states(?: of america)?)\s*$", re.IGNORECASE
)
_GRID = re.compile(r"(?:[nsew]\d+[nsew]\d+|[nsew]\d+\s+[nsew]\d+)(?=[\s,])", re.IGNORECASE)
_SPOKEN_GRID = re.compile(
    r"(north|south|east|west|[nsew])\s+(\d+)\s+(north|south|east|west|[nsew])\s+(\d+)(?=[\s,]+[a-z])",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:\d{1,6}[a-z]?(?:-\d{1,5})*(?:-?[a-z])?|[a-hj-z]\d{1,6}[a-z]?)(?:\s+\d/\d)?(?=[\s,])",
    re.IGNORECASE,
)
_BOX = re.compile(r"[\s,]*\b(?:p\.?\s*o\.?|post office)\s*box\s*#?\s*\w*", re.IGNORECASE)
_NOTE = re.compile(r"[\s,;.]+(?:the )?(?:gate|door|entry|access) code\b.*$", re.IGNORECASE)
_RURAL = re.compile(
    r"\b(?:r\.?\s?r\.?|rural (?:route|rt|rte)|h\.?c\.?|highway contract(?: route)?|star route)"
    r"\s*#?\s*\d",
    re.IGNORECASE,
)
_BESIDE = word_set(
    "near by behind beside across off between opposite corner next attn attn: attention"
)
_FLOOR = re.compile(r"\w+ (?:floor|fl|flr)\b", re.IGNORECASE)
# A number behind these is none of a house.
_NO_HOUSE = frozenset(UNITS) | word_set("box rr hc us sr cr exit interstate i fm code gate")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts, in the post's short form; what was not said is empty.

    `number` is the house's, with its fraction, hyphen or letter. `place` is what stands between
    line and city: a building's or county's name. `said` is the whole of an address nobody could
    read, which is then kept as it was said; such a one has no number.
    """

    number: str = ""
    street: Street = field(default_factory=Street)
    unit: str = ""
    place: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    said: str = ""

    @property
    def line(self) -> str:
        return " ".join(part for part in (self.number, str(self.street), self.unit) if part)

    @property
    def normalised(self) -> str:
        end = f"{self.state} {self.zip}".strip()
        parts = (self.line, self.place, self.city, end)
        return self.said or ", ".join(part for part in parts if part)


def parse(raw: str) -> Address:
    """The address of `raw`; what was not said (city, state, ZIP) is not made up.

    Raises:
        NoHouseNumber: a place it may well be, such as a rural route, but no house and street.
        BadContact: no house number, no street, a post office box, or far too long.
    """
    said = _cleaned(raw)
    text = _BOX.sub("", said).strip(" ,")
    rest, zip_code = _split_zip(text)
    rest, state, state_said = _split_state(rest)
    parts = [part.strip(" .;") for part in re.split(r"[,\n]", rest)]
    units, before, number, parts = _at_number([part for part in parts if part])
    if not number and text != said:
        raise BadContact("A post office box cannot be visited. Ask for house number and street.")
    if not number:
        raise _refused(text, "There was no house number in that address. Ask for it.")
    way, left = _split_street(parts)
    if not way.name:
        raise _refused(text, "There was no street in that. Ask for house number and street.")
    found, towns = units_in(left)
    city, place = _city(towns or before)
    if not city and state_said in ALSO_CITIES:
        city, state = titled(state_said.split()), ""
    return Address(number, way, " ".join([*units, *found]), place, city, state, zip_code)


def as_said(raw: str) -> Address:
    """`raw` kept word for word, with the city, state and ZIP it ends with."""
    text, zip_code = _split_zip(_cleaned(raw))
    text, state, _ = _split_state(text)
    _, comma, city = text.rpartition(",")
    return Address(
        city=titled(city.split()) if comma and state else "",
        state=state,
        zip=zip_code,
        said=" ".join(raw.split())[:LONGEST],
    )


def _cleaned(raw: str) -> str:
    """`raw` without what is no part of an address, numbers in figures.

    Raises:
        BadContact: it is too long, or number and street run together.
    """
    if len(raw) > LONGEST:
        raise BadContact("That is too long for an address. Ask for house number, street and city.")
    lines = [" ".join(line.split()).strip(" ,.;") for line in raw.splitlines()]
    text = _LEAD.sub("", ", ".join(line for line in lines if line))
    return _COUNTRY.sub("", _NOTE.sub("", in_figures(text))).strip(" ,.;")


def _refused(text: str, message: str) -> BadContact:
    """What to raise: a place that may be found without a number is told from no place at all."""
    words = [plain_word(word) for word in text.split()]
    _, zip_code = _split_zip(text)
    _, state, _ = _split_state(text)
    named = any(SUFFIXES.get(word) in CORE for word in words[1:]) or (state and len(words) > 2)
    if _RURAL.search(text) or named or (zip_code and len(words) > 1):
        return NoHouseNumber(message)
    return BadContact(message)


def _split_zip(text: str) -> tuple[str, str]:
    text = text.rstrip(" .,")
    found = _ZIP.search(text)
    # "615 County Road 45300" ends with its road.
    if found is None or not text[: found.start()].strip() or _ROAD.search(text[: found.start()]):
        # Four or six digits behind a state are no ZIP, and nothing else either.
        short = _NO_ZIP.sub("", text)
        return (short if _split_state(short)[1] else text), ""
    return _ZIP_SAID.sub("", text[: found.start()]).rstrip(" ,."), found.group(1)


def _split_state(text: str) -> tuple[str, str, str]:
    """`text` without the state it ends with, its code, and its name where that was said."""
    words = text.split()
    for size in (3, 2, 1):
        tail = " ".join(plain_word(word) for word in words[-size:])
        code = STATES.get(tail) or (tail.upper() if size == 1 and tail.upper() in CODES else "")
        # "100 West Virginia" is a street, and no state with a street called West.
        only_direction = len(words) == size + 2 and plain_word(words[1]) in DIRECTIONS
        if size == 1 and (_is_suffix(words, tail) or (only_direction and "," not in text)):
            continue
        if code and len(words) > size + 1:
            return " ".join(words[:-size]).rstrip(" ,."), code, tail
    return text, "", ""


def _is_suffix(words: list[str], tail: str) -> bool:
    """ "123 Oak Ct": the suffix of a street is a state's code too, and the street comes first."""
    if tail not in SUFFIXES:
        return False
    earlier = [plain_word(word) for word in words[1:-2]]
    comma = any(word.endswith(",") for word in words[1:-1])
    return not comma and not any(SUFFIXES.get(word) in USUAL for word in earlier)


def _at_number(parts: list[str]) -> tuple[list[str], list[str], str, list[str]]:
    """Units and other parts before the house number, the number, and the parts from there on."""
    units: list[str] = []
    before: list[str] = []
    for at, part in enumerate(parts):
        number, rest = _split_number(part)
        if not number:
            unit, behind = unit_of(part.split())
            # "Apartment 4, 123 Oak Street" and "Apt 1B 626 Kilbourn Ave".
            units += [unit] if unit else []
            behind = behind[1:] if behind[:1] in (["at"], ["of"], ["in"]) else behind
            number, rest = _split_number(" ".join(behind)) if unit else ("", "")
            before += [" ".join(behind)] if behind and not number else []
        if number and (rest or at + 1 < len(parts)):
            return units, before, number, [rest, *parts[at + 1 :]] if rest else parts[at + 1 :]
    for at, part in enumerate(parts):
        number, rest = _number_inside(part)
        if number:
            return units, before, number, [rest, *parts[at + 1 :]]
    return units, before, "", []


def _number_inside(part: str) -> tuple[str, str]:
    """The house number behind other words ("the blue house at 123 Oak Street"), and the rest."""
    words = part.split()
    for at in range(1, len(words)):
        before = plain_word(words[at - 1])
        number, rest = _split_number(" ".join(words[at:]))
        street_follows = any(SUFFIXES.get(plain_word(word)) in CORE for word in rest.split()[1:])
        if number and street_follows and before not in _NO_HOUSE and before not in SUFFIXES:
            return number, rest
    return "", ""


def _split_number(text: str) -> tuple[str, str]:
    """The house number `text` begins with, and what follows it."""
    spoken = _SPOKEN_GRID.match(text)
    if spoken:
        a, b, c, d = spoken.groups()
        return f"{a[0]}{b} {c[0]}{d}".upper(), text[spoken.end() :].strip()
    found = _GRID.match(text + " ") or _NUMBER.match(text + " ")
    rest = text[found.end() :].strip() if found else ""
    # "8 Mile Road" has a number of the road's, and none of a house.
    if found is None or rest.lower().startswith("mile ") or _FLOOR.match(text):
        return "", text
    return " ".join(found.group().upper().split()), rest


def _split_street(parts: list[str]) -> tuple[Street, list[list[str]]]:
    """The street, and the words of each part that are left behind it."""
    words = parts[0].replace("#", " # ").split()
    stop = next((at for at in range(1, len(words)) if is_unit(words, at)), len(words))
    way, size = street(words[:stop], alone=len(parts) > 1)
    if size == 1 and SUFFIXES.get(plain_word(words[0])) in CORE:
        return Street(), []  # "42 Street": whose name is missing
    return way, [words[size:], *(part.replace("#", " # ").split() for part in parts[1:])]


def _city(towns: list[str]) -> tuple[str, str]:
    """City, and what else was said between line and city: a building, a county."""
    named = [re.sub(r"^(?:in |the city of |city of )+", "", town, flags=re.I) for town in towns]
    named = [town for town in named if town]
    city = next((town for town in reversed(named) if _is_town(town)), "")
    place = ", ".join(titled(town.split()) for town in named if town is not city)
    return titled(city.split()), place


def _is_town(name: str) -> bool:
    """Whether it may be a town: no county, nothing with a number, no "near the school"."""
    beside = name.split()[0].lower() in _BESIDE
    return not (beside or name.lower().endswith(" county") or re.search(r"\d", name))
