"""Roads that have a number for a name: "State Rte 6", "County Rd 634", "US Hwy 50", "FM 544"."""

import re

from shared.domain.spoken.addresses.postal import CORE, SUFFIXES, USUAL

# How the class of a numbered road may be said, and how it is written. The longest is tried first.
_ROADS = {
    "state route": "State Rte", "state rte": "State Rte", "state rt": "State Rte",
    "state highway": "State Hwy", "state hwy": "State Hwy", "state road": "State Rd",
    "state rd": "State Rd", "county road": "County Rd", "county rd": "County Rd",
    "county route": "County Rte", "county rte": "County Rte", "county rt": "County Rte",
    "county highway": "County Hwy", "county hwy": "County Hwy", "county trunk": "County Trunk",
    "county trunk highway": "County Trunk Hwy", "cnty rd": "County Rd",
    "country road": "Country Rd",
    "co rd": "Co Rd", "co road": "Co Rd", "co hwy": "Co Hwy", "us highway": "US Hwy",
    "us hwy": "US Hwy", "us route": "US Rte", "us rte": "US Rte", "us rt": "US Rte", "us": "US",
    "u s highway": "US Hwy", "u s hwy": "US Hwy", "u s route": "US Rte",
    "united states highway": "US Hwy", "united states route": "US Rte",
    "interstate highway": "Interstate", "interstate": "Interstate", "i": "I", "ih": "IH",
    "farm to market road": "FM", "farm to market rd": "FM", "farm to market": "FM",
    "fm road": "FM", "fm": "FM", "ranch to market road": "RM", "ranch to market": "RM", "rm": "RM",
    "ranch road": "Ranch Rd", "ranch rd": "Ranch Rd", "farm road": "Farm Rd",
    "township road": "Township Rd", "township rd": "Township Rd", "twp rd": "Township Rd",
    "township highway": "Township Hwy", "private road": "Private Rd", "pr": "PR", "cr": "CR",
    "sr": "SR",
    "s r": "SR", "c r": "CR", "tr": "TR", "cth": "CTH", "sth": "STH", "forest road": "Forest Rd",
    "forest service road": "Forest Service Rd", "parish road": "Parish Rd",
    "old highway": "Old Hwy", "old hwy": "Old Hwy", "old route": "Old Rte",
    "old us highway": "Old US Hwy", "old state route": "Old State Rte",
    "old state road": "Old State Rd", "highway": "Hwy", "hwy": "Hwy", "hiway": "Hwy",
    "route": "Rte", "rte": "Rte", "rt": "Rte", "business": "Business", "loop": "Loop",
    "national forest development road": "NFD Rd",
}  # fmt: skip
for _state in ("ohio", "kentucky", "indiana", "michigan", "pennsylvania", "texas", "wisconsin"):
    for _class in ("state route", "state road", "highway", "route"):
        _ROADS[f"{_state} {_class}"] = f"{_state.title()} {_ROADS[_class]}"
_LETTERED = re.compile(r"county|co (?:rd|hwy)|cr|cth|state (?:rte|hwy)|rte", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{1,5}[a-z]{0,2}|[a-z]{1,2}-?\d{1,5}|\d{1,4}-\d{1,4}[a-z]?")
_ONE_WORD = re.compile(r"(i|ih|us|sr|cr|fm|rm|hwy|rte|rt|tr|wi|oh|m|k)-?(\d{1,4}[a-z]?)")
_QUALIFIERS = {
    "business": "Business", "bus": "Business", "bypass": "Bypass", "byp": "Bypass",
    "alternate": "Alternate", "alt": "Alt", "truck": "Truck", "spur": "Spur",
    "frontage": "Frontage",
}  # fmt: skip


def road_class(plain: list[str]) -> int:
    """How many words of the beginning are the class of a road with a number, or 0."""
    for size in (4, 3, 2, 1):
        if " ".join(plain[:size]) in _ROADS and len(plain) > size:
            at = size
            while at < len(plain) - 1 and plain[at] in ("no", "number", "#", "road", "rd"):
                at += 1
            if _NUMBERED.fullmatch(plain[at]) and not _ends_in_suffix(plain, at + 1):
                return size
            letters = _LETTERED.search(_ROADS[" ".join(plain[:size])])
            usual = SUFFIXES.get(plain[at]) in USUAL
            if letters and re.fullmatch(r"[a-z]{1,3}", plain[at]) and not usual:
                return size
    return 0


def _ends_in_suffix(plain: list[str], at: int) -> bool:
    """ "County Road 12" is a numbered road, "Business 8th St" and "Loop 5 Dr" are none."""
    return at < len(plain) and SUFFIXES.get(plain[at]) in CORE and plain[at] != "st"


def numbered_road(words: list[str], plain: list[str]) -> tuple[str, int] | None:
    one = _ONE_WORD.fullmatch(plain[0]) if plain else None
    size = road_class(plain)
    if not size and (one is None or _ends_in_suffix(plain, 1)):
        return None
    out = [_ROADS[" ".join(plain[:size])]] if size else []
    at = size
    while size and plain[at] in ("no", "number", "#", "road", "rd"):
        out += ["No"] if plain[at] in ("no", "number") else []
        at += 1
    out.append(words[at].strip(".,").upper())
    at += 1
    if at < len(plain) and plain[at] in _QUALIFIERS:
        out.append(_QUALIFIERS[plain[at]])
        at += 1
    return " ".join(out), at
