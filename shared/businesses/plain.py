"""What is wrong with a business file, in the words of whoever wrote it: a line for each fault."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.businesses.lines import Place, line_of
from shared.businesses.reference import example_of, fields_of

LONGEST_SHOWN = 60

# By the pattern: what a value has to look like.
SHAPES: Mapping[str, str] = {
    r"^[a-z][a-z_]{1,29}$": "a trade in small letters, like hvac or garage_doors",
    r"^[a-z][a-z0-9_]{0,39}$": "a name in small letters, digits and _, like water_heater",
    r"^[a-z][a-z0-9_]{1,39}$": "an id in small letters, digits and _, like coolcare_hvac",
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$": "a name of letters A to Z, digits, - and _, like crew-1 "
    "(no blanks, no accents)",
    r"^[A-Z][^,]*[^,\s], [A-Z]{2}$": "a town and its state, like Springfield, OH",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "a mail address, like office@example.com",
    r"^\S(.*\S)?$": "words on one line, without blanks around them",
    r"^\d{5}$": 'a ZIP code of five digits in quotes, like "45501"',
    r"^[a-z0-9][a-z0-9-]{0,59}$": "the name of a secret in small letters, digits and -",
    r"^[a-z0-9][a-z0-9_-]{0,39}$": "a name in small letters, digits, - and _",
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "must be {} or more"),
    "greater_than": ("gt", "must be more than {}"),
    "less_than_equal": ("le", "must be {} or less"),
    "less_than": ("lt", "must be less than {}"),
}
_WANTED: Mapping[str, str] = {
    "int_type": "a whole number, like 3",
    "int_parsing": "a whole number, like 3",
    "int_from_float": "a whole number, like 3",
    "int_parsing_size": "a whole number, like 3",
    "string_type": "words in quotes",
    "string_unicode": "words in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": 'a list in brackets, like ["a", "b"]',
    "list_type": 'a list in brackets, like ["a", "b"]',
}
_DATES = "date_"
_ALTERNATIVES = ("literal_error", "dict_type")  # of a value that may be one thing or another
_QUOTED = re.compile(r"^'([^'\"]*)'")


def faults(error: ValidationError, text: str = "") -> Iterator[str]:
    """A line for each fault, without the file's name: "line 9: max_slot is no field here: …".

    `text` is the file, for the numbers of lines.
    """
    found = list(_once(error.errors(include_url=False)))
    meant = {place: _meant(place) for place, each in found if each["type"] == "extra_forbidden"}
    named = {(*place[:-1], name) for place, name in meant.items() if name}
    # ... and what stands below a heading that was meant for the top of the file.
    named |= {(place[-1],) for place in meant if _is_of_the_top(place)}
    for place, each in found:
        if each["type"] == "missing" and place in named:
            continue  # told where it stands
        if each["type"] == "extra_forbidden":
            told = f"{_name(place)} is no field of a business file{_instead(place, meant[place])}"
        elif each["type"] == "missing":
            told = f"{_name(place)} is missing{_for_example(place)}"
        else:
            words = _words(each, place)
            told = f"{_name(place)}: {words}" if place else words
        for part in told.split("\n"):
            yield f"{_line(text, place or _named_by(part))}{part}"


def _once(errors: Sequence[ErrorDetails]) -> Iterator[tuple[Place, ErrorDetails]]:
    """The errors with their places as the file has them. What may be one thing or another is told
    once; that a list is too short is not told where its entries are wrong."""
    places = [_in_the_file(each["loc"]) for each in errors]
    seen = set[Place]()
    for each, place in zip(errors, places, strict=True):
        inside = any(len(one) > len(place) and one[: len(place)] == place for one in places)
        is_tagged = len(place) < len(each["loc"])
        if place in seen or (inside and (is_tagged or each["type"] == "too_short")):
            continue
        if is_tagged and each["type"] in _ALTERNATIVES:
            seen.add(place)
        yield place, each


def _in_the_file(place: Place) -> Place:
    """Without what pydantic names the alternatives of a value by: "literal['office','always']"."""
    return tuple(
        part for part in place if isinstance(part, int) or "[" not in part or part == "[key]"
    )


def _is_of_the_top(place: Place) -> bool:
    return len(place) > 1 and place[-1] in fields_of(())


def _instead(place: Place, meant: str | None) -> str:
    """What to do about a field that is none."""
    if meant:
        return f": did you mean {meant}?"
    if _is_of_the_top(place):
        return f": {place[-1]} stands at the top of the file, above the first [heading]"
    return ""


def _named_by(told: str) -> Place:
    """The place that a fault of several fields begins with: "card.services.repair: say its …"."""
    found = re.match(r"[a-z_][\w-]*(?:\.[\w-]+)*", told)
    return tuple(found[0].split(".")) if found else ()


def _line(text: str, place: Place) -> str:
    number = line_of(text, place)
    return f"line {number}: " if number else ""


def _words(error: ErrorDetails, place: Place) -> str:
    """What is wrong with one value."""
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if len(place) < len(error["loc"]) and kind in _ALTERNATIVES:
        example = example_of(place)
        return f"{_shown(given)} may not stand here; for example: {place[-1]} = {example}"
    if kind == "value_error":
        return _QUOTED.sub(r'"\1"', error["msg"].removeprefix("Value error, "))
    if kind == "string_pattern_mismatch":
        wanted = SHAPES.get(str(context.get("pattern")), "what it has to look like")
        return f"{_shown(given)} is not {wanted}"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{_shown(given)} is outside: it {words.format(context.get(name))}"
    if kind in ("too_short", "string_too_short"):
        return "is empty: it needs at least one"
    if kind in ("too_long", "string_too_long"):
        return f"has too many: at most {context.get('max_length')}"
    if kind in ("literal_error", "enum"):
        known = str(context.get("expected")).replace(" or ", ", ").replace("'", "")
        return f"{_shown(given)} is not one of {known}"
    if kind.startswith(_DATES):
        return (
            f"{_shown(given)} is no date like 2026-12-25; a day of every year is named in "
            "yearly_holidays"
        )
    if kind in ("tuple_type", "list_type") and isinstance(given, Mapping):
        return f"its heading has two brackets, one for each: [[{_table(place)}]]"
    if kind == "string_type" and isinstance(given, int) and not isinstance(given, bool):
        return f'{given} has to stand in quotes: "{given}"'
    if kind in _WANTED:
        return f"{_shown(given)} is not {_WANTED[kind]}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{_shown(given)} is not a table: a heading like [{_table(place)}] begins one"
    return f"{_shown(given)}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _shown(given: Any) -> str:
    if isinstance(given, str):
        return f'"{given[:LONGEST_SHOWN]}"'
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, Mapping):
        return "a table"
    if isinstance(given, list | tuple):
        return "a list"
    return str(given)[:LONGEST_SHOWN]


def _name(place: Place) -> str:
    """As the file has it; entries of a list are counted from one: "numbers (entry 2)"."""
    name = ""
    for part in place:
        if isinstance(part, int):
            name += f" (entry {part + 1})"
        elif part != "[key]":
            name += f"{'.' if name else ''}{part}"
    return name


def _table(place: Place) -> str:
    return ".".join(part for part in place if isinstance(part, str)) or "card"


def _for_example(place: Place) -> str:
    example = example_of(place)
    return f"; for example: {place[-1]} = {example}" if example else ""


def _meant(place: Place) -> str | None:
    """The field whose name was most likely meant."""
    known = fields_of(place[:-1])
    close = difflib.get_close_matches(str(place[-1]).lower(), known, n=1, cutoff=0.7)
    return close[0] if close else None
