"""How many parts of addresses are read right.

Reads every file of a folder that has one of two shapes. Nothing of the data is kept here.

* `usaddress_*.xml`: `<AddressString>` elements whose children are tagged words, as the parser
  usaddress is trained and measured with. Counted are those with a house number and a street.
  A direction before the suffix ("Saint John W St") is of the name, as it is in our value.
* `*addresses.json`: a list of objects with address1, address2, city, state and zip.

A part counts when the data or our reading has it, so that what is made up is wrong as well. Both
sides are compared word by word in the post's short forms, without case and stops. Where a file
does not tell a street's directions and suffix from its name, the street is one part.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.domain.errors import BadContact
from shared.domain.spoken.addresses.address import Address, parse
from shared.domain.spoken.addresses.postal import ALONE, DIRECTIONS, STATES, SUFFIXES, UNITS
from shared.domain.spoken.addresses.words import plain_word
from tests.evals.report import Report, Row

PARTS = (
    "number", "predirectional", "name", "suffix", "postdirectional", "street",
    "unit", "city", "state", "zip",
)  # fmt: skip
_TAGS = {
    "AddressNumber": "number", "AddressNumberPrefix": "number", "AddressNumberSuffix": "number",
    "StreetNamePreDirectional": "predirectional", "StreetNamePreModifier": "name",
    "StreetNamePreType": "name", "StreetName": "name", "StreetNamePostType": "suffix",
    "StreetNamePostDirectional": "postdirectional", "OccupancyType": "unit",
    "OccupancyIdentifier": "unit", "PlaceName": "city", "StateName": "state", "ZipCode": "zip",
}  # fmt: skip
_STREET = ("predirectional", "name", "suffix", "postdirectional")
_SHORT = {**SUFFIXES, **DIRECTIONS, **UNITS, **ALONE}
_MARKS = frozenset({"", "#", "no", "number"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An address as it is written, and its parts as the data has them."""

    text: str
    parts: dict[str, str]


@dataclass(slots=True)
class Score:
    right: Counter[str]
    all: Counter[str]
    misses: list[str]
    entries: int = 0

    @property
    def share(self) -> float:
        return sum(self.right.values()) / max(1, sum(self.all.values()))


def measure(entries: list[Entry]) -> Score:
    """Read each entry, part by part."""
    score = Score(Counter(), Counter(), [], len(entries))
    for entry in entries:
        ours = _read(entry)
        for part in PARTS:
            want, got = _plain(part, entry.parts.get(part, "")), _plain(part, ours.get(part, ""))
            if not want and not got:
                continue
            score.all[part] += 1
            score.right[part] += want == got
            if want != got:
                line = " ".join(entry.text.split())
                score.misses.append(f"{part}: {' '.join(got)!r} not {' '.join(want)!r}: {line}")
    return score


def labelled(path: Path) -> list[Entry]:
    """The tagged addresses of an XML file that have a house number and a street."""
    found = []
    strings = list(ET.parse(path).getroot())
    split = any(word.tag == "StreetNamePostType" for string in strings for word in string)
    for string in strings:
        parts: dict[str, str] = {}
        tags = [word.tag for word in string]
        for at, word in enumerate(string):
            part = _TAGS.get(word.tag, "")
            if part == "postdirectional" and "StreetNamePostType" in tags[at:]:
                part = "name"
            if part:
                parts[part] = f"{parts.get(part, '')} {word.text or ''}".strip()
        if not (parts.get("number") and parts.get("name")):
            continue
        if not split:
            parts["street"] = parts.pop("name")
        text = "".join((word.text or "") + (word.tail or "") for word in string)
        found.append(Entry(text.strip(), parts))
    return found


def listed(path: Path) -> list[Entry]:
    """The addresses of a JSON list."""
    found = []
    for row in json.loads(path.read_text("utf-8")):
        number, _, street = row["address1"].partition(" ")
        text = "{address1}, {address2}, {city}, {state} {zip}".format(**row)
        parts = {"number": number, "street": street, "unit": row["address2"]}
        found.append(Entry(text, {**parts, **{key: row[key] for key in ("city", "state", "zip")}}))
    return found


def _read(entry: Entry) -> dict[str, str]:
    try:
        address = parse(entry.text)
    except BadContact:
        return {}
    return _parts(address, whole="street" in entry.parts)


def _parts(address: Address, *, whole: bool) -> dict[str, str]:
    names = ("number", "unit", "city", "state", "zip")
    parts = {name: getattr(address, name) for name in names}
    if whole:
        return {**parts, "street": str(address.street)}
    return {**parts, **{name: getattr(address.street, name) for name in _STREET}}


def _plain(part: str, text: str) -> list[str]:
    """The words of a part in the form they are compared in."""
    if part == "zip":
        return re.findall(r"^\d{5}(?=\D|\d{4}$|$)", text)
    words = [plain_word(word) for word in text.replace("#", " ").split()]
    words = [word for word in words if word not in _MARKS]
    if part == "state":
        return [STATES.get(" ".join(words), " ".join(words)).upper()] if words else []
    short = [_SHORT.get(word, word).lower() for word in words]
    if part == "unit":
        return sorted(re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1", word) for word in short)
    return short


def _files(folder: Path) -> Iterator[tuple[str, list[Entry]]]:
    for path in sorted(folder.glob("usaddress_*.xml")):
        yield path.name, labelled(path)
    for path in sorted(folder.glob("*addresses.json")):
        yield path.name, listed(path)


def reports(folder: Path) -> Iterator[Report]:
    """A report for each file of the folder."""
    for name, entries in _files(folder):
        score = measure(entries)
        rows = [Row("parts", sum(score.right.values()), sum(score.all.values()))]
        rows += [Row(part, score.right[part], score.all[part]) for part in PARTS if score.all[part]]
        yield Report(f"addresses, {name}, n {score.entries}", rows, score.misses)
