"""The office's devices and codes, in the calls table. DynamoDB deletes both in time."""

import hashlib
import hmac
from datetime import datetime
from typing import TYPE_CHECKING

from shared.actions.office_devices import MOST_TRIES, AskedCode, Device
from shared.adapters.dynamo.rows import (
    Table,
    WriteRefused,
    ask,
    key,
    model_of,
    names_in,
    pack,
    pack_value,
    row_of,
    stamp,
)
from shared.schema import CALLS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CODE = "CODE"
_OPEN = "#until > :now AND #business_id = :business AND #tries < :most"
_THERE = "attribute_exists(#pk)"


class DynamoDevices:
    """Implements `shared.actions.office_devices.Devices`."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, CALLS)

    def ask(self, code_id: str, code: AskedCode) -> None:
        until = {"until": stamp(code.until), TTL: int(code.until.timestamp())}
        row = row_of(code) | {PK: _code(code_id), SK: CODE, "tries": 0} | until
        self._table.put(pack(row))

    def take(self, code_id: str, business_id: str, digest: str, *, now: datetime) -> bool:
        try:
            tried = ask(
                self._table.client.update_item,
                TableName=self._table.name,
                Key=key(_code(code_id), CODE),
                UpdateExpression="ADD #tries :one",
                ConditionExpression=_OPEN,
                ExpressionAttributeNames=names_in(_OPEN),
                ExpressionAttributeValues={
                    ":one": pack_value(1),
                    ":most": pack_value(MOST_TRIES),
                    ":now": pack_value(stamp(now)),
                    ":business": pack_value(business_id),
                },
                ReturnValues="ALL_NEW",
            )
            if not hmac.compare_digest(tried["Attributes"]["digest"]["S"], digest):
                return False
            # Of two that are right at once, one is.
            ask(
                self._table.client.delete_item,
                TableName=self._table.name,
                Key=key(_code(code_id), CODE),
                ConditionExpression=_THERE,
                ExpressionAttributeNames=names_in(_THERE),
            )
        except WriteRefused:
            return False
        return True

    def unlock(self, key: str, device: Device) -> None:
        row = row_of(device) | {PK: _pk(device.business_id), SK: _sk(key)}
        self._table.put(pack(row | {TTL: int(device.until.timestamp())}))

    def get(self, business_id: str, key: str) -> Device | None:
        item = self._table.get(_pk(business_id), _sk(key))
        return None if item is None else model_of(Device, item)

    def seen(self, business_id: str, key: str, *, at: datetime) -> None:
        try:
            self._table.change(_pk(business_id), _sk(key), {"seen_at": at}, condition=_THERE)
        except WriteRefused:
            return

    def lock(self, business_id: str, key: str) -> None:
        self._forget(_pk(business_id), _sk(key))

    def lock_all(self, business_id: str) -> int:
        found = [item[SK]["S"] for item in self._table.query("pk = :pk", {"pk": _pk(business_id)})]
        for sk in found:
            self._forget(_pk(business_id), sk)
        return len(found)

    def _forget(self, pk: str, sk: str) -> None:
        ask(self._table.client.delete_item, TableName=self._table.name, Key=key(pk, sk))


def _pk(business_id: str) -> str:
    return f"OFFICE#{business_id}"


def _sk(device_key: str) -> str:
    return f"DEVICE#{_hash(device_key)}"


def _code(code_id: str) -> str:
    return f"OFFICECODE#{_hash(code_id)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
