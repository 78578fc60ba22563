"""The field reference of docs/business.md, made from the models of a business file.

    python -m tests.business_fields           print it
    python -m tests.business_fields --write   put it into docs/business.md

It stands between two marker lines there, a table of fields for each table of the file.
"""

import sys
from itertools import groupby
from pathlib import Path

from shared.businesses.reference import FieldTold, fields

PAGE = Path(__file__).parents[1] / "docs" / "business.md"
BEGIN = "<!-- made from the models by `python -m tests.business_fields --write` -->"
END = "<!-- end of what was made -->"


def reference() -> str:
    """The tables as they stand in the page, markers included."""
    parts = [BEGIN]
    for table, told in groupby(fields(), key=lambda each: each.table):
        parts += [
            "",
            f"### {_heading(table)}",
            "",
            "| field | what it means | unit | default | example |",
        ]
        parts += ["|---|---|---|---|---|", *map(_row, told)]
    return "\n".join([*parts, "", END])


def _heading(table: str) -> str:
    return f"`[{table}]`" if table else "At the top of the file"


def _row(told: FieldTold) -> str:
    default = (
        f"`{told.default}`" if told.default not in ("", "none", "all of them") else told.default
    )
    cells = (
        f"`{told.name}`",
        told.meaning,
        told.unit,
        default or "must be given",
        f"`{told.example}`",
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def replaced(page: str) -> str:
    """The text of a page with what stands between its markers made anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no markers")
    return before + reference() + after


def main() -> None:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(replaced(PAGE.read_text("utf-8")), "utf-8")
    else:
        print(reference())


if __name__ == "__main__":
    main()
