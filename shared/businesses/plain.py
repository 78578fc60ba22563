"""What is wrong with a business file, in the words of whoever wrote it: a line for each fault."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.businesses.reference import example_of, fields_of

Place = tuple[int | str, ...]
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


def faults(error: ValidationError, text: str = "") -> Iterator[str]:
    """A line for each fault, without the file's name: "line 9: max_slot is no field here: …".

    `text` is the file, for the numbers of lines.
    """
    found = error.errors(include_url=False)
    strange = [each for each in found if each["type"] == "extra_forbidden"]
    meant = {each["loc"]: _meant(each["loc"]) for each in strange}
    guessed = {(*place[:-1], name) for place, name in meant.items() if name}
    for each in found:
        place = each["loc"]
        if each["type"] == "missing" and place in guessed:
            continue  # told where its name is misspelt
        if each["type"] == "extra_forbidden":
            told = f"{_name(place)} is no field of a business file"
            told += f": did you mean {meant[place]}?" if meant[place] else ""
        elif each["type"] == "missing":
            told = f"{_name(place)} is missing{_for_example(place)}"
        else:
            words = _words(each)
            told = f"{_name(place)}: {words}" if place else words
        yield from (f"{_line(text, place)}{part}" for part in told.split("\n"))


def _words(error: ErrorDetails) -> str:
    """What is wrong with one value."""
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
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
        return f"{_shown(given)} is not one of {str(context.get('expected')).replace(' or ', ', ')}"
    if kind.startswith(_DATES):
        return (
            f"{_shown(given)} is no date like 2026-12-25; a day of every year is named in "
            "yearly_holidays"
        )
    if kind in _WANTED:
        return f"{_shown(given)} is not {_WANTED[kind]}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{_shown(given)} is not a table: a heading like [{_table(error['loc'])}] begins one"
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


def _line(text: str, place: Place) -> str:
    """Where in the file it stands: the innermost of its names that is found there."""
    number = _line_number(text.splitlines(), [part for part in place if isinstance(part, str)])
    return f"line {number}: " if number else ""


def _line_number(lines: Sequence[str], names: Sequence[str]) -> int | None:
    if not names or not lines:
        return None
    for depth in range(len(names), 0, -1):
        table, key = ".".join(names[: depth - 1]), names[depth - 1]
        if (number := _find(lines, table, key)) is not None:
            return number
    return None


def _find(lines: Sequence[str], table: str, key: str) -> int | None:
    """The line of `key = …` in [table], or of the heading [table.key]."""
    current = ""
    for number, line in enumerate(lines, 1):
        if heading := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            current = heading[1].replace('"', "")
            if current == (f"{table}.{key}" if table else key):
                return number
        elif current == table and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
    return None
