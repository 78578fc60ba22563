"""Follow-ups, kept in the jobs table: what must be come back to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamo.rows import (
    Cancelled,
    Item,
    Pause,
    Table,
    WriteRefused,
    ask,
    jittered_sleep,
    key,
    model_of,
    pack,
    row_of,
    stamp,
    transact,
)
from shared.domain.models import FollowUp
from shared.schema import BY_BUSINESS, GSI_PK, GSI_SK, JOBS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FOLLOW_UP, SEEN = "FOLLOWUP", "SEEN"
DELIVERY = "DELIVERY"  # the index's key of those that tell others of an event (see `outbox`)
REMEMBERED = timedelta(days=400)  # what was reported once; a signed webhook has no age of its own


class DynamoFollowUps:
    """Implements `shared.actions.ports.FollowUps`."""

    def __init__(
        self, client: "DynamoDBClient", prefix: str, *, pause: Pause = jittered_sleep
    ) -> None:
        self._table, self._pause = Table(client, prefix, JOBS), pause

    def leave(self, follow_up: FollowUp) -> None:
        """Keep it; the same id again changes nothing."""
        try:
            self._table.put(item_of(follow_up), condition="attribute_not_exists(pk)")
        except WriteRefused:
            return

    def leave_once(self, key: str, follow_ups: Iterable[FollowUp] = (), *, at: datetime) -> bool:
        """Remember `key` for `REMEMBERED`, and leave the follow-ups with it."""
        until = int((at + REMEMBERED).timestamp())
        marker = pack({PK: _seen(key), SK: SEEN, TTL: until})
        new = {"ConditionExpression": "attribute_not_exists(pk)"}
        first = {"Put": {"TableName": self._table.name, "Item": marker, **new}}
        try:
            writes = [first, *puts(self._table.name, follow_ups)]
            transact(self._table.client, writes, pause=self._pause)
        except Cancelled:
            return False
        return True

    def seen(self, key: str) -> bool:
        return self._table.get(_seen(key), SEEN) is not None

    def waiting(self, follow_up_id: str) -> bool:
        return self._table.get(pk(follow_up_id), FOLLOW_UP) is not None

    def due(self, now: datetime) -> list[FollowUp]:
        items = self._table.query(
            f"{GSI_PK} = :pk AND {GSI_SK} <= :now",
            {"pk": FOLLOW_UP, "now": stamp(now)},
            IndexName=BY_BUSINESS,
        )
        return [model_of(FollowUp, item) for item in items]

    def claim(self, follow_up: FollowUp, *, until: datetime) -> FollowUp | None:
        try:
            self._table.change(
                pk(follow_up.follow_up_id),
                FOLLOW_UP,
                {"due_at": stamp(until), GSI_SK: stamp(until)},
                # Whoever claimed it meanwhile has moved this.
                condition=f"#{GSI_SK} = :seen",
                values={"seen": stamp(follow_up.due_at)},
            )
        except WriteRefused:
            return None
        return follow_up.model_copy(update={"due_at": until})

    def replace(self, follow_up_id: str, by: FollowUp) -> bool:
        gone = {
            "TableName": self._table.name,
            "Key": key(pk(follow_up_id), FOLLOW_UP),
            "ConditionExpression": "attribute_exists(pk)",
        }
        left = {"TableName": self._table.name, "Item": item_of(by)}
        try:
            transact(self._table.client, [{"Delete": gone}, {"Put": left}], pause=self._pause)
        except Cancelled:
            return False
        return True

    def done(self, follow_up_id: str) -> None:
        ask(
            self._table.client.delete_item,
            TableName=self._table.name,
            Key=key(pk(follow_up_id), FOLLOW_UP),
        )

    def put_off(self, follow_up_id: str, *, until: datetime, error: str) -> None:
        """One more attempt failed; nothing when it was done meanwhile."""
        changes: dict[str, Any] = {"due_at": stamp(until), GSI_SK: stamp(until), "error": error}
        update = self._table.setting(
            pk(follow_up_id),
            FOLLOW_UP,
            changes,
            condition="attribute_exists(#pk)",
            values={"one": 1},
        )
        update["UpdateExpression"] += " ADD attempts :one"
        try:
            ask(self._table.client.update_item, **update)
        except WriteRefused:
            return


def item_of(follow_up: FollowUp) -> Item:
    """The row; a booking writes its own within its transaction."""
    keys = {
        PK: pk(follow_up.follow_up_id),
        SK: FOLLOW_UP,
        GSI_PK: DELIVERY if follow_up.kind.is_delivery else FOLLOW_UP,
        GSI_SK: stamp(follow_up.due_at),
    }
    return pack(row_of(follow_up) | keys)


def puts(jobs: str, follow_ups: Iterable[FollowUp]) -> list[dict[str, Any]]:
    """Writes of a transaction that leave follow-ups; `jobs` is the table's physical name."""
    return [{"Put": {"TableName": jobs, "Item": item_of(each)}} for each in follow_ups]


def _seen(key: str) -> str:
    return f"{SEEN}#{key}"


def pk(follow_up_id: str) -> str:
    return f"{FOLLOW_UP}#{follow_up_id}"
