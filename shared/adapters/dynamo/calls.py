"""The calls table: one row per call, every write conditional."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.actions.events import of_rows
from shared.adapters.dynamo import outbox
from shared.adapters.dynamo.rows import (
    Cancelled,
    Pause,
    Table,
    WriteRefused,
    jittered_sleep,
    model_of,
    pack,
    row_of,
    stamp,
    transact,
    utc_now,
)
from shared.domain.models import Call, Escalation
from shared.domain.models.event import Event
from shared.domain.outcomes import CallStage
from shared.schema import CALLS, GSI_PK, GSI_SK, INDEXES, META, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY_S = 86_400
EXISTS = "attribute_exists(#pk)"
# What, once it is known, others are told of in the same transaction.
TOLD = {"hazard", "callback"}
# An outcome that waits for what becomes of a dial is told as it stands then: no talk is longer.
FINAL_AT_LAST = timedelta(hours=4)


class DynamoCalls:
    """Implements `shared.actions.ports.Calls`. Rows expire after `keep_days`, else never."""

    def __init__(
        self,
        client: "DynamoDBClient",
        prefix: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        pause: Pause = jittered_sleep,
        keep_days: int | None = None,
    ) -> None:
        self._table = Table(client, prefix, CALLS)
        self._clock, self._pause, self._keep_days = clock, pause, keep_days

    def open(self, call: Call) -> bool:
        """Write the row; False when it was there. This is what makes a token single-use."""
        row = row_of(call) | {
            PK: pk(call.call_sid),
            SK: META,
            GSI_PK: _month(call.business_id, call.started_at),
            GSI_SK: stamp(call.started_at),
        }
        if self._keep_days is not None:
            row[TTL] = int(call.started_at.timestamp()) + self._keep_days * DAY_S
        try:
            self._table.put(pack(row), condition="attribute_not_exists(pk)")
        except WriteRefused:
            return False
        return True

    def get(self, call_sid: str) -> Call | None:
        item = self._table.get(pk(call_sid), META)
        return None if item is None else model_of(Call, item)

    def note(self, call_sid: str, **changes: object) -> None:
        """Set fields; None clears nothing, and a stage never goes back.

        Raises:
            LookupError: there is no such row.
        """
        given = _fields(changes)
        stage = given.pop("stage", None)
        if given and not (given.keys() & TOLD and self._told(call_sid, given)):
            try:
                self._table.change(pk(call_sid), META, given, condition=EXISTS)
            except WriteRefused as exc:
                raise LookupError(call_sid) from exc
        if stage is not None:
            self._reach(call_sid, CallStage(str(stage)))

    def _told(self, call_sid: str, given: dict[str, object]) -> bool:
        """Set the fields and leave the events they make; False where they make none, or another
        was quicker."""
        before = self.get(call_sid)
        if before is None:
            return False
        events = of_rows.learned(before, before.model_copy(update=given), self._clock())
        new = " AND ".join(
            f"(attribute_not_exists(#{n}) OR #{n} <> :{n})" for n in given.keys() & TOLD
        )
        return bool(events) and self._with_events(call_sid, given, f"{EXISTS} AND {new}", events)

    def conclude(self, call: Call, *, final: bool) -> None:
        """Write the outcome, and leave its event beside it with the first; renew one that waits."""
        given = _fields({"outcome": call.outcome, "bookable": call.bookable})
        at = self._clock()
        events = of_rows.completed(call, at)
        due = None if final else at + FINAL_AT_LAST
        first = f"{EXISTS} AND attribute_not_exists(#outcome)"
        if self._with_events(call.call_sid, given, first, events, due):
            return
        self.note(call.call_sid, **given)
        for event in events if final else ():
            try:
                # It has not been told yet: what is told is the outcome that is final.
                self._table.put(outbox.item_of(event), condition="attribute_exists(pk)")
            except WriteRefused:
                return

    def of_business(self, business_id: str, since: datetime, until: datetime) -> list[Call]:
        """The newest first, month by month of the index."""
        # From the month's first midnight on: a month that has just begun is one of them, too.
        at = since.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        found: list[Call] = []
        while at <= until:
            month = self._table.query(
                "#pk = :pk AND #sk BETWEEN :since AND :until",
                {
                    "pk": _month(business_id, at),
                    "since": stamp(since),
                    "until": stamp(until),
                },
                IndexName=INDEXES[CALLS],
                ExpressionAttributeNames={"#pk": GSI_PK, "#sk": GSI_SK},
            )
            found += [model_of(Call, item) for item in month]
            at = (at + timedelta(days=32)).replace(day=1)
        return sorted(found, key=lambda call: call.started_at, reverse=True)

    def _with_events(
        self,
        call_sid: str,
        given: dict[str, object],
        condition: str,
        events: list[Event],
        due: datetime | None = None,
    ) -> bool:
        update = self._table.setting(pk(call_sid), META, given, condition=condition)
        left = outbox.told(self._table.name, events, due=due)
        writes: list[Any] = [{"Update": update}, *left]
        try:
            transact(self._table.client, writes, pause=self._pause)
        except Cancelled:
            return False
        return True

    def _reach(self, call_sid: str, stage: CallStage) -> None:
        """Set the stage in one write that only goes through while the row's is an earlier one."""
        earlier = {f"earlier{n}": s for n, s in enumerate(CallStage) if stage.is_after(s)}
        behind = " OR ".join(f"#stage = :{name}" for name in earlier) or "#stage = :none"
        try:
            self._table.change(
                pk(call_sid),
                META,
                {"stage": stage},
                condition=f"{EXISTS} AND ({behind})",
                values=earlier or {"none": ""},
            )
        except WriteRefused as exc:
            self._must_exist(call_sid, exc)

    def escalate(self, call_sid: str, escalation: Escalation) -> bool:
        """Keep the intent where it replaces what is there. Raises LookupError without a row."""
        before = {f"before{n}": result for n, result in enumerate(escalation.replaces)}
        behind = " OR ".join(f"#escalation.#result = :{name}" for name in before)
        try:
            self._table.change(
                pk(call_sid),
                META,
                {"escalation": row_of(escalation)},
                condition=f"{EXISTS} AND (attribute_not_exists(#escalation) OR {behind})",
                values=before,
            )
        except WriteRefused as exc:
            self._must_exist(call_sid, exc)
            return False
        return True

    def acknowledge(self, call_sid: str, phone: str, *, at: datetime) -> bool:
        """One conditional write: of two at once one has it. Raises LookupError without a row."""
        return self._once(call_sid, "acknowledged_at", at, acknowledged_by=phone)

    def end(self, call_sid: str, *, at: datetime, **changes: object) -> bool:
        """End the row once. Raises LookupError when there is none."""
        return self._once(call_sid, "ended_at", at, **changes)

    def _once(self, call_sid: str, field: str, at: datetime, **changes: object) -> bool:
        """Set `field` and `changes` where the row has no such field yet."""
        try:
            self._table.change(
                pk(call_sid),
                META,
                _fields({**changes, field: at}),
                condition=f"{EXISTS} AND attribute_not_exists(#{field})",
            )
        except WriteRefused as exc:
            self._must_exist(call_sid, exc)
            return False
        return True

    def _must_exist(self, call_sid: str, exc: WriteRefused) -> None:
        if self._table.get(pk(call_sid), META) is None:
            raise LookupError(call_sid) from exc


def _month(business_id: str, at: datetime) -> str:
    return f"BIZ#{business_id}#{at.astimezone(UTC):%Y-%m}"


def pk(call_sid: str) -> str:
    return f"CALL#{call_sid}"


def _fields(changes: dict[str, object]) -> dict[str, object]:
    unknown = changes.keys() - Call.model_fields.keys()
    if unknown:
        raise TypeError(f"a call has no {', '.join(sorted(unknown))}")
    return {name: value for name, value in changes.items() if value is not None}
