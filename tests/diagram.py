"""The state diagrams and the moments of docs/calls.md, made from the tables of the code:
`media_bridge.core.phases` and `shared.domain.moments`.

    python -m tests.diagram           print them
    python -m tests.diagram --write   put them into docs/calls.md

Each stands between two marker lines there; whatever knows Mermaid draws the diagrams.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.media_bridge.core.phases import MODEL_STATES, PHASES
from shared.domain.moments import MOMENTS, Row

PAGE = Path(__file__).parents[1] / "docs" / "calls.md"
BEGIN = "<!-- made from core/phases.py by `python -m tests.diagram --write` -->"
BEGIN_MOMENTS = "<!-- made from shared/domain/moments by `python -m tests.diagram --write` -->"
END = "<!-- end of what was made -->"


def diagrams() -> str:
    """Both diagrams as they stand in the page, markers included."""
    return "\n".join([BEGIN, *_diagram(PHASES), "", *_diagram(MODEL_STATES), END])


def _diagram(table: Mapping[Any, Mapping[Any, str]]) -> Iterator[str]:
    """One machine: its first state begins it, and a state with no way out ends it."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {next(iter(table)).name}"
    for state, ways in table.items():
        for following, why in ways.items():
            yield f"    {state.name} --> {following.name}: {why}"
        if not ways:
            yield f"    {state.name} --> [*]"
    yield "```"


def moments() -> str:
    """The table of moments as it stands in the page, markers included."""
    head = ("moment", "when", "by", "talked over", "yes", "no", "anything else, silence", "then")
    rows = [_cells(name, row) for name, row in MOMENTS.items()]
    told = [_row(cells) for cells in (head, *rows)]
    return "\n".join([BEGIN_MOMENTS, told[0], "|" + "---|" * len(head), *told[1:], END])


def _row(cells: tuple[str, ...]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)


def _cells(name: str, row: Row) -> tuple[str, ...]:
    answers = (row.yes.value, row.no.value, row.other.value)
    return (name, row.when, row.by.value, row.talked_over.value, *answers, row.then)


def replaced(page: str) -> str:
    """The text of a page with what stands between its markers made anew."""
    for begin, made in ((BEGIN, diagrams()), (BEGIN_MOMENTS, moments())):
        before, found, rest = page.partition(begin)
        _, end, after = rest.partition(END)
        if not (found and end):
            raise ValueError("the page has no markers")
        page = before + made + after
    return page


def main() -> None:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(replaced(PAGE.read_text("utf-8")), "utf-8")
    else:
        print(diagrams(), moments(), sep="\n\n")


if __name__ == "__main__":
    main()
