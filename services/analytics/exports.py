"""An export of DynamoDB on this machine: finding its files, and writing one from running tables.

The layout is DynamoDB's own, under a folder for each table, as it lies in the bucket:
`<table>/AWSDynamoDB/<export id>/{manifest-summary.json, manifest-files.json, data/*.json.gz}`.
A folder for each table with the data files right in it is read too.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared import schema

DATA = ("*.json.gz", "*.json")
ROOT = "AWSDynamoDB"
SUMMARY = "manifest-summary.json"
LINES_A_FILE = 20_000


class BadExport(Exception):
    """A folder that cannot be analysed; the message says which file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Export:
    """The data files of the newest export of each table that has one."""

    files: Mapping[str, tuple[Path, ...]]


def find(folder: Path) -> Export:
    """The newest export of each table under `folder`.

    Raises:
        BadExport: there is no such folder, no export in it, or one of no known table.
    """
    if not folder.exists():
        raise BadExport(f"{folder}: there is no such folder")
    if not folder.is_dir():
        raise BadExport(f"{folder}: is a file; give the folder of the export")
    newest: dict[str, tuple[str, tuple[Path, ...]]] = {}
    for data in sorted({path.parent for pattern in DATA for path in folder.rglob(pattern)}):
        files = tuple(sorted(p for pattern in DATA for p in data.glob(pattern) if not _manifest(p)))
        if not files:
            continue
        table, made = _table(folder, data), _made(data)
        if table not in newest or newest[table][0] < made:
            newest[table] = (made, files)
    if schema.CALLS not in newest:
        found = ", ".join(sorted(newest)) or "nothing"
        raise BadExport(
            f"{folder}: no export of the calls table in it (found {found}); data files are "
            f"{schema.CALLS}/{ROOT}/<export id>/data/*.json.gz, or {schema.CALLS}/*.json.gz"
        )
    return Export({table: files for table, (_, files) in newest.items()})


def write(
    folder: Path,
    table: str,
    items: Iterable[Mapping[str, Any]],
    *,
    at: datetime,
    lines_a_file: int = LINES_A_FILE,
) -> int:
    """Write `items` as DynamoDB would export them at `at`; returns how many there were."""
    export = folder / table / ROOT / f"{int(at.timestamp() * 1000):014d}-local"
    (export / "data").mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"Item": item}, separators=(",", ":")) for item in items]
    starts = range(0, len(lines), lines_a_file)
    parts = [lines[start : start + lines_a_file] for start in starts] or [[]]
    for number, part in enumerate(parts):
        with gzip.open(export / "data" / f"{number:05d}.json.gz", "wt", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in part)
    summary = {
        "tableArn": f"arn:aws:dynamodb:local:000000000000:table/{table}",
        "exportTime": at.isoformat(),
        "itemCount": len(lines),
        "outputFormat": "DYNAMODB_JSON",
        "exportType": "FULL_EXPORT",
    }
    (export / SUMMARY).write_text(json.dumps(summary), "utf-8")
    return len(lines)


def check_file(path: Path) -> None:
    """Raises BadExport when `path` is not lines of JSON, compressed as its name says."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                json.loads(line)
    except (EOFError, gzip.BadGzipFile, zlib.error) as exc:
        raise BadExport(f"{path}: broken gzip ({exc}); download it again") from exc
    except UnicodeDecodeError as exc:
        raise BadExport(f"{path}: not text") from exc
    except ValueError as exc:
        raise BadExport(f"{path}: line {number} is not JSON") from exc


def _manifest(path: Path) -> bool:
    return path.name.startswith("manifest-")


def _table(folder: Path, data: Path) -> str:
    """Which table the files of `data` are of: the manifest says so, else a folder's name."""
    summary = data.parent / SUMMARY
    names = list(reversed(data.relative_to(folder.parent).parts))
    if summary.exists():
        try:
            names.insert(0, json.loads(summary.read_text("utf-8"))["tableArn"].rpartition("/")[2])
        except (ValueError, KeyError, AttributeError) as exc:
            raise BadExport(f"{summary}: not a manifest of DynamoDB") from exc
    for name in names:
        # The longest name first: `callwright-dev-agent_turns` is not `turns`.
        for table in sorted(schema.TABLES, key=len, reverse=True):
            if name == table or name.endswith(f"-{table}"):
                return table
    raise BadExport(f"{data}: of which table? Put it in a folder of that name, as {schema.CALLS}/")


def _made(data: Path) -> str:
    """Export ids begin with their time in milliseconds, so they sort by it."""
    return data.parent.name if data.name == "data" else ""
