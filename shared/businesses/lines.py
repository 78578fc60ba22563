"""Where in a business file something stands: the line of a field, by the names that lead to it."""

import re
from collections.abc import Iterator, Sequence

Place = tuple[int | str, ...]
_HEADING = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")


def line_of(text: str, place: Place) -> int | None:
    """The line of the innermost of its names that is found; None where none is.

    A number in `place` counts the entries of a list, from 0 on; of a list of tables each has a
    heading of its own.
    """
    lines = text.splitlines()
    for end in range(len(place), 0, -1):
        if isinstance(place[end - 1], str):
            number = _find(lines, place[: end - 1], str(place[end - 1]))
            if number is not None:
                return number
    return None


def _find(lines: Sequence[str], table: Place, key: str) -> int | None:
    """The line of `key = …` in a table, or of the heading that is the table's `key`."""
    wanted, names = _names(table), ".".join([each for each in table if isinstance(each, str)])
    for number, line, here in _with_tables(lines):
        if here in (_names((*table, key)), _names((*table, key, 0))) and _HEADING.match(line):
            return number
        if here == wanted and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
        if not names and here == "" and re.match(rf"\s*{re.escape(key)}\s*\.", line):
            return number
    return None


def _with_tables(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Each line with its number, from 1 on, and the table it is in: "card.kinds 1"."""
    here, seen = "", dict[str, int]()
    for number, line in enumerate(lines, 1):
        if heading := _HEADING.match(line):
            here = heading[2].replace('"', "")
            if heading[1] == "[[":
                seen[here] = seen.get(here, -1) + 1
                here = f"{here} {seen[here]}"
        yield number, line, here


def _names(place: Place) -> str:
    """`("card", "kinds", 1)` as "card.kinds 1"."""
    named = ""
    for part in place:
        named += f" {part}" if isinstance(part, int) else f"{'.' if named else ''}{part}"
    return named
