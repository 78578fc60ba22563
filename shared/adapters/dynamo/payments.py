"""The payments table: one row a payment, and the ids of the events that were settled."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.actions.events import of_rows
from shared.actions.ports import JobChanged
from shared.adapters.dynamo import outbox
from shared.adapters.dynamo.follow_ups import puts
from shared.adapters.dynamo.rows import (
    Cancelled,
    Pause,
    Table,
    jittered_sleep,
    key,
    model_of,
    pack,
    row_of,
    stamp,
    transact,
    utc_now,
)
from shared.domain.models import FollowUp, Job, JobStatus, Payment
from shared.schema import BY_JOB, GSI_PK, GSI_SK, JOBS, META, PAYMENTS, PK, SK, TTL, table_name

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVENT = "EVENT"
# Stripe tries for three days, and its dashboard sends events of the last weeks again.
REMEMBER = timedelta(days=30)

NEW = "attribute_not_exists(pk)"


class DynamoPayments:
    """Implements `shared.actions.ports.Payments`. `clock` is real time: DynamoDB expires by it.

    A payment expires `keep_days` after the last news of it, else never.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        prefix: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        pause: Pause = jittered_sleep,
        keep_days: int | None = None,
    ) -> None:
        self._client, self._clock, self._pause = client, clock, pause
        self._keep_days = keep_days
        self._table = Table(client, prefix, PAYMENTS)
        self._jobs = table_name(prefix, JOBS)

    def settle(
        self,
        payment: Payment,
        job: Job | None,
        *,
        event_id: str,
        before: Payment | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        """Stripe's event, row, the job's flag and what is to be told of it in one transaction.

        Returns False, and changes nothing, when the event was there already.

        Raises:
            JobChanged: row or job are not as they were read.
            PortError: DynamoDB failed; nothing was written, or all.
        """
        writes = [self._event(event_id), self._row(payment, before)]
        if job is not None:
            writes.append(self._paid(job, payment) if payment.held else self._unpaid(job, payment))
        if job is not None and payment.held:
            writes += outbox.told(self._table.name, of_rows.paid(job, payment, self._clock()))
        writes += puts(self._jobs, follow_ups)  # rows of the jobs table
        try:
            transact(self._client, writes, pause=self._pause)
        except Cancelled as exc:
            if exc.reasons[0]:
                return False
            raise JobChanged(payment.payment_id) from exc
        return True

    def get(self, payment_id: str) -> Payment | None:
        item = self._table.get(f"PAY#{payment_id}", META)
        return None if item is None else model_of(Payment, item)

    def of_job(self, job_id: str) -> list[Payment]:
        """In the order they came; a row of this moment may still be missing."""
        items = self._table.query(f"{GSI_PK} = :pk", {"pk": f"JOB#{job_id}"}, IndexName=BY_JOB)
        return [model_of(Payment, item) for item in items]

    def _event(self, event_id: str) -> dict[str, Any]:
        until = int((self._clock() + REMEMBER).timestamp())
        row = {PK: f"EVT#{event_id}", SK: EVENT, TTL: until}
        return {
            "Put": {"TableName": self._table.name, "Item": pack(row), "ConditionExpression": NEW}
        }

    def _row(self, payment: Payment, before: Payment | None) -> dict[str, Any]:
        row = row_of(payment) | {
            PK: f"PAY#{payment.payment_id}",
            SK: META,
            GSI_PK: f"JOB#{payment.job_id}",
            GSI_SK: stamp(payment.at),
        }
        if self._keep_days is not None:
            row[TTL] = int((self._clock() + timedelta(days=self._keep_days)).timestamp())
        put: dict[str, Any] = {"TableName": self._table.name, "Item": pack(row)}
        if before is None:
            return {"Put": put | {"ConditionExpression": NEW}}
        # Each change of a row is by another event, so the event is the row's version.
        put["ConditionExpression"] = "event_id = :before"
        put["ExpressionAttributeValues"] = {":before": {"S": before.event_id}}
        return {"Put": put}

    def _paid(self, job: Job, payment: Payment) -> dict[str, Any]:
        return self._flag(
            job,
            update="SET deposit_paid = :paid, payment_id = :payment",
            # A job paid, cancelled or released since it was read does not owe this money.
            condition="deposit_paid = :unpaid AND #status = :scheduled AND deposit = :amount",
            names={"#status": "status"},
            values={
                ":paid": {"BOOL": True},
                ":unpaid": {"BOOL": False},
                ":payment": {"S": payment.payment_id},
                ":scheduled": {"S": JobStatus.SCHEDULED.value},
                ":amount": {"N": str(job.deposit)},
            },
        )

    def _unpaid(self, job: Job, payment: Payment) -> dict[str, Any]:
        return self._flag(
            job,
            update="SET deposit_paid = :unpaid REMOVE payment_id",
            condition="payment_id = :payment",
            values={":unpaid": {"BOOL": False}, ":payment": {"S": payment.payment_id}},
        )

    def _flag(
        self,
        job: Job,
        *,
        update: str,
        condition: str,
        values: dict[str, Any],
        names: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        change: dict[str, Any] = {
            "TableName": self._jobs,
            "Key": key(f"JOB#{job.job_id}", META),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }
        return {"Update": change | ({"ExpressionAttributeNames": names} if names else {})}
