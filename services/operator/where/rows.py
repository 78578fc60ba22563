"""Rows of a stage's tables as plain values, by key and index alone.

Read without the models: also the row of another version of the code, or a broken one, is shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.trouble import of_aws
from shared import schema

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Row = Mapping[str, Any]
FOLLOW_UP = "FOLLOWUP"


@dataclass(frozen=True, slots=True)
class LeftRows:
    """All rows that one call left."""

    call: Row | None
    turns: tuple[Row, ...]
    jobs: tuple[Row, ...]
    payments: tuple[Row, ...]
    waiting: tuple[Row, ...]  # follow-ups: what is still to be sent or looked after


class StageRows:
    """The tables whose names begin with `prefix`. All methods raise CannotTell."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._reader = TypeDeserializer()

    def calls(self, business_id: str, since: datetime, until: datetime) -> Iterator[Row]:
        """The calls of a business that began in this time, the oldest first."""
        for month in months(since, until):
            yield from self._query(
                schema.CALLS,
                f"BIZ#{business_id}#{month}",
                key=schema.GSI_PK,
                index=schema.BY_BUSINESS,
                sort=(_stamp(since), _stamp(until)),
            )

    def of(self, call_sid: str) -> LeftRows:
        """What one call left; the call is None where there is no such row."""
        pk = f"CALL#{call_sid}"
        call = next(self._query(schema.CALLS, pk), None)
        links = list(self._query(schema.JOBS, pk))
        ids = [str(row[schema.SK]).removeprefix("JOB#") for row in links]
        if call and call.get("job_id") and call["job_id"] not in ids:
            ids.append(str(call["job_id"]))
        jobs = [row for each in ids for row in self._query(schema.JOBS, f"JOB#{each}")]
        payments = [row for each in ids for row in self._payments(each)]
        return LeftRows(
            call=call,
            turns=tuple(self._query(schema.AGENT_TURNS, pk)),
            jobs=tuple(jobs),
            payments=tuple(payments),
            waiting=tuple(self._waiting(call_sid, ids)),
        )

    def _payments(self, job_id: str) -> Iterator[Row]:
        return self._query(schema.PAYMENTS, f"JOB#{job_id}", key=schema.GSI_PK, index=schema.BY_JOB)

    def _waiting(self, call_sid: str, job_ids: Iterable[str]) -> Iterator[Row]:
        theirs = {call_sid, *job_ids}
        rows = self._query(
            schema.JOBS, FOLLOW_UP, key=schema.GSI_PK, index=schema.INDEXES[schema.JOBS]
        )
        return (row for row in rows if theirs & set(_parts(row)))

    def _query(
        self,
        table: str,
        pk: str,
        *,
        key: str = schema.PK,
        index: str | None = None,
        sort: tuple[str, str] | None = None,
    ) -> Iterator[Row]:
        asked: dict[str, Any] = {
            "TableName": schema.table_name(self._prefix, table),
            "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": key},
            "ExpressionAttributeValues": {":pk": {"S": pk}},
            **({"IndexName": index} if index else {"ConsistentRead": True}),
        }
        if sort:
            asked["KeyConditionExpression"] += " AND #sk BETWEEN :first AND :last"
            asked["ExpressionAttributeNames"]["#sk"] = schema.GSI_SK
            first, last = sort
            asked["ExpressionAttributeValues"] |= {":first": {"S": first}, ":last": {"S": last}}
        try:
            for page in self._client.get_paginator("query").paginate(**asked):
                for item in page["Items"]:
                    yield {name: _plain(self._reader.deserialize(v)) for name, v in item.items()}
        except (ClientError, BotoCoreError) as exc:
            raise of_aws(exc, f"table {asked['TableName']}") from exc


def months(since: datetime, until: datetime) -> Iterator[str]:
    """The months of a time in UTC, as the index names them: `2026-11`."""
    at, last = since.astimezone(UTC), until.astimezone(UTC)
    year, month = at.year, at.month
    while (year, month) <= (last.year, last.month):
        yield f"{year:04}-{month:02}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _parts(row: Row) -> list[str]:
    return [str(row.get("job_id", "")), *str(row.get("follow_up_id", "")).split(":")]


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | set():
            return [_plain(inner) for inner in value]
    return value
