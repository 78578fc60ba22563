"""The event of S3, through the handler, into a catalog."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.index_export.handler import handle
from functions.index_export.index import NotAnExport
from shared.metrics import EmfMetrics
from tests.unit.functions.index_export.finished_export import KEY, MANIFEST, FakeCatalog


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
    assert json.loads(line)["JobsIndexed"] == 1


def test_a_foreign_object_is_not_even_read() -> None:
    class NoS3:
        def get_object(self, **_: str) -> dict[str, Any]:
            raise AssertionError("read")

    with pytest.raises(NotAnExport):
        handle(an_event("exports/x.json"), NoS3(), FakeCatalog(), some_metrics()[0])
