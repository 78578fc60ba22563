"""The event of S3, through the handler, into a real catalog: MiniStack's."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from functions.index_export.catalog import CatalogRefused, GlueCatalog
from functions.index_export.handler import handle
from functions.index_export.index import AlreadyThere, NotAnExport, Snapshot
from services.analytics import local
from shared.metrics import EmfMetrics
from tests.unit.functions.index_export.test_index import KEY, MANIFEST, FakeCatalog, a_snapshot

DATABASE = "callwright_test"


class FakeS3:
    """boto3's S3 with one object."""

    def __init__(self, body: object) -> None:
        self._body = json.dumps(body).encode()

    def get_object(self, **_: str) -> dict[str, Any]:
        return {"Body": io.BytesIO(self._body)}


def an_event(key: str = KEY) -> dict[str, Any]:
    """As EventBridge gives it."""
    return {
        "version": "0",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "detail": {
            "version": "0",
            "bucket": {"name": "bucket"},
            "object": {"key": key, "size": 500, "etag": "x", "sequencer": "0"},
            "reason": "PutObject",
        },
    }


def some_metrics() -> tuple[EmfMetrics, io.StringIO]:
    out = io.StringIO()
    return EmfMetrics("test", lambda: datetime(2026, 11, 22, tzinfo=UTC), out), out


def test_an_event_indexes_the_export_and_counts_it_once() -> None:
    catalog = FakeCatalog()
    metrics, out = some_metrics()

    told = handle(an_event(), FakeS3(MANIFEST), catalog, metrics)
    again = handle(an_event(), FakeS3(MANIFEST), catalog, metrics)

    assert told == {"table": "jobs", "day": "2026-11-22", "rows": 1206, "newest": True}
    assert again["newest"] is False
    (line,) = out.getvalue().splitlines()
    assert json.loads(line)["ExportsIndexed"] == 1


def test_a_foreign_object_is_not_even_read() -> None:
    class NoS3:
        def get_object(self, **_: str) -> dict[str, Any]:
            raise AssertionError("read")

    with pytest.raises(NotAnExport):
        handle(an_event("exports/x.json"), NoS3(), FakeCatalog(), some_metrics()[0])


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
