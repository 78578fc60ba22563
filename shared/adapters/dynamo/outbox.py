"""Events on their way: items beside the row they tell of, found through its table's own index.

They are written in the transaction that changes the row, and go in the one that leaves a delivery
for each that is to hear of it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.actions.events.ports import Untold
from shared.adapters.dynamo.follow_ups import DELIVERY, FOLLOW_UP, pk, puts
from shared.adapters.dynamo.rows import (
    Cancelled,
    Item,
    Pause,
    Table,
    WriteRefused,
    jittered_sleep,
    key,
    model_of,
    pack,
    stamp,
    transact,
)
from shared.domain.models import FollowUp
from shared.domain.models.event import Event, event_json, event_of
from shared.schema import CALLS, GSI_PK, GSI_SK, INDEXES, JOBS, PAYMENTS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OUTBOX, PARKED = "OUTBOX", "PARKED"
# An index follows its table within a moment. Until then an earlier event may not be found yet.
INDEXED = timedelta(seconds=2)


class DynamoOutbox:
    """Implements `shared.actions.events.ports.Outbox`."""

    def __init__(
        self, client: "DynamoDBClient", prefix: str, *, pause: Pause = jittered_sleep
    ) -> None:
        self._client, self._pause = client, pause
        self._tables = [Table(client, prefix, table) for table in (CALLS, JOBS, PAYMENTS)]
        self._indexes = [INDEXES[table] for table in (CALLS, JOBS, PAYMENTS)]
        self._jobs = Table(client, prefix, JOBS)

    def due(self, now: datetime) -> list[Untold]:
        """Of all three tables, in the order they happened."""
        found = [
            Untold(event_of(item["event"]["S"]), table.name, item[GSI_SK]["S"])
            for table, index in zip(self._tables, self._indexes, strict=True)
            for item in table.query(
                f"{GSI_PK} = :pk AND {GSI_SK} <= :now",
                {"pk": OUTBOX, "now": stamp(now)},
                IndexName=index,
            )
        ]
        return sorted(found, key=lambda each: each.event.at)

    def hand_on(self, untold: Untold, deliveries: Iterable[FollowUp]) -> bool:
        gone = {
            "TableName": untold.where,
            "Key": key(_pk(untold.event), OUTBOX),
            # A call that came to another outcome meanwhile has put its event off, or renewed it.
            "ConditionExpression": f"{GSI_SK} = :seen",
            "ExpressionAttributeValues": {":seen": {"S": untold.due}},
        }
        try:
            transact(
                self._client,
                [{"Delete": gone}, *puts(self._jobs.name, deliveries)],
                pause=self._pause,
            )
        except Cancelled:
            return False
        return True

    def deliveries(self) -> list[FollowUp]:
        return self._under(DELIVERY)

    def parked(self) -> list[FollowUp]:
        return self._under(PARKED)

    def _under(self, index_key: str) -> list[FollowUp]:
        items = self._jobs.query(f"{GSI_PK} = :pk", {"pk": index_key}, IndexName=INDEXES[JOBS])
        return [model_of(FollowUp, item) for item in items]

    def park(self, delivery_id: str, *, until: datetime) -> None:
        try:
            self._jobs.change(
                pk(delivery_id),
                FOLLOW_UP,
                {GSI_PK: PARKED, TTL: int(until.timestamp())},
                condition="attribute_exists(#pk)",
            )
        except WriteRefused:
            return

    def again(self, delivery_id: str, *, at: datetime) -> bool:
        now = stamp(at)
        changes = {GSI_PK: DELIVERY, GSI_SK: now, "due_at": now, "again_at": now, "attempts": 0}
        try:
            self._jobs.change(
                pk(delivery_id), FOLLOW_UP, changes, condition="attribute_exists(#pk)"
            )
        except WriteRefused:
            return False
        return True


def told(table: str, events: Iterable[Event], *, due: datetime | None = None) -> list[Any]:
    """Writes of a transaction that leave `events` in `table`, by its physical name, to be told
    from `due` on; at once where it is None."""
    return [{"Put": {"TableName": table, "Item": item_of(event, due)}} for event in events]


def item_of(event: Event, due: datetime | None = None) -> Item:
    """One event as it waits."""
    at = stamp(due or event.at + INDEXED)
    return pack(
        {PK: _pk(event), SK: OUTBOX, GSI_PK: OUTBOX, GSI_SK: at, "event": event_json(event)}
    )


def _pk(event: Event) -> str:
    return f"EVENT#{event.id}"
