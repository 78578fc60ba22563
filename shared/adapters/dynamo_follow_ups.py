"""Follow-ups, kept in the jobs table: what failed and must be tried again."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamo_rows import (
    Item,
    Refused,
    Table,
    ask,
    key,
    model_of,
    pack,
    row_of,
    stamp,
)
from shared.domain.models import FollowUp
from shared.schema import BY_BUSINESS, GSI_PK, GSI_SK, JOBS, PK, SK

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FOLLOW_UP = "FOLLOWUP"


class DynamoFollowUps:
    """Implements `shared.actions.ports.FollowUps`."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, JOBS)

    def leave(self, follow_up: FollowUp) -> None:
        """Keep it; the same id again changes nothing."""
        try:
            self._table.put(item_of(follow_up), condition="attribute_not_exists(pk)")
        except Refused:
            return

    def waiting(self, follow_up_id: str) -> bool:
        return self._table.get(_pk(follow_up_id), FOLLOW_UP) is not None

    def due(self, now: datetime) -> list[FollowUp]:
        items = self._table.query(
            f"{GSI_PK} = :pk AND {GSI_SK} <= :now",
            {"pk": FOLLOW_UP, "now": stamp(now)},
            IndexName=BY_BUSINESS,
        )
        return [model_of(FollowUp, item) for item in items]

    def done(self, follow_up_id: str) -> None:
        ask(
            self._table.client.delete_item,
            TableName=self._table.name,
            Key=key(_pk(follow_up_id), FOLLOW_UP),
        )

    def put_off(self, follow_up_id: str, *, until: datetime, error: str) -> None:
        """One more attempt failed; nothing when it was done meanwhile."""
        changes: dict[str, Any] = {"due_at": stamp(until), GSI_SK: stamp(until), "error": error}
        update = self._table.setting(
            _pk(follow_up_id),
            FOLLOW_UP,
            changes,
            condition="attribute_exists(#pk)",
            values={"one": 1},
        )
        update["UpdateExpression"] += " ADD attempts :one"
        try:
            ask(self._table.client.update_item, **update)
        except Refused:
            return


def item_of(follow_up: FollowUp) -> Item:
    """The row; a booking writes its own within its transaction."""
    keys = {
        PK: _pk(follow_up.follow_up_id),
        SK: FOLLOW_UP,
        GSI_PK: FOLLOW_UP,
        GSI_SK: stamp(follow_up.due_at),
    }
    return pack(row_of(follow_up) | keys)


def _pk(follow_up_id: str) -> str:
    return f"{FOLLOW_UP}#{follow_up_id}"
