"""A finished export becomes a day's partition, and the newest one `current`."""

from itertools import permutations
from typing import Any

import pytest

from functions.index_export.index import (
    CURRENT,
    NotAnExport,
    Snapshot,
    index,
    snapshot_of,
)
from tests.unit.functions.index_export.finished_export import KEY, MANIFEST, FakeCatalog, a_snapshot


def test_the_manifest_says_where_the_data_lies_and_of_when_it_is() -> None:
    found = snapshot_of("bucket", KEY, MANIFEST)

    assert found.location == "s3://bucket/exports/jobs/AWSDynamoDB/01763798400000-a1b2c3d4/data/"
    assert (found.table, found.day, found.rows) == ("jobs", "2026-11-22", 1206)


def test_an_export_is_its_days_and_the_current_one() -> None:
    catalog = FakeCatalog()

    assert index(a_snapshot(), catalog) is True
    assert set(catalog.partitions) == {("jobs", "2026-11-22"), ("jobs", CURRENT)}


def test_the_same_event_again_changes_nothing() -> None:
    catalog = FakeCatalog()
    index(a_snapshot(), catalog)
    before = dict(catalog.partitions)

    assert index(a_snapshot(), catalog) is False
    assert catalog.partitions == before


@pytest.mark.parametrize("order", list(permutations(((21, 8), (22, 8), (22, 9)))))
def test_events_in_any_order_leave_the_newest(order: tuple[tuple[int, int], ...]) -> None:
    catalog = FakeCatalog()
    for day, hour in order:
        index(a_snapshot(day, hour), catalog)

    newest = a_snapshot(22, 9)
    assert catalog.partitions == {
        ("jobs", "2026-11-21"): a_snapshot(21, 8),
        ("jobs", "2026-11-22"): newest,
        ("jobs", CURRENT): newest,
    }


def test_a_late_event_of_an_older_day_is_indexed_but_not_the_newest() -> None:
    catalog = FakeCatalog()
    index(a_snapshot(22), catalog)

    assert index(a_snapshot(21), catalog) is False
    assert catalog.partitions["jobs", "2026-11-21"] == a_snapshot(21)


def test_a_partition_made_at_the_same_moment_is_compared_and_not_lost() -> None:
    class Raced(FakeCatalog):
        """Somebody adds an older snapshot between our look and our write."""

        def add(self, table: str, partition: str, snapshot: Snapshot) -> None:
            older = a_snapshot(22, 1)
            self.partitions.setdefault((table, partition), older)
            super().add(table, partition, snapshot)

    catalog = Raced()
    assert index(a_snapshot(22, 8), catalog) is True
    assert set(catalog.partitions.values()) == {a_snapshot(22, 8)}


@pytest.mark.parametrize(
    "key",
    [
        "exports/jobs/AWSDynamoDB/1-a/manifest-files.json",
        "exports/invoices/AWSDynamoDB/1-a/manifest-summary.json",
        "exports/jobs/AWSDynamoDB/1-a/data/manifest-summary.json",
        "elsewhere/exports/jobs/AWSDynamoDB/1-a/manifest-summary.json",
        "exports/jobs/AWSDynamoDB/1-a/manifest-summary.json.md5",
    ],
)
def test_any_other_object_is_refused(key: str) -> None:
    with pytest.raises(NotAnExport, match="not the manifest"):
        snapshot_of("bucket", key, MANIFEST)


@pytest.mark.parametrize(
    "changes",
    [
        {"exportType": "INCREMENTAL_EXPORT"},
        {"outputFormat": "ION"},
        {"exportTime": "yesterday"},
        {"itemCount": None},
    ],
)
def test_a_manifest_the_tables_cannot_show_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAnExport):
        snapshot_of("bucket", KEY, MANIFEST | changes)
