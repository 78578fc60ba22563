"""Glue's data catalog as the partitions of the exports, and manifests read from S3."""

import json
from datetime import datetime
from typing import Any

from functions.index_export.index import AlreadyThere, Snapshot

EXPORT_TIME, ROWS = "export_time", "rows"  # parameters of a partition


class CatalogRefused(Exception):
    """Glue did not take a change; the message has its code."""


class GlueCatalog:
    """Implements `index.Partitions`. `client` is boto3's of Glue."""

    def __init__(self, client: Any, database: str) -> None:
        self._client, self._database = client, database

    def taken_at(self, table: str, partition: str) -> datetime | None:
        try:
            found = self._client.get_partition(**self._table(table), PartitionValues=[partition])
        except self._client.exceptions.EntityNotFoundException:
            return None
        shown = found["Partition"].get("Parameters", {}).get(EXPORT_TIME)
        # One made by hand has none; any export is newer.
        return datetime.fromisoformat(shown) if shown else datetime.fromisoformat("1970-01-01Z")

    def add(self, table: str, partition: str, snapshot: Snapshot) -> None:
        try:
            self._client.create_partition(
                **self._table(table), PartitionInput=self._input(table, partition, snapshot)
            )
        except self._client.exceptions.AlreadyExistsException as exc:
            raise AlreadyThere(partition) from exc

    def move(self, table: str, partition: str, snapshot: Snapshot) -> None:
        """Show another snapshot in a partition that exists. Raises CatalogRefused."""
        entry = {
            "PartitionValueList": [partition],
            "PartitionInput": self._input(table, partition, snapshot),
        }
        answer = self._client.batch_update_partition(**self._table(table), Entries=[entry])
        for error in answer.get("Errors", ()):
            code = error.get("ErrorDetail", {}).get("ErrorCode", "unknown")
            raise CatalogRefused(f"{table} {partition}: {code}")

    def _input(self, table: str, partition: str, snapshot: Snapshot) -> dict[str, Any]:
        """The table's own columns and format, at the snapshot's place."""
        found = self._client.get_table(DatabaseName=self._database, Name=_name(table))
        storage = dict(found["Table"]["StorageDescriptor"])
        return {
            "Values": [partition],
            "StorageDescriptor": {**storage, "Location": snapshot.location},
            "Parameters": {
                EXPORT_TIME: snapshot.taken_at.isoformat(),
                ROWS: str(snapshot.rows),
            },
        }

    def _table(self, table: str) -> dict[str, str]:
        return {"DatabaseName": self._database, "TableName": _name(table)}


def manifest(client: Any, bucket: str, key: str) -> dict[str, Any]:
    """The manifest as JSON, {} where it is no object. `client` is boto3's of S3."""
    found = json.loads(client.get_object(Bucket=bucket, Key=key)["Body"].read())
    return found if isinstance(found, dict) else {}


def _name(table: str) -> str:
    return f"exported_{table}"
