"""Rows of DynamoDB: values packed and unpacked, tables read and written, errors translated.

Numbers are whole: money is in cents, so a fraction is a bug and is refused.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from shared.domain.errors import PortError
from shared.schema import PK, SK, table_name

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Pause = Callable[[float], None]
M = TypeVar("M", bound=BaseModel)

TRIES = 6
FIRST_PAUSE_S = 0.02
_CONFLICTS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
_CONDITION = "ConditionalCheckFailed"


class WriteRefused(Exception):
    """A condition did not hold. `item` is the row that stood there, where one did."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("condition failed")
        self.item = item


class Cancelled(Exception):
    """A transaction's condition did not hold. `reasons`, one for each write: None where it held."""

    def __init__(self, reasons: Sequence[WriteRefused | None]) -> None:
        super().__init__("transaction cancelled")
        self.reasons = reasons


def jittered_sleep(seconds: float) -> None:
    """Sleep for about so long, so that two callers in conflict do not come back at once again."""
    time.sleep(seconds * random.uniform(0.5, 1.5))


def utc_now() -> datetime:
    """Real time, by which DynamoDB expires and events are told."""
    return datetime.now(UTC)


def pack(row: Mapping[str, Any]) -> Item:
    """DynamoDB's typed item. What is None is left out."""
    return {name: pack_value(value) for name, value in row.items() if value is not None}


def unpack(item: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of a typed item: {"n": {"N": "1"}} is {"n": 1}."""
    return {name: unpack_value(value) for name, value in item.items()}


def pack_value(value: Any) -> dict[str, Any]:
    """One value, typed.

    Raises:
        TypeError: it is none that a row may hold, such as a fraction.
    """
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": str(value)}
        case Mapping():
            return {"M": pack(value)}
        case list() | tuple():
            return {"L": [pack_value(part) for part in value]}
        case BaseModel() | datetime():
            return pack_value(to_jsonable_python(value, exclude_none=True))
    raise TypeError(f"a row holds no {type(value).__name__}")


def unpack_value(value: Mapping[str, Any]) -> Any:
    ((kind, raw),) = value.items()
    match kind:
        case "N":
            return int(Decimal(raw))
        case "M":
            return unpack(raw)
        case "L":
            return [unpack_value(part) for part in raw]
        case "NULL":
            return None
    return raw


def row_of(model: BaseModel) -> dict[str, Any]:
    """The model's fields as a row keeps them: times as ISO, nothing for None."""
    return model.model_dump(mode="json", exclude_none=True)


def model_of(model: type[M], item: Mapping[str, Any]) -> M:
    """The model of a row, whatever keys the row has beside it: a newer version's, or an index's."""
    fields = {name: value for name, value in item.items() if name in model.model_fields}
    return model.model_validate(unpack(fields))


def stamp(at: datetime) -> str:
    """A time that sorts as text: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Table:
    """One table. Every failure of DynamoDB is a PortError, that of a condition is WriteRefused."""

    def __init__(self, client: "DynamoDBClient", prefix: str, table: str) -> None:
        self.client = client
        self.name = table_name(prefix, table)

    def get(self, pk: str, sk: str) -> Item | None:
        found = ask(self.client.get_item, TableName=self.name, Key=key(pk, sk), ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item

    def put(self, item: Item, *, condition: str | None = None) -> None:
        """Write a whole row. Raises WriteRefused."""
        given = {"ConditionExpression": condition} if condition else {}
        ask(self.client.put_item, TableName=self.name, Item=item, **given)

    def change(
        self,
        pk: str,
        sk: str,
        changes: Mapping[str, Any],
        *,
        condition: str,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Set attributes. `condition` may use any attribute as #name and `values` as :name.

        Raises:
            Refused: the condition did not hold; with the row as it was.
        """
        ask(
            self.client.update_item,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **self.setting(pk, sk, changes, condition=condition, values=values),
        )

    def setting(
        self,
        pk: str,
        sk: str,
        changes: Mapping[str, Any],
        *,
        condition: str,
        values: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The same as one write of a transaction."""
        sets = ", ".join(f"#{name} = :{name}" for name in changes)
        named = {f"#{name}": name for name in changes}
        return {
            "TableName": self.name,
            "Key": key(pk, sk),
            "UpdateExpression": f"SET {sets}",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": named | names_in(condition),
            "ExpressionAttributeValues": {
                f":{name}": pack_value(value)
                for name, value in {**changes, **(values or {})}.items()
            },
        }

    def query(self, condition: str, values: Mapping[str, str], **options: Any) -> Iterator[Item]:
        """Every item of the key condition, page after page. Consistent unless an index is asked."""
        asked: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": {f":{name}": {"S": v} for name, v in values.items()},
            "ConsistentRead": "IndexName" not in options,
            **options,
        }
        while True:
            page = ask(self.client.query, **asked)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def key(pk: str, sk: str) -> dict[str, Any]:
    return {PK: {"S": pk}, SK: {"S": sk}}


def names_in(expression: str) -> dict[str, str]:
    """Every #name of an expression: words of ours that DynamoDB may have reserved."""
    parts = (
        part
        for word in expression.replace("(", " ").replace(")", " ").split()
        for part in word.split(".")
    )
    return {part.strip(","): part.strip(",")[1:] for part in parts if part.startswith("#")}


def transact(client: "DynamoDBClient", writes: Sequence[Any], *, pause: Pause) -> None:
    """All writes or none. Others' transactions on the same rows are waited for.

    Raises:
        Cancelled: a condition did not hold.
        PortError: DynamoDB failed, or the rows stayed in conflict.
    """
    for attempt in range(TRIES):
        try:
            ask(client.transact_write_items, TransactItems=list(writes))
        except _Conflict:
            pause(FIRST_PAUSE_S * 2**attempt)
        else:
            return
    raise PortError("dynamodb TransactWriteItems: still in conflict")


class _Conflict(Exception):
    """Somebody else is writing the same rows at this moment."""


def ask(operation: Callable[..., Any], **arguments: Any) -> Any:
    """Do one operation of the client; its errors become ours.

    Raises:
        Refused, Cancelled: a condition did not hold.
        PortError: DynamoDB failed or did not answer.
    """
    try:
        return operation(**arguments)
    except ClientError as exc:
        raise _translated(exc) from exc
    except BotoCoreError as exc:
        raise PortError(f"dynamodb: {type(exc).__name__}") from exc


def _translated(exc: ClientError) -> Exception:
    code = exc.response["Error"]["Code"]
    answer: Mapping[str, Any] = exc.response
    if code == "ConditionalCheckFailedException":
        return WriteRefused(answer.get("Item"))
    if code == "TransactionInProgressException":
        return _Conflict()
    reasons = answer.get("CancellationReasons", [])
    codes = {reason.get("Code") for reason in reasons}
    if _CONDITION in codes:
        held = [
            WriteRefused(r.get("Item")) if r.get("Code") == _CONDITION else None for r in reasons
        ]
        return Cancelled(held)
    if codes & _CONFLICTS:
        return _Conflict()
    return PortError(f"dynamodb {exc.operation_name}: {code}")
