"""The agent_turns table: what was said and done, written in batches off the audio path."""

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamo.calls import DAY_S, pk
from shared.adapters.dynamo.rows import (
    FIRST_PAUSE_S,
    TRIES,
    Pause,
    Table,
    ask,
    jittered_sleep,
    model_of,
    pack,
    row_of,
)
from shared.domain.errors import PortError
from shared.domain.models import Turn
from shared.schema import AGENT_TURNS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 25  # what one BatchWriteItem takes


class DynamoTurns:
    """Implements `shared.actions.ports.Turns`. Rows expire after `keep_days`, else never."""

    def __init__(
        self,
        client: "DynamoDBClient",
        prefix: str,
        *,
        keep_days: int | None = None,
        pause: Pause = jittered_sleep,
    ) -> None:
        self._table = Table(client, prefix, AGENT_TURNS)
        self._keep_days, self._pause = keep_days, pause

    def add(self, turns: Iterable[Turn]) -> None:
        """Write rows. Raises PortError when DynamoDB took not all of them."""
        # One batch may not name a row twice; the newest counts.
        newest = {(turn.call_sid, turn.seq): turn for turn in turns}
        waiting = iter(newest.values())
        while batch := list(itertools.islice(waiting, BATCH)):
            self._write([{"PutRequest": {"Item": pack(self._row(turn))}} for turn in batch])

    def of(self, call_sid: str) -> list[Turn]:
        items = self._table.query("pk = :pk", {"pk": pk(call_sid)})
        return [model_of(Turn, item) for item in items]

    def _write(self, requests: list[dict[str, Any]]) -> None:
        for attempt in range(TRIES):
            answer = ask(
                self._table.client.batch_write_item, RequestItems={self._table.name: requests}
            )
            requests = answer.get("UnprocessedItems", {}).get(self._table.name, [])
            if not requests:
                return
            self._pause(FIRST_PAUSE_S * 2**attempt)
        raise PortError("dynamodb BatchWriteItem: items left over")

    def _row(self, turn: Turn) -> dict[str, Any]:
        row = row_of(turn) | {PK: pk(turn.call_sid), SK: f"T#{turn.seq:06d}"}
        if self._keep_days is not None:
            row[TTL] = int(turn.at.timestamp()) + self._keep_days * DAY_S
        return row
