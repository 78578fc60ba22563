"""The jobs table: jobs, and a lock for each hour a crew is held (its rows stand in `job_rows`).

Two windows that overlap share an hour, so their transactions cannot both succeed:

    job a   10:00 to 12:00   locks crew-1 10Z, crew-1 11Z      written
    job b   11:00 to 13:00   locks crew-1 11Z, crew-1 12Z      refused: 11Z is there already

Hours are UTC: when the clocks change, an hour on the wall comes twice or never. A job that moves
takes the hours it needs, keeps those it has, and gives the rest back, in one transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.actions.events import of_rows
from shared.actions.ports import JobChanged
from shared.adapters.dynamo import customers, job_rows, outbox
from shared.adapters.dynamo.calls import DAY_S
from shared.adapters.dynamo.follow_ups import puts
from shared.adapters.dynamo.lock_writes import LockWrites
from shared.adapters.dynamo.rows import (
    Cancelled,
    Pause,
    Table,
    WriteRefused,
    ask,
    jittered_sleep,
    key,
    model_of,
    pack_value,
    stamp,
    transact,
    utc_now,
)
from shared.domain.errors import WindowTaken
from shared.domain.models import Books, Customer, FollowUp, Hold, Job, JobStatus
from shared.schema import BY_BUSINESS, CUSTOMERS, GSI_PK, JOBS, META, SK, TTL, table_name

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoJobs:
    """Implements `shared.actions.ports.Jobs`. The low-level client: only it has transactions.

    A job, its hours and its customer expire `keep_days` after the visit, else never.
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
        self._table = Table(client, prefix, JOBS)
        self._writes = LockWrites(self._table.name)
        self._customers = table_name(prefix, CUSTOMERS)

    def book(self, job: Job, customer: Customer, follow_ups: Iterable[FollowUp] = ()) -> bool:
        """Job, locks, customer and follow-ups in one transaction. Raises WindowTaken."""
        expires = self._expires(job)
        locks = [self._writes.new(lock | expires) for lock in job_rows.locks(job).values()]
        writes = [
            self._writes.new(job_rows.row(job) | expires),
            *locks,
            {"Update": customers.upsert(self._customers, customer, expires.get(TTL))},
            self._writes.new(job_rows.call_row(job) | expires),
            self._writes.new(job_rows.phone_row(job) | expires),
            *self._told(follow_ups, of_rows.booked(job, self._clock())),
        ]
        try:
            transact(self._client, writes, pause=self._pause)
        except Cancelled as exc:
            if all(job_rows.is_ours(refused, job.job_id) for refused in exc.reasons if refused):
                return False
            raise WindowTaken(f"the window at {job.window.start.isoformat()} is taken") from exc
        return True

    def move(
        self,
        before: Job,
        after: Job,
        *,
        customer: Customer | None = None,
        follow_ups: Iterable[FollowUp] = (),
    ) -> bool:
        """Job, hours, customer and follow-ups in one transaction, each row named once.

        Raises WindowTaken, JobChanged.
        """
        held, needed = job_rows.locks(before), job_rows.locks(after)
        job_id = after.job_id
        hours = [
            *(
                self._writes.take(lock | self._expires(after), job_id)
                for at, lock in needed.items()
                if at not in held
            ),
            *(self._writes.still(lock, job_id) for at, lock in needed.items() if at in held),
        ]
        dropped = [self._writes.free(lock, job_id) for at, lock in held.items() if at not in needed]
        left = self._told(follow_ups, of_rows.moved(before, after, self._clock()))
        writes = [{"Update": self._moved(before, after)}, *hours, *dropped, *left]
        if after.phone.normalised != before.phone.normalised:
            row = job_rows.phone_row(after) | self._expires(after)
            writes.append(self._writes.take(row, job_id))
        if customer is not None:
            until = self._expires(after).get(TTL)
            writes.append({"Update": customers.upsert(self._customers, customer, until)})
        try:
            transact(self._client, writes, pause=self._pause)
        except Cancelled as exc:
            return self._not_moved(after, exc, exc.reasons[1 : 1 + len(hours)])
        return True

    def _expires(self, job: Job) -> dict[str, int]:
        """The attribute by which DynamoDB deletes what belongs to the job; none to keep it."""
        if self._keep_days is None:
            return {}
        return {TTL: int(job.window.end.timestamp()) + self._keep_days * DAY_S}

    def _not_moved(self, after: Job, exc: Cancelled, hours: Sequence[WriteRefused | None]) -> bool:
        """Why: False for our own retry. The row itself decides, whatever its hours say."""
        now = self.get(after.job_id)
        if now is not None and job_rows.is_as(now, after):
            return False
        if exc.reasons[0] is None and any(hours):
            raise WindowTaken(f"the window at {after.window.start.isoformat()} is taken") from exc
        raise JobChanged(after.job_id) from exc

    def _moved(self, before: Job, after: Job) -> dict[str, Any]:
        """The job's row from `before` to `after`, on condition that nothing the decision rested on
        has changed: not its version, window or crew, not what is paid, not its session."""
        was = job_rows.row(before) | self._expires(before)
        now = job_rows.row(after) | self._expires(after)
        changed = {name: value for name, value in now.items() if was.get(name) != value}
        read = {name: was[name] for name in job_rows.AS_READ}
        condition = " AND ".join(f"#{name} = :was_{name}" for name in read)
        update = self._table.setting(
            job_rows.pk(after.job_id),
            META,
            changed,
            condition=f"{condition} AND {job_rows.at_version(before)}",
            values={f"was_{name}": value for name, value in read.items()}
            | job_rows.version_values(before),
        )
        if gone := sorted(was.keys() - now.keys()):
            update["UpdateExpression"] += " REMOVE " + ", ".join(f"#{name}" for name in gone)
            update["ExpressionAttributeNames"] |= {f"#{name}": name for name in gone}
        return update

    def get(self, job_id: str) -> Job | None:
        item = self._table.get(job_rows.pk(job_id), META)
        return None if item is None else model_of(Job, item)

    def of_call(self, call_sid: str) -> list[str]:
        found = {"pk": f"CALL#{call_sid}", "job": "JOB#"}
        items = self._table.query("pk = :pk AND begins_with(sk, :job)", found)
        return [item["job_id"]["S"] for item in items]

    def of_phone(self, business_id: str, phone: str) -> list[Job]:
        items = self._table.query(
            "pk = :pk AND begins_with(sk, :job)",
            {"pk": job_rows.phone_pk(business_id, phone), "job": "JOB#"},
        )
        found = (self.get(item["job_id"]["S"]) for item in items)
        # A number that was put right since finds it no more.
        return [job for job in found if job is not None and job.phone.normalised == phone]

    def held(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> set[Hold]:
        return set(self.holders(business_id, crews, first, last))

    def holders(
        self, business_id: str, crews: Iterable[str], first: datetime, last: datetime
    ) -> dict[Hold, str]:
        """One query for each crew."""
        span = {"first": job_rows.hour_sk(first), "last": job_rows.hour_sk(last)}
        return {
            (crew, job_rows.hour_of(item[SK]["S"])): item["job_id"]["S"]
            for crew in crews
            for item in self._table.query(
                "pk = :pk AND sk BETWEEN :first AND :last",
                {"pk": job_rows.lock_pk(business_id, crew), **span},
            )
        }

    def add_note(self, job_id: str, note: str) -> None:
        """Append once. Raises LookupError when there is no such job."""
        try:
            ask(
                self._client.update_item,
                TableName=self._table.name,
                Key=key(job_rows.pk(job_id), META),
                UpdateExpression="SET #notes = list_append(if_not_exists(#notes, :none), :notes)",
                ConditionExpression="attribute_exists(pk) AND NOT contains(#notes, :note)",
                ExpressionAttributeNames={"#notes": "notes"},
                ExpressionAttributeValues={
                    ":none": {"L": []},
                    ":notes": pack_value([note]),
                    ":note": pack_value(note),
                },
            )
        except WriteRefused as exc:
            if self._table.get(job_rows.pk(job_id), META) is None:
                raise LookupError(job_id) from exc

    def open_deposit(self, job_id: str, *, number: int, session_id: str) -> bool:
        try:
            self._table.change(
                job_rows.pk(job_id),
                META,
                {"checkout_number": number, "checkout_session_id": session_id},
                condition=f"{job_rows.OWED} AND #checkout_number = :before",
                values={**job_rows.OWED_VALUES, "before": number - 1},
            )
        except WriteRefused:
            return False
        return True

    def remind(self, job_id: str, *, at: datetime, follow_ups: Iterable[FollowUp] = ()) -> bool:
        reminded = self._table.setting(
            job_rows.pk(job_id),
            META,
            {"reminded_at": stamp(at)},
            condition=f"{job_rows.OWED} AND attribute_not_exists(#reminded_at)",
            values=job_rows.OWED_VALUES,
        )
        return self._written([{"Update": reminded}, *self._told(follow_ups)])

    def visit_reminded(self, job_id: str, *, at: datetime) -> None:
        said = {"visit_reminded_at": stamp(at)}
        self._table.change(job_rows.pk(job_id), META, said, condition="attribute_exists(#pk)")

    def close(
        self, job_id: str, status: JobStatus, *, at: datetime, follow_ups: Iterable[FollowUp] = ()
    ) -> bool:
        """Cancel or release, and give back the hours that are still this job's."""
        job = self.get(job_id)
        return job is not None and not job.deposit_paid and self._close(job, status, at, follow_ups)

    def cancel(self, job: Job, *, at: datetime, follow_ups: Iterable[FollowUp] = ()) -> bool:
        return self._close(job, JobStatus.CANCELLED, at, follow_ups)

    def _close(
        self, job: Job, status: JobStatus, at: datetime, follow_ups: Iterable[FollowUp]
    ) -> bool:
        closed = self._ended(job, {"status": status.value, "closed_at": stamp(at)})
        free = [self._writes.free(lock, job.job_id) for lock in job_rows.locks(job).values()]
        left = self._told(follow_ups, of_rows.closed(job, status, self._clock()))
        return self._written([{"Update": closed}, *free, *left])

    def _ended(self, job: Job, changes: dict[str, Any]) -> dict[str, Any]:
        """The job's row with its end, as it was read: one that was paid meanwhile ends otherwise,
        and one that was moved holds other hours than those given back."""
        condition = "#status = :scheduled AND #deposit_paid = :was_paid"
        return self._table.setting(
            job_rows.pk(job.job_id),
            META,
            changes,
            condition=f"{condition} AND {job_rows.at_version(job)}",
            values={
                "scheduled": JobStatus.SCHEDULED.value,
                "was_paid": job.deposit_paid,
                **job_rows.version_values(job),
            },
        )

    def complete(self, job: Job, books: Books) -> bool:
        done = self._ended(
            job,
            {"status": JobStatus.COMPLETED.value, "books": books, "closed_at": stamp(books.at)},
        )
        ahead = {job_rows.hour_sk(hour) for _, hour in job.holds if hour > books.at}
        locks = [lock for lock in job_rows.locks(job).values() if lock[SK] in ahead]
        free = [self._writes.free(lock, job.job_id) for lock in locks]
        return self._written([{"Update": done}, *free])

    def of_business(self, business_id: str, day: str) -> list[Job]:
        items = self._table.query(
            f"{GSI_PK} = :pk", {"pk": job_rows.day_pk(business_id, day)}, IndexName=BY_BUSINESS
        )
        return [model_of(Job, item) for item in items]

    def _written(self, writes: list[dict[str, Any]]) -> bool:
        try:
            transact(self._client, writes, pause=self._pause)
        except Cancelled:
            return False
        return True

    def _told(self, follow_ups: Iterable[FollowUp], events: Iterable[Any] = ()) -> list[Any]:
        return puts(self._table.name, follow_ups) + outbox.told(self._table.name, events)
