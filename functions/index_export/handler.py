"""The composition root of EventBridge's "Object Created" for the manifests of exports."""

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from functions.index_export import index
from functions.index_export.catalog import GlueCatalog, manifest
from functions.index_export.settings import settings_of
from shared import schema
from shared.logs import by_kind
from shared.metrics import EmfMetrics

# The metric of each table, which an alarm of its own waits for.
INDEXED = {
    schema.CALLS: "CallsIndexed",
    schema.AGENT_TURNS: "AgentTurnsIndexed",
    schema.CUSTOMERS: "CustomersIndexed",
    schema.JOBS: "JobsIndexed",
    schema.PAYMENTS: "PaymentsIndexed",
}
logger = logging.getLogger(__name__)


def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Index one export. Whatever fails raises: Lambda tries twice more, then the queue has it."""
    with by_kind(logger):
        settings = settings_of(os.environ)
        metrics = EmfMetrics(settings.stage, lambda: datetime.now(UTC))
        catalog = GlueCatalog(_client("glue"), settings.database)
        return handle(event, _client("s3"), catalog, metrics)


def handle(
    event: Mapping[str, Any], s3: Any, catalog: index.Partitions, metrics: EmfMetrics
) -> dict[str, Any]:
    """Show one finished export: its table, its day, its number of rows, and whether it is new.

    Raises:
        NotAnExport: the object is no manifest that the tables can show.
    """
    bucket, key = event["detail"]["bucket"]["name"], event["detail"]["object"]["key"]
    index.table_of(key)  # before anything is read
    snapshot = index.snapshot_of(bucket, key, manifest(s3, bucket, key))
    newest = index.index(snapshot, catalog)
    if newest:
        # Only then: the same event twice is one export.
        metric = INDEXED[snapshot.table]
        metrics.count(metric)
    indexed = {
        "table": snapshot.table,
        "day": snapshot.day,
        "rows": snapshot.rows,
        "newest": newest,
    }
    logger.info("export indexed", extra=indexed)
    return indexed


@cache
def _client(service: str) -> Any:
    import boto3  # the runtime's own

    return boto3.client(service)
