"""AWS on a laptop: the tables that the shared definitions give."""

import asyncio
from typing import Any

import pytest

from services.simulator.stack import aws
from shared import schema


@pytest.mark.stack
def test_the_tables_are_made_from_the_shared_definitions_and_read_as_plain_values() -> None:
    async def run() -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
        ministack = aws.MiniStack()
        try:
            client = aws.dynamodb(await ministack.start())
            aws.make_tables(client, "t-")
            item = {"pk": {"S": "JOB#2"}, "sk": {"S": "META"}, "deposit": {"N": "20600"}}
            client.put_item(TableName="t-jobs", Item=item)
            client.put_item(TableName="t-jobs", Item={"pk": {"S": "JOB#1"}, "sk": {"S": "META"}})
            tables = [
                client.describe_table(TableName=f"t-{table}")["Table"] for table in schema.TABLES
            ]
            return tables, aws.rows(client, "t-")
        finally:
            await ministack.stop()

    tables, rows = asyncio.run(run())
    assert list(rows) == list(schema.TABLES)
    assert rows["jobs"] == [
        {"pk": "JOB#1", "sk": "META"},
        {"pk": "JOB#2", "sk": "META", "deposit": 20600},
    ]
    indexes = {
        table["TableName"][2:]: [index["IndexName"] for index in table["GlobalSecondaryIndexes"]]
        for table in tables
        if table.get("GlobalSecondaryIndexes")
    }
    assert indexes == {table: [index] for table, index in schema.INDEXES.items()}
