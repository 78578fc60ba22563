"""A finished export becomes a day's partition, and the newest one `current`.

An export lies under a random id, beside manifests that are no data, so a table over the prefix
would read every snapshot and the manifests. Events come at least once and in any order: a
partition only ever moves to a later export.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from shared.schema import TABLES

CURRENT = "current"
_KEY = re.compile(
    rf"(?P<prefix>exports/(?P<table>{'|'.join(TABLES)})/AWSDynamoDB/[^/]+)/manifest-summary\.json"
)


class NotAnExport(Exception):
    """An object that is no manifest of an export of ours."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One finished export."""

    table: str
    location: str  # s3://…/data/
    taken_at: datetime
    rows: int

    @property
    def day(self) -> str:
        """The UTC day it shows: YYYY-MM-DD."""
        return f"{self.taken_at.astimezone(UTC):%Y-%m-%d}"


class Partitions(Protocol):
    """The partitions of each table of exports."""

    def taken_at(self, table: str, partition: str) -> datetime | None:
        """When the snapshot of a partition was taken; None when there is no such partition."""

    def add(self, table: str, partition: str, snapshot: Snapshot) -> None:
        """Raises AlreadyThere when somebody was quicker."""

    def move(self, table: str, partition: str, snapshot: Snapshot) -> None: ...


class AlreadyThere(Exception):
    """The partition exists."""


def table_of(key: str) -> str:
    """The table whose export the object `key` is the manifest of. Raises NotAnExport."""
    return _parts(key)["table"]


def snapshot_of(bucket: str, key: str, manifest: dict[str, Any]) -> Snapshot:
    """What the manifest at `key` says.

    Raises:
        NotAnExport: it is not of a full export in DynamoDB JSON, or lacks its time.
    """
    parts = _parts(key)
    kind, shape = manifest.get("exportType", "FULL_EXPORT"), manifest.get("outputFormat")
    if kind != "FULL_EXPORT" or shape != "DYNAMODB_JSON":
        raise NotAnExport(f"{key}: a {kind} as {shape}; the tables read full ones")
    try:
        taken_at = datetime.fromisoformat(manifest["exportTime"])
        rows = int(manifest["itemCount"])
    except (KeyError, TypeError, ValueError) as exc:
        raise NotAnExport(f"{key}: no exportTime or itemCount") from exc
    return Snapshot(parts["table"], f"s3://{bucket}/{parts['prefix']}/data/", taken_at, rows)


def index(snapshot: Snapshot, catalog: Partitions) -> bool:
    """Point the day's partition and `current` at it; True when it is now the newest."""
    _point(catalog, snapshot.day, snapshot)
    return _point(catalog, CURRENT, snapshot)


def _point(catalog: Partitions, partition: str, snapshot: Snapshot) -> bool:
    """False when the partition shows this snapshot, or a later one, already."""
    shown = catalog.taken_at(snapshot.table, partition)
    if shown is None:
        try:
            catalog.add(snapshot.table, partition, snapshot)
        except AlreadyThere:
            return _point(catalog, partition, snapshot)
        return True
    if shown >= snapshot.taken_at:
        return False
    catalog.move(snapshot.table, partition, snapshot)
    return True


def _parts(key: str) -> re.Match[str]:
    found = _KEY.fullmatch(key)
    if found is None:
        raise NotAnExport(f"{key}: not the manifest of an export")
    return found
