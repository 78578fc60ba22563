"""The schemas of docs/events.md, made from the models of `shared.domain.models.event`.

    python -m tests.event_schemas           print them
    python -m tests.event_schemas --write   put them into docs/events.md

They stand between two marker lines there, as one JSON Schema.
"""

import json
import sys
from pathlib import Path

from shared.domain.models.event import EVENTS

PAGE = Path(__file__).parents[1] / "docs" / "events.md"
BEGIN = "<!-- made from domain/models/event.py by `python -m tests.event_schemas --write` -->"
END = "<!-- end of what was made -->"


def schemas() -> str:
    """The schema as it stands in the page, markers included."""
    schema = EVENTS.json_schema(mode="serialization")
    models = ",\n".join(f'  "{name}": {json.dumps(each)}' for name, each in schema["$defs"].items())
    one_of = json.dumps(schema["oneOf"])
    text = f'{{\n "$defs": {{\n{models}\n }},\n "oneOf": {one_of}\n}}'
    return "\n".join([BEGIN, "```json", text, "```", END])


def replaced(page: str) -> str:
    """The text of a page with the schema between its markers made anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no markers")
    return before + schemas() + after


def main() -> None:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(replaced(PAGE.read_text("utf-8")), "utf-8")
    else:
        print(schemas())


if __name__ == "__main__":
    main()
