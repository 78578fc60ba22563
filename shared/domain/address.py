"""US street addresses in the post's short form: "123 Oak St, Springfield, OH 45501".

A small reading of our own: usaddress-scourgify does the same for five times the weight (a C
extension and 130 ms of import in a process that answers phones), and neither knows whether the
house exists.
"""

import re
from itertools import takewhile

from shared.domain import digits
from shared.domain.errors import BadContact

_SUFFIXES = {
    "alley": "Aly", "avenue": "Ave", "av": "Ave", "boulevard": "Blvd", "circle": "Cir",
    "court": "Ct", "cove": "Cv", "crossing": "Xing", "drive": "Dr", "expressway": "Expy",
    "freeway": "Fwy", "highway": "Hwy", "hill": "Hl", "lane": "Ln", "loop": "Loop",
    "parkway": "Pkwy", "pike": "Pike", "place": "Pl", "plaza": "Plz", "ridge": "Rdg",
    "road": "Rd", "route": "Rte", "row": "Row", "run": "Run", "square": "Sq", "street": "St",
    "terrace": "Ter", "trail": "Trl",
    "turnpike": "Tpke", "walk": "Walk", "way": "Way",
}  # fmt: skip
_SUFFIX = {**_SUFFIXES, **{short.lower(): short for short in _SUFFIXES.values()}}
_DIRECTIONS = {
    "north": "N", "south": "S", "east": "E", "west": "W", "northeast": "NE", "northwest": "NW",
    "southeast": "SE", "southwest": "SW", "n": "N", "s": "S", "e": "E", "w": "W", "ne": "NE",
    "nw": "NW", "se": "SE", "sw": "SW",
}  # fmt: skip
_UNITS = {
    "apartment": "Apt", "apt": "Apt", "suite": "Ste", "ste": "Ste", "unit": "Unit", "floor": "Fl",
    "building": "Bldg", "bldg": "Bldg", "lot": "Lot", "room": "Rm", "trailer": "Trlr", "#": "#",
}  # fmt: skip
_STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA",
    "colorado": "CO", "connecticut": "CT", "delaware": "DE", "district of columbia": "DC",
    "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID", "illinois": "IL",
    "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV",
    "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY",
    "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK",
    "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI", "south carolina": "SC",
    "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT",
    "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI",
    "wyoming": "WY",
}  # fmt: skip
_CODES = frozenset(_STATES.values())
_ZIP = re.compile(r"(?<![\w-])(\d{5})(?:-\d{4})?\s*$")
_LEAD = re.compile(
    r"^(?:(?:it's|it is|its|that's|um|uh|yeah|yes|ok|okay|so|sure|the|my|our|address|service|"
    r"home|is|at|we're|i'm|live|i|we)[\s,]+)+",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"[\s,]+(?:usa|u\.s\.a\.?|u\.s\.|united states(?: of america)?)\s*$", re.IGNORECASE
)
LONGEST = 200


def written(raw: str) -> str:
    """`raw` in the post's short form; what was not said (city, state, ZIP) is not made up.

    Raises:
        BadContact: no house number, no street, or far too long.
    """
    if len(raw) > LONGEST:
        raise BadContact("That is too long for an address. Ask for house number, street and city.")
    said = _COUNTRY.sub("", _in_figures(_LEAD.sub("", " ".join(raw.split()).strip(" ,.;"))))
    said, zip_code = _split_zip(said)
    said, state = _split_state(said)
    number, rest = _split_number(said)
    street, unit, city = _split_street(rest)
    if not street:
        raise BadContact("There was no street in that address. Ask for house number and street.")
    line = " ".join(part for part in (number, street, unit) if part)
    return ", ".join(part for part in (line, city, f"{state} {zip_code}".strip()) if part)


def zip_in(text: str) -> str | None:
    """The ZIP `text` ends with, in figures or in words."""
    found = _ZIP.search(_in_figures(text.strip(" .,")))
    return found.group(1) if found else None


def _in_figures(text: str) -> str:
    """Spoken numbers as figures: "one twenty three Oak" is "123 Oak", "4 5 5 0 1" is "45501".

    A number that ends one part and one that begins the next stay two: a comma is between them.
    """
    out, at = [], 0
    for run in digits.runs(text):
        for start, end, number in _parts(_numbers(text, run)):
            out += [text[at:start], number]
            at = end
    return "".join([*out, text[at:]])


def _numbers(text: str, run: list[digits.Digits]) -> list[digits.Digits]:
    """`run` without what is no number in an address: the 5 of "5th", and Ohio's code."""
    run = [group for group in run if not text[group.end : group.end + 1].isalpha()]
    if run and text[run[0].start : run[0].end].lower() in ("oh", "o"):
        # "Oh two one three nine" is a ZIP of New England, "OH 45501" is one of Ohio.
        in_words = len(run) == 5 and all(len(group.text) == 1 for group in run)
        return run if in_words else run[1:]
    return run


def _parts(run: list[digits.Digits]) -> list[tuple[int, int, str]]:
    parts: list[tuple[int, int, str]] = []
    for group in run:
        if parts and not group.pause and len(parts[-1][2]) < 5:
            start, _, number = parts[-1]
            parts[-1] = (start, group.end, number + group.text)
        else:
            parts.append((group.start, group.end, group.text))
    return parts


def _split_zip(text: str) -> tuple[str, str]:
    text = text.rstrip(" .,")
    found = _ZIP.search(text)
    if found is None or not text[: found.start()].strip():
        return text, ""
    before = re.sub(
        r"[\s,]*\b(?:and )?(?:the )?zip(?: ?code)?(?: is)?[\s,:]*$",
        "",
        text[: found.start()],
        flags=re.I,
    )
    return before.rstrip(" ,."), found.group(1)


def _split_state(text: str) -> tuple[str, str]:
    words = text.split()
    for size in (3, 2, 1):
        tail = " ".join(words[-size:]).strip(".,").lower()
        code = _STATES.get(tail) or (tail.upper() if size == 1 and tail.upper() in _CODES else "")
        # "123 Oak Ct": the suffix of a street is a state's code too, and the street comes first.
        if (
            code
            and len(words) > size + 1
            and not (size == 1 and tail in _SUFFIX and "," not in text)
        ):
            return " ".join(words[:-size]).rstrip(" ,."), code
    return text, ""


def _split_number(text: str) -> tuple[str, str]:
    found = re.match(r"(\d{1,6}(?:-\d{1,4})?[A-Za-z]?(?: 1/2)?)[\s,]+(?=\S)", text)
    if found is None:
        raise BadContact("There was no house number in that address. Ask for it.")
    return found.group(1).upper(), text[found.end() :]


def _split_street(rest: str) -> tuple[str, str, str]:
    """Street, unit and city of what follows the house number."""
    parts = [part.strip(" .") for part in rest.split(",") if part.strip(" .")]
    words = parts[0].split() if parts else []
    end = _street_end(words, alone=len(parts) > 1)
    street = _abbreviated(words[:end])
    left = [" ".join(words[end:]), *parts[1:]]
    unit, city = "", []
    for part in (part for part in left if part):
        tokens = part.replace("#", "# ").split()
        if tokens[0].lower().strip(".") in _UNITS and len(tokens) > 1 and not unit:
            unit = _unit(tokens)
            tokens = tokens[2:]
        if tokens:
            city.append(" ".join(_titled(word) for word in tokens))
    return street, unit, ", ".join(city)


def _street_end(words: list[str], *, alone: bool) -> int:
    """How many of `words` are the street: up to its suffix and a direction after it."""
    plain = [word.lower().strip(".") for word in words]
    stop = next(
        (at for at, word in enumerate(plain) if at and (word in _UNITS or word[0] == "#")),
        len(words),
    )
    last = max((at for at in range(1, stop) if plain[at] in _SUFFIX), default=None)
    if not alone:
        # Without commas the first suffix ends the street: "123 oak street spring hill".
        last = next((at for at in range(1, stop) if plain[at] in _SUFFIX), None)
    if plain and plain[0] in ("highway", "route", "hwy", "rte") and stop > 1:
        return 2
    if last is None:
        return stop
    return last + 2 if last + 1 < stop and plain[last + 1] in _DIRECTIONS else last + 1


def _abbreviated(words: list[str]) -> str:
    out = [_titled(word) for word in words]
    lower = [word.lower().strip(".") for word in words]
    last = max((at for at in range(len(words)) if lower[at] in _SUFFIX), default=0)
    for at, word in enumerate(lower):
        # "North St" is a street named North, "N Oak St" is not.
        if word in _DIRECTIONS and (at > last > 0 or (at == 0 and last > 1)):
            out[at] = _DIRECTIONS[word]
        elif at == last and at > 0 and word in _SUFFIX:
            out[at] = _SUFFIX[word]
    if lower and lower[0] in ("highway", "route", "hwy", "rte"):
        out[0] = _SUFFIX[lower[0]]
    return " ".join(out)


def _unit(tokens: list[str]) -> str:
    name = _UNITS[tokens[0].lower().strip(".")]
    number = tokens[1].upper()
    return f"#{number}" if name == "#" else f"{name} {number}"


def _titled(word: str) -> str:
    """`word` with a capital, as names are: "o'fallon" is "O'Fallon", "5th" stays."""
    word = word.strip(".")
    if any(c.isupper() for c in word[1:]) and not word.isupper():
        return word
    figures = "".join(takewhile(str.isdigit, word))
    if figures:
        return figures + word[len(figures) :].lower()
    return "-".join(
        "'".join(p[:1].upper() + p[1:].lower() for p in _names(w)) for w in word.split("-")
    )


def _names(word: str) -> list[str]:
    """ "o'fallon" is two names, "martin's" is one."""
    first, mark, rest = word.partition("'")
    return [first, rest] if mark and len(first) == 1 and len(rest) > 1 else [word]
