"""The unit of an address: "Apt 4", "Ste 2200", "Fl 3", "#7", "Bsmt"."""

import re

from shared.domain.spoken.addresses.postal import ALONE, ALONE_BEFORE_TOWNS, DIRECTIONS, UNITS
from shared.domain.spoken.addresses.words import plain_word

_IDENTIFIER = re.compile(r"[a-z]{0,2}-?\d[\w-]*|[a-z]{1,2}|[a-z]\d[a-z]", re.IGNORECASE)
_ORDINALS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10", "ground": "1", "top": "TOP",
}  # fmt: skip
_NTH = re.compile(rf"(\d+)(?:st|nd|rd|th)|{'|'.join(_ORDINALS)}")
_BARE = re.compile(r"\d{1,4}[a-z]?", re.IGNORECASE)
_FLOOR_NTH = re.compile(r"^(\d+)(?:st|nd|rd|th)$", re.IGNORECASE)


def is_unit(words: list[str], at: int) -> bool:
    """Whether a unit begins at word `at`: "Apt 4", "# 3", "3rd Floor"."""
    plain = [plain_word(word) for word in words[at : at + 2]]
    before = plain_word(words[at - 1])
    if before in ("highway", "hwy", "route", "rte", "road", "rd") and plain[0] == "#" and at == 1:
        return False
    if plain[0] in UNITS:
        return len(plain) > 1 and (
            plain[0] == "#"
            or bool(_IDENTIFIER.fullmatch(plain[1]))
            or plain[1] in ("#", "no", "number")
        )
    return len(plain) > 1 and plain[1] in ("floor", "fl", "flr") and bool(_NTH.fullmatch(plain[0]))


def units_in(parts: list[list[str]]) -> tuple[list[str], list[str]]:
    """The units among the words of `parts`, and what other parts there are.

    The first of `parts` is what is left directly behind the street.
    """
    units, towns = [], []
    for at_part, words in enumerate(parts):
        rest = words
        if at_part == 0 and words and _BARE.fullmatch(words[0]):
            # "123 Oak Street 4B": a bare number right behind the street.
            units.append(f"#{words[0].upper()}")
            rest = words[1:]
        while rest:
            unit, behind = unit_of(rest)
            if unit:
                units.append(unit)
                rest = behind
                continue
            # "The Chadwick Apt 53, Los Angeles": a building before the unit.
            stop = next((at for at in range(1, len(behind)) if is_unit(behind, at)), len(behind))
            towns.append(" ".join(behind[:stop]))
            rest = behind[stop:]
    return units, towns


def unit_of(words: list[str]) -> tuple[str, list[str]]:
    """The unit `words` begin with, in short form, and the words behind it."""
    words = " ".join(words).replace("#", " # ").split()
    plain = [plain_word(word) for word in words]
    if not words:
        return "", []
    if plain[0] in (ALONE if len(plain) == 1 else ALONE_BEFORE_TOWNS):
        return ALONE[plain[0]], words[1:]
    if not is_unit(["", *words], 1):
        return "", words
    if plain[0] not in UNITS:
        floor = _ORDINALS.get(plain[0]) or plain[0].rstrip("stndrh")
        return f"Fl {floor}", words[2:]
    at = 1
    while at < len(words) - 1 and plain[at] in ("#", "no", "number", *UNITS):
        at += 1
    number = _FLOOR_NTH.sub(r"\1", words[at].strip(".,")).upper()
    at += 1
    if number.isdigit() and at < len(words) and len(plain[at]) == 1 and plain[at] not in DIRECTIONS:
        number, at = number + plain[at].upper(), at + 1  # "apartment 4 b"
    name = UNITS[plain[0]] if plain[0] != "#" or plain[1] not in UNITS else UNITS[plain[1]]
    return f"#{number}" if name == "#" else f"{name} {number}", words[at:]
