"""Every fault, and what the caller heard: `python -m tests.drills [--only WORD] [--write]`."""

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.drills.faults import DRILLS
from tests.drills.playing import HEARS_S, REACHED_S, Result, alarms, play

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- made by `make drills ARGS=--write` -->", "<!-- end of what was made -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("--only", metavar="WORD", help="those whose names hold it")
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    given = parser.parse_args()
    wanted = [drill for drill in DRILLS if (given.only or "") in drill.name]
    if not wanted:
        parser.error(f"no drill's name holds {given.only!r}")
    results = []
    for number, drill in enumerate(wanted, 1):
        print(f"{number} of {len(wanted)}: {drill.name} ...", end="", file=sys.stderr, flush=True)
        results.append(play(drill))
        print(f" {'; '.join(results[-1].faults()) or 'kept'}", file=sys.stderr)
    print(as_table(map(as_row, results)))
    if given.write:
        PAGE.write_text(written(PAGE.read_text("utf-8"), results), "utf-8")
    return 1 if any(result.faults() for result in results) else 0


def written(page: str, results: Iterable[Result]) -> str:
    """The page with these rows in the place of theirs; of drills that are gone there is none."""
    found = re.compile(f"{re.escape(BEGIN)}\n(.*?){re.escape(END)}", re.DOTALL)
    (table,) = found.findall(page)
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in table.splitlines()[2:]}
    rows |= {result.drill.name: as_row(result) for result in results}
    kept = as_table(rows[drill.name] for drill in DRILLS if drill.name in rows)
    return found.sub(lambda _: f"{BEGIN}\n{kept}\n{END}", page)


def as_table(rows: Iterable[str]) -> str:
    head = [
        f"| fault | longest silence ({HEARS_S:.0f} s) | rung after ({REACHED_S:.0f} s) | the caller"
        " | row: outcome, failure | jobs | metrics | alarms that watch them | log | promise |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows])


def as_row(result: Result) -> str:
    rung = "-" if result.rung_s is None else f"{result.rung_s:.1f} s"
    counted = ", ".join(f"{name} {value}" for name, value in result.metrics.items()) or "-"
    kept = "; ".join(result.faults()) or "kept"
    if result.drill.outside:
        kept = f"outside: {result.drill.outside}"
    cells = (
        result.drill.name,
        f"{result.silence_s:.1f} s",
        rung,
        result.became,
        f"{result.outcome}, {result.failure}",
        str(result.jobs),
        counted,
        ", ".join(alarms(result.metrics)) or "-",
        "; ".join(result.logs[:4]) or "-",
        kept,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
