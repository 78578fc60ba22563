"""The customers table: read here, written by the booking's transaction."""

from typing import TYPE_CHECKING, Any

from shared.adapters.dynamo.rows import Table, key, model_of, pack_value, row_of
from shared.domain.models import Customer
from shared.schema import CUSTOMERS, META, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoCustomers:
    """Implements `shared.actions.ports.Customers`."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, CUSTOMERS)

    def get(self, business_id: str, phone: str) -> Customer | None:
        item = self._table.get(pk(business_id, phone), META)
        return None if item is None else model_of(Customer, item)


def pk(business_id: str, phone: str) -> str:
    return f"BIZ#{business_id}#PHONE#{phone}"


def upsert(table: str, customer: Customer, until: int | None = None) -> dict[str, Any]:
    """The customer's part of a transaction: the first created_at stays, None erases nothing.

    `until`, in seconds since the epoch, is when the row is deleted if nothing more is heard.
    """
    row = row_of(customer) | ({} if until is None else {TTL: until})
    sets = [
        f"#{name} = if_not_exists(#{name}, :{name})"
        if name == "created_at"
        else f"#{name} = :{name}"
        for name in row
    ]
    return {
        "TableName": table,
        "Key": key(pk(customer.business_id, customer.phone), META),
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ExpressionAttributeNames": {f"#{name}": name for name in row},
        "ExpressionAttributeValues": {f":{name}": pack_value(v) for name, v in row.items()},
    }
