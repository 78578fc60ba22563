"""`python -m services.analytics`: the KPI tables on the terminal, the plots beside them.

From an export that lies here (--export), from the tables of a running stack (--endpoint, --prefix),
from the local stack that is up, or, without any, from four weeks of made-up calls in tables of
their own.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.analytics import duck, exports, local, page, plots, report, sample
from shared import local_stack, schema
from shared.businesses import BadBusiness, all_businesses

OUT = Path("build/analytics")
SAMPLE, SAMPLE_PREFIX = "sample", "callwright-sample-"


class NoQuestion(Exception):
    """What was given as SQL asks nothing, or more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 with one line that says what is wrong."""
    asked = _parser().parse_args(arguments)
    if asked.export and (asked.endpoint or asked.prefix):
        _parser().error("give --export, or --endpoint and --prefix")
    try:
        folder = _export(asked)
        db = duck.open_views(exports.find(folder), all_businesses())
        if asked.sql is not None:
            print(report.laid_out(*report.asked(db, _question(asked.sql))))
            return 0
        print(report.report(db))
        written = plots.draw_all(db, asked.out / "plots", sample=folder.name == SAMPLE)
        written_page = _page(asked, db, written, folder)
    except (exports.BadExport, local.NoMiniStack, BadBusiness, NoQuestion) as exc:
        print(f"analytics: {exc}", file=sys.stderr)
        return 1
    except duckdb.Error as exc:
        # What follows is the place, drawn in ASCII; the candidates stand between.
        said = [line.strip() for line in str(exc).partition("\nLINE ")[0].splitlines()]
        print(f"analytics: {' '.join(filter(None, said))}", file=sys.stderr)
        return 1
    print(f"export   {folder}\nplots    {asked.out / 'plots'} ({len(written)} files)")
    print(f"look at it: {written_page}")
    return 0


def _page(
    asked: argparse.Namespace, db: duckdb.DuckDBPyConnection, plotted: list[Path], folder: Path
) -> Path:
    """All of it as one page, beside the plots."""
    prepared = page.QUESTIONS.read_text("utf-8") if page.QUESTIONS.exists() else ""
    sample_data = folder.name == SAMPLE
    text = page.build(
        db,
        plotted,
        {business.id: business.name for business in all_businesses().values()},
        source="made-up calls" if sample_data else str(folder),
        sample=sample_data,
        asked=page.questions(prepared),
    )
    path: Path = asked.out / "report.html"
    path.write_text(text, "utf-8")
    return path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services.analytics",
        description="KPI tables and plots over an export of the tables; see docs/analytics.md.",
    )
    parser.add_argument("--export", type=Path, help="the folder of a downloaded export")
    parser.add_argument("--endpoint", help="address of a local stack's AWS; AWS itself without")
    parser.add_argument("--prefix", help="what the running stack's tables begin with")
    parser.add_argument("--sample", action="store_true", help="made-up calls, whatever is up")
    parser.add_argument("--sql", help="answer this question over the views, and draw nothing")
    parser.add_argument("--out", type=Path, default=OUT, help=f"default: {OUT}")
    return parser


def _export(asked: argparse.Namespace) -> Path:
    """The folder of the export that was asked for, written first where there is none."""
    if asked.export:
        return Path(asked.export)
    if asked.endpoint or asked.prefix:
        prefix = asked.prefix or "callwright-local-"
        return _dumped(asked.out / "export" / prefix.strip("-"), asked.endpoint, prefix)
    stack = None if asked.sample else local_stack.find(os.environ, _say)
    if stack is not None:
        _say("reading the local stack that is up (--sample makes tables of its own)")
        prefix = stack.environment["TABLE_PREFIX"]
        return _dumped(asked.out / "export" / prefix.strip("-"), stack.tables, prefix)
    _say("making tables of four weeks of calls, about a minute (--export reads yours instead)")
    with local.ministack() as url:
        client = local.dynamodb(url)
        local.make_tables(client, SAMPLE_PREFIX)
        with _bar() as bar:
            calls = bar.add_task("made-up calls", total=sample.CALLS)
            sample.write(
                sample.tables(client, SAMPLE_PREFIX),
                all_businesses(),
                said=_say,
                played=lambda: bar.advance(calls),
            )
        return _dumped(asked.out / "export" / SAMPLE, url, SAMPLE_PREFIX)


def _bar() -> Progress:
    """How far it has come, on a terminal; nothing where piped."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _question(sql: str) -> str:
    """The one question in `sql`. Raises NoQuestion: it is none, several, or no question."""
    asked = duckdb.extract_statements(sql)
    if len(asked) != 1:
        raise NoQuestion(f"--sql takes one question; there are {len(asked)} in it")
    if asked[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise NoQuestion("--sql takes a question, which begins with select or with")
    return sql


def _dumped(folder: Path, endpoint: str | None, prefix: str) -> Path:
    client = local.dynamodb(endpoint)
    now = datetime.now(UTC)
    for table in schema.TABLES:
        count = exports.write(folder, table, local.items(client, prefix, table), at=now)
        _say(f"{prefix}{table}: {count} items")
    return folder


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
