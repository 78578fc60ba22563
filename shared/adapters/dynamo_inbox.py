"""Texts that came in, kept in the calls table for as long as they may come again."""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.adapters.dynamo_rows import Refused, Table, ask, key, pack, pack_value
from shared.schema import CALLS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEXT, RATE = "TEXT", "RATE"


class DynamoInbox:
    """Implements `shared.actions.ports.Inbox`."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, CALLS)

    def seen(self, message_sid: str) -> bool:
        return self._table.get(f"SMS#{message_sid}", TEXT) is not None

    def take(self, message_sid: str, *, until: datetime) -> bool:
        row = {PK: f"SMS#{message_sid}", SK: TEXT, TTL: int(until.timestamp())}
        try:
            self._table.put(pack(row), condition="attribute_not_exists(pk)")
        except Refused:
            return False
        return True

    def count(self, what: str, *, until: datetime) -> int:
        counted = ask(
            self._table.client.update_item,
            TableName=self._table.name,
            Key=key(f"SMSRATE#{what}", RATE),
            UpdateExpression="ADD #n :one SET #until = :until",
            ExpressionAttributeNames={"#n": "n", "#until": TTL},
            ExpressionAttributeValues={
                ":one": pack_value(1),
                ":until": pack_value(int(until.timestamp())),
            },
            ReturnValues="UPDATED_NEW",
        )
        return int(counted["Attributes"]["n"]["N"])
