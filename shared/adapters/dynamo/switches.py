"""The switches as an owner sets them: one row of calls (see `shared.adapters.switches`)."""

from typing import TYPE_CHECKING

from shared.adapters.dynamo.rows import Table, ask, key, pack_value, unpack
from shared.adapters.switches import BLOCKED, MODE, ROW, Switched
from shared.schema import CALLS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSwitches:
    """All of it may raise PortError."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, CALLS)

    def read(self) -> Switched:
        item = unpack(self._table.get(ROW, ROW) or {})
        modes = {name.removeprefix(MODE): str(v) for name, v in item.items() if name[:5] == MODE}
        return Switched(modes, frozenset(map(str, item.get(BLOCKED, ()))))

    def set_mode(self, business_id: str, mode: str) -> None:
        self._change("SET #what = :to", f"{MODE}{business_id}", pack_value(mode))

    def block(self, number: str) -> None:
        self._change("ADD #what :to", BLOCKED, {"SS": [number]})

    def unblock(self, number: str) -> None:
        self._change("DELETE #what :to", BLOCKED, {"SS": [number]})

    def _change(self, update: str, what: str, to: object) -> None:
        ask(
            self._table.client.update_item,
            TableName=self._table.name,
            Key=key(ROW, ROW),
            UpdateExpression=update,
            ExpressionAttributeNames={"#what": what},
            ExpressionAttributeValues={":to": to},
        )
