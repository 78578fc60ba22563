"""AWS on a laptop: MiniStack in a process of its own, the five tables, and a look into them."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config

from services.simulator.stack.processes import Child, free_port
from shared import schema

REGION = "us-east-1"
BUSINESS_STORE = "callwright-local-businesses"  # the bucket that business files are published to
# MiniStack takes any; they are nobody's.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


class MiniStack:
    """An AWS emulator on a free port of loopback."""

    def __init__(self, on_line: Callable[[str], None] = lambda _: None) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._child = Child("MiniStack", [_program()], self._environment(), on_line)

    async def start(self) -> str:
        """Start it and return its address once it answers.

        Raises:
            ChildFailed: it did not come up.
        """
        await self._child.start()
        await self._child.ready(self._answers)
        return self.url

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        return self._child.pid

    async def stop(self) -> None:
        await self._child.stop()

    async def _answers(self) -> bool:
        limit = aiohttp.ClientTimeout(total=2)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as http,
                http.get(f"{self.url}/_ministack/health") as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **CREDENTIALS,
            "GATEWAY_PORT": str(self._port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
        }


def _program() -> str:
    # Not resolved: in a virtual environment the interpreter is a link out of it.
    beside = Path(sys.executable).parent / "ministack"
    return str(beside) if beside.exists() else "ministack"


def dynamodb(url: str) -> Any:
    """Return a low-level DynamoDB client of the emulator at `url`."""
    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 2}),
    )


def make_business_store(url: str) -> None:
    """Make the bucket of business files in the emulator at `url`: nothing is published yet."""
    boto3.client(
        "s3",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    ).create_bucket(Bucket=BUSINESS_STORE)


def make_tables(client: Any, prefix: str) -> None:
    """Make the five tables from the definitions that CDK uses."""
    for table in schema.TABLES:
        client.create_table(**_definition(prefix, table))
        client.update_time_to_live(
            TableName=schema.table_name(prefix, table),
            TimeToLiveSpecification={"Enabled": True, "AttributeName": schema.TTL},
        )


def _definition(prefix: str, table: str) -> dict[str, object]:
    definition: dict[str, object] = {
        "TableName": schema.table_name(prefix, table),
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _keys(schema.PK, schema.SK),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"}
            for name in schema.attribute_definitions(table)
        ],
    }
    if table in schema.INDEXES:
        definition["GlobalSecondaryIndexes"] = [
            {
                "IndexName": schema.INDEXES[table],
                "KeySchema": _keys(schema.GSI_PK, schema.GSI_SK),
                "Projection": {"ProjectionType": "ALL"},
            }
        ]
    return definition


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def rows(client: Any, prefix: str) -> dict[str, list[dict[str, Any]]]:
    """Return every item of the five tables as plain dicts, in the order of their keys."""
    return {table: rows_of(client, prefix, table) for table in schema.TABLES}


def rows_of(client: Any, prefix: str, table: str) -> list[dict[str, Any]]:
    """Return every item of one table, in the order of their keys."""
    name = schema.table_name(prefix, table)
    items: list[Mapping[str, Any]] = []
    for page in client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
        items.extend(page["Items"])
    reader = TypeDeserializer()
    plain = [
        {key: _plain(reader.deserialize(value)) for key, value in item.items()} for item in items
    ]
    return sorted(plain, key=lambda row: (row[schema.PK], row[schema.SK]))


def put(client: Any, prefix: str, table: str, kept: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as `rows` gave them."""
    writer = TypeSerializer()
    for row in kept:
        item = {name: writer.serialize(value) for name, value in row.items()}
        client.put_item(TableName=schema.table_name(prefix, table), Item=item)


def _plain(value: Any) -> Any:
    """Return a value JSON can carry."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | set() | frozenset():
            return [_plain(inner) for inner in value]
        case _:
            return value
