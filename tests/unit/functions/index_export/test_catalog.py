"""Partitions in a real catalog: MiniStack's Glue."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from functions.index_export.catalog import CatalogRefused, GlueCatalog
from functions.index_export.index import AlreadyThere, Snapshot
from services.analytics import local
from tests.unit.functions.index_export.finished_export import a_snapshot

DATABASE = "callwright_test"


@pytest.fixture(scope="module")
def glue() -> Iterator[Any]:
    with local.ministack() as url:
        client = boto3.client(
            "glue",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        client.create_database(DatabaseInput={"Name": DATABASE})
        client.create_table(
            DatabaseName=DATABASE,
            TableInput={
                "Name": "exported_jobs",
                "PartitionKeys": [{"Name": "snapshot_date", "Type": "string"}],
                "StorageDescriptor": {
                    "Columns": [{"Name": "item", "Type": "struct<pk:struct<s:string>>"}],
                    "Location": "s3://bucket/exports/jobs/",
                    "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
                },
            },
        )
        yield client


def _location(glue: Any, partition: str) -> str:
    found = glue.get_partition(
        DatabaseName=DATABASE, TableName="exported_jobs", PartitionValues=[partition]
    )
    storage = found["Partition"]["StorageDescriptor"]
    assert storage["SerdeInfo"]["SerializationLibrary"].startswith("org.openx")
    return str(storage["Location"])


@pytest.mark.stack
def test_glue_keeps_the_partitions(glue: Any) -> None:
    catalog = GlueCatalog(glue, DATABASE)
    first, second = a_snapshot(22, 8), a_snapshot(22, 9)

    assert catalog.taken_at("jobs", "2026-11-22") is None
    catalog.add("jobs", "2026-11-22", first)
    assert catalog.taken_at("jobs", "2026-11-22") == first.taken_at
    assert _location(glue, "2026-11-22") == first.location
    with pytest.raises(AlreadyThere):
        catalog.add("jobs", "2026-11-22", second)
    catalog.move("jobs", "2026-11-22", second)
    assert catalog.taken_at("jobs", "2026-11-22") == second.taken_at
    assert _location(glue, "2026-11-22") == second.location


@pytest.mark.stack
def test_what_glue_does_not_take_is_raised(glue: Any) -> None:
    nowhere = Snapshot("jobs", "s3://x/", datetime(2026, 1, 1, tzinfo=UTC), 0)
    with pytest.raises(CatalogRefused, match="jobs 1999-01-01"):
        GlueCatalog(glue, DATABASE).move("jobs", "1999-01-01", nowhere)
