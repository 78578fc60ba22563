"""The state diagrams of docs/calls.md, made from the tables of `media_bridge.core.phases`.

    python -m tests.diagram           print them
    python -m tests.diagram --write   put them into docs/calls.md

They stand between two marker lines there, and whatever knows Mermaid draws them, as GitHub does.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.media_bridge.core.phases import MODEL_STATES, PHASES

PAGE = Path(__file__).parents[1] / "docs" / "calls.md"
BEGIN = "<!-- made from core/phases.py by `python -m tests.diagram --write` -->"
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


def replaced(page: str) -> str:
    """The text of a page with the diagrams between its markers made anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no markers")
    return before + diagrams() + after


def main() -> None:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(replaced(PAGE.read_text("utf-8")), "utf-8")
    else:
        print(diagrams())


if __name__ == "__main__":
    main()
