"""The report as one page: the KPI tables, the plots, and the prepared questions with their SQL."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import duckdb

from services.analytics import report

QUESTIONS = Path(__file__).parents[2] / "docs" / "analytics.md"
_BLOCK = re.compile(r"([^\n]+)\n\n```sql\n(.*?)```", re.DOTALL)
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")  # quote_only
_STYLE = Path(__file__).parent / "page.css"


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, and its SQL over the views."""

    words: str
    sql: str


def questions(text: str) -> list[Question]:
    """The questions of docs/analytics.md; those of Athena's own tables are left out."""
    found = [Question(words.strip(), sql.strip()) for words, sql in _BLOCK.findall(text)]
    return [each for each in found if "exported_" not in each.sql and each.words.endswith("?")]


def build(
    db: duckdb.DuckDBPyConnection,
    plots: Sequence[Path],
    names: Mapping[str, str],
    *,
    source: str,
    sample: bool,
    asked: Sequence[Question],
) -> str:
    """Return the whole page, with its pictures inside. `names` of businesses are by id."""
    first, last, calls = db.execute("select min(day), max(day), count(*) from calls").fetchall()[0]
    when = f"{first:%B %-d, %Y} to {last:%B %-d, %Y}" if first else "no calls yet"
    title = "Sample data: calls and bookings" if sample else "Calls and bookings"
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "style-src 'unsafe-inline'; img-src data:\">",
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{title}</title><style>{_STYLE.read_text('utf-8')}</style></head><body><main>",
            f"<h1>{title}</h1>",
            '<p class="sample">Made-up calls: not one of these figures is of a real business.</p>'
            if sample
            else "",
            f"<p>{calls:,} calls, {when}. Read from {escape(source)}.</p>",
            *(_section(db, table.title, table.sql, names) for table in report.TABLES),
            "<h2>Pictures</h2>",
            *(_picture(path) for path in plots),
            "<h2>Questions and their SQL</h2>",
            *(_section(db, each.words, each.sql, names, shown=True) for each in asked),
            "</main></body></html>\n",
        ]
    )


def _section(
    db: duckdb.DuckDBPyConnection,
    title: str,
    sql: str,
    names: Mapping[str, str],
    *,
    shown: bool = False,
) -> str:
    heads, rows = report.asked(db, sql)
    level = "h3" if shown else "h2"
    code = f"<details><summary>SQL</summary><pre>{escape(sql)}</pre></details>"
    return (
        f"<section><{level}>{escape(title)}</{level}>{''.join(_table(heads, rows, names))}"
        f"{code}</section>"
    )


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[Any]], names: Mapping[str, str]
) -> Iterator[str]:
    if not rows:
        yield "<p>No rows.</p>"
        return
    yield "<div class='wide' tabindex='0'><table><thead><tr>"
    yield from (f'<th scope="col">{escape(_named(name))}</th>' for name in heads)
    yield "</tr></thead><tbody>"
    for row in rows[: report.MAX_ROWS]:
        cells = (_cell(name, value, names) for name, value in zip(heads, row, strict=True))
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"
    if len(rows) > report.MAX_ROWS:
        yield f"<p>… and {len(rows) - report.MAX_ROWS} rows more</p>"


def _cell(name: str, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        value = names.get(value) or (value.replace("_", " ") if _CODE.fullmatch(value) else value)
    right = ' class="figure"' if isinstance(value, int | float) else ""
    return f"<td{right}>{escape(report.cell(name, value))}</td>"


def _named(name: str) -> str:
    """A column's head; amounts beside counts of the same name are told apart."""
    if name == "business_id":
        return "business"
    return report.head(name) + (", $" if name.endswith("_cents") else "")


def _picture(path: Path) -> str:
    data = base64.b64encode(path.read_bytes()).decode()
    name = path.stem.replace("_", " ")
    return f'<img alt="Plot: {name}" src="data:image/png;base64,{data}">'
