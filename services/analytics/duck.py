"""The views over an export in DuckDB, inside this process."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from services.analytics.exports import BadExport, Export, check_file
from services.analytics.views import CURRENT, View, all_views, exported
from shared import schema
from shared.domain.business import Business
from shared.rows import Attribute, attributes, required

# Trino's names for what DuckDB calls otherwise.
FUNCTIONS = (
    "create macro from_iso8601_timestamp(text) as cast(text as timestamptz)",
    "create macro at_timezone(moment, zone) as timezone(zone, moment)",
    "create macro to_unixtime(moment) as epoch(moment)",
    "create macro day_of_week(day) as isodow(day)",
    "create macro sequence(first, last, step) as generate_series(first, last, step)",
)
# What the rows of each table that analysts read are keyed by.
KEYS: Mapping[str, tuple[str, str]] = {
    schema.CALLS: ("CALL#%", schema.META),
    schema.AGENT_TURNS: ("CALL#%", "T#%"),
    schema.CUSTOMERS: ("BIZ#%#PHONE#%", schema.META),
    schema.JOBS: ("JOB#%", schema.META),
    schema.PAYMENTS: ("PAY#%", schema.META),
}


def open_views(export: Export, businesses: Mapping[str, Business]) -> duckdb.DuckDBPyConnection:
    """A database that holds the export's rows and every view over them.

    Raises:
        BadExport: a file cannot be read, or its rows are not of their table.
    """
    db = duckdb.connect()
    db.execute("set TimeZone = 'UTC'")
    for function in FUNCTIONS:
        db.execute(function)
    for table in schema.TABLES:
        _load(db, table, export.files.get(table, ()))
    create(db, all_views(businesses))
    return db


def create(db: duckdb.DuckDBPyConnection, views: Sequence[View]) -> None:
    for view in views:
        db.execute(view.statement)


def _load(db: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]) -> None:
    raw = exported(table)
    struct = _struct(attributes(table))
    db.execute(f"create table {raw} (item {struct}, snapshot_date varchar)")
    if not files:
        return  # a table nobody has written to is exported as no file
    try:
        db.execute(
            f"insert into {raw} select Item, '{CURRENT}' from read_json($files, "
            f"format = 'newline_delimited', columns = {{Item: '{struct}'}}, "
            "maximum_object_size = 1048576)",
            {"files": [str(file) for file in files]},
        )
    except duckdb.Error as exc:
        for file in files:
            check_file(file)
        reason = str(exc).splitlines()[0]
        raise BadExport(f"{table}: the export cannot be read: {reason}") from exc
    _check(db, table)


def _check(db: duckdb.DuckDBPyConnection, table: str) -> None:
    """Refuse another table's rows, and rows that lack what every row must have."""
    raw = exported(table)
    pk, sk = KEYS[table]
    row = f"item.pk.s like '{pk}' and item.sk.s like '{sk}'"
    keyed = "item.sk.s = 'META' or item.sk.s like 'T#%'"
    no_key, strange, rows = _one(
        db,
        f"select count_if(item.pk.s is null), count_if(({keyed}) and not ({row})), "
        f"count_if({row}) from {raw}",
    )
    if no_key:
        raise BadExport(f"{table}: {no_key} lines have no Item with a key: is it an export?")
    if strange:
        raise BadExport(f"{table}: {strange} rows are of another table; keep each in its folder")
    fields = {a.name: a.kind.lower() for a in attributes(table)}
    lacking = [f'count_if(item."{n}"."{fields[n]}" is null)' for n in required(table)]
    counts = _one(db, f"select {', '.join(lacking)} from {raw} where {row}")
    missing = {name: n for name, n in zip(required(table), counts, strict=True) if n}
    if missing:
        listed = ", ".join(f"{name} ({n})" for name, n in missing.items())
        raise BadExport(f"{table}: of {rows} rows some lack an attribute: {listed}")


def _one(db: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    found: tuple[int, ...] | None = db.execute(sql).fetchone()
    assert found is not None  # an aggregate without groups has one row
    return found


def _struct(inside: Sequence[Attribute]) -> str:
    fields = ", ".join(f'"{a.name}" {_typed(a)}' for a in inside)
    return f"STRUCT({fields})"


def _typed(attribute: Attribute) -> str:
    match attribute.kind:
        case "M":
            return f'STRUCT("M" {_struct(attribute.inside)})'
        case "L":
            return f'STRUCT("L" {_typed(attribute.inside[0])}[])'
        case "BOOL":
            return 'STRUCT("BOOL" BOOLEAN)'
    return f'STRUCT("{attribute.kind}" VARCHAR)'
