"""AWS on this machine: tables of their own in MiniStack, and a look into running ones."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from services.analytics.exports import BadExport
from shared import environment, schema

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# MiniStack takes any; they are nobody's.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
UP_WITHIN_S = 60


class NoMiniStack(Exception):
    """The emulator is not installed, or did not come up."""


@contextlib.contextmanager
def ministack() -> Iterator[str]:
    """MiniStack on a free port of loopback, for as long as the block lasts; its address.

    Raises:
        NoMiniStack: it did not come up.
    """
    port = _free_port()
    beside = Path(sys.executable).parent / "ministack"
    own = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1"}
    try:
        child = subprocess.Popen(
            [str(beside) if beside.exists() else "ministack"],
            env={**os.environ, **CREDENTIALS, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError as exc:
        raise NoMiniStack("MiniStack is not installed; `make test` installs it") from exc
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(url, child)
        yield url
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(10)


def dynamodb(url: str | None) -> "DynamoDBClient":
    """A client of the emulator at `url`; of AWS, with your own credentials, without one."""
    config = Config(
        read_timeout=20,
        retries={"total_max_attempts": 3},
        max_pool_connections=20,
        # The adapters type every row; weeks of calls are written in a fifth less time without.
        parameter_validation=False,
    )
    local: dict[str, Any] = {}
    if url is not None:
        local = {"endpoint_url": url, "region_name": environment.region(os.environ)}
        if not os.environ.get("AWS_ACCESS_KEY_ID"):
            local |= {name.lower(): value for name, value in CREDENTIALS.items()}
    client: DynamoDBClient = boto3.client("dynamodb", config=config, **local)
    return client


def make_tables(client: "DynamoDBClient", prefix: str) -> None:
    """The five tables, as shared.schema says."""
    for table in schema.TABLES:
        index = schema.INDEXES.get(table)
        names = schema.attribute_definitions(table)
        definition: dict[str, Any] = {
            "TableName": schema.table_name(prefix, table),
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": _keys(schema.PK, schema.SK),
            "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in names],
        }
        if index is not None:
            definition["GlobalSecondaryIndexes"] = [
                {
                    "IndexName": index,
                    "KeySchema": _keys(schema.GSI_PK, schema.GSI_SK),
                    "Projection": {"ProjectionType": "ALL"},
                }
            ]
        client.create_table(**definition)


def items(client: "DynamoDBClient", prefix: str, table: str) -> Iterator[dict[str, Any]]:
    """Every item of one table, typed as an export has it.

    Raises:
        BadExport: there is no such table, or it cannot be read.
    """
    name = schema.table_name(prefix, table)
    try:
        for page in client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
            yield from page["Items"]
    except ClientError as exc:
        code = exc.response["Error"]["Code"]
        raise BadExport(f"{name}: {code}; are --endpoint and --prefix those of the stack?") from exc
    except BotoCoreError as exc:
        raise BadExport(f"{name}: {exc}") from exc


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(url: str, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise NoMiniStack(f"MiniStack ended with status {child.returncode}")
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{url}/_ministack/health", timeout=2).close()
            return
        time.sleep(0.1)
    raise NoMiniStack(f"MiniStack did not come up in {UP_WITHIN_S} s")
