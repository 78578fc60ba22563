"""Hours in which a crew takes no job: locks like a job's, held by what they are blocked for.

A booking and a block want the same rows, so one of them is refused:

    block   13:00 to 17:00   locks ana 17Z to 20Z, their holder is "block"   written
    job     16:00 to 18:00   locks ana 20Z, 21Z                              refused: 20Z is there
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shared.actions.crew_blocks import HOLDER, CrewBusy, Held
from shared.adapters.dynamo import job_rows
from shared.adapters.dynamo.lock_writes import LockWrites
from shared.adapters.dynamo.rows import Cancelled, Pause, Table, jittered_sleep, transact
from shared.schema import JOBS, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORGOTTEN_AFTER = timedelta(days=35)  # once it is past


class DynamoBlocks:
    """Implements `shared.actions.crew_blocks.Blocks`."""

    def __init__(
        self, client: "DynamoDBClient", prefix: str, *, pause: Pause = jittered_sleep
    ) -> None:
        self._client, self._pause = client, pause
        self._table = Table(client, prefix, JOBS)
        self._writes = LockWrites(self._table.name)

    def held(
        self, business_id: str, crew: str, first: datetime, last: datetime
    ) -> Mapping[datetime, Held]:
        items = self._table.query(
            "pk = :pk AND sk BETWEEN :first AND :last",
            {
                "pk": job_rows.lock_pk(business_id, crew),
                "first": job_rows.hour_sk(first),
                "last": job_rows.hour_sk(last),
            },
        )
        return {
            datetime.strptime(item[SK]["S"], "%Y-%m-%dT%HZ").replace(tzinfo=UTC): Held(
                item["job_id"]["S"], item.get("reason", {}).get("S", "")
            )
            for item in items
        }

    def block(self, business_id: str, crew: str, hours: Iterable[datetime], reason: str) -> None:
        locks = [
            _lock(business_id, crew, hour)
            | {"job_id": HOLDER, "reason": reason, TTL: int((hour + FORGOTTEN_AFTER).timestamp())}
            for hour in hours
        ]
        self._transact([self._writes.take(lock, HOLDER) for lock in locks])

    def free(self, business_id: str, crew: str, hours: Iterable[datetime]) -> None:
        locks = [_lock(business_id, crew, hour) for hour in hours]
        self._transact([self._writes.free(lock, HOLDER) for lock in locks])

    def _transact(self, writes: list[dict[str, object]]) -> None:
        if not writes:
            return
        try:
            transact(self._client, writes, pause=self._pause)
        except Cancelled as exc:
            raise CrewBusy("a job holds one of the hours") from exc


def _lock(business_id: str, crew: str, hour: datetime) -> dict[str, object]:
    return {PK: job_rows.lock_pk(business_id, crew), SK: job_rows.hour_sk(hour)}
