"""One finished export, and a catalog in memory."""

from datetime import UTC, datetime
from typing import Any

from functions.index_export.index import AlreadyThere, Snapshot

KEY = "exports/jobs/AWSDynamoDB/01763798400000-a1b2c3d4/manifest-summary.json"
MANIFEST: dict[str, Any] = {
    "version": "2023-08-01",
    "exportArn": "arn:aws:dynamodb:us-east-1:1:table/callwright-prod-jobs/export/0-a",
    "exportTime": "2026-11-22T08:00:31.123Z",
    "itemCount": 1206,
    "exportType": "FULL_EXPORT",
    "outputFormat": "DYNAMODB_JSON",
}


class FakeCatalog:
    """Implements `Partitions` in memory."""

    def __init__(self) -> None:
        self.partitions: dict[tuple[str, str], Snapshot] = {}

    def taken_at(self, table: str, partition: str) -> datetime | None:
        found = self.partitions.get((table, partition))
        return found.taken_at if found else None

    def add(self, table: str, partition: str, snapshot: Snapshot) -> None:
        if (table, partition) in self.partitions:
            raise AlreadyThere(partition)
        self.partitions[table, partition] = snapshot

    def move(self, table: str, partition: str, snapshot: Snapshot) -> None:
        assert (table, partition) in self.partitions
        self.partitions[table, partition] = snapshot


def a_snapshot(day: int = 22, hour: int = 8) -> Snapshot:
    at = datetime(2026, 11, day, hour, tzinfo=UTC)
    return Snapshot("jobs", f"s3://bucket/exports/jobs/AWSDynamoDB/{day}-{hour}/data/", at, 10)
