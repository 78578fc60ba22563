"""The calls table: one row per call, every write conditional."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.adapters.dynamo.rows import Table, WriteRefused, model_of, pack, row_of, stamp
from shared.domain.models import Call, Escalation
from shared.domain.outcomes import CallStage
from shared.schema import CALLS, GSI_PK, GSI_SK, META, PK, SK, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY_S = 86_400
EXISTS = "attribute_exists(#pk)"


class DynamoCalls:
    """Implements `shared.actions.ports.Calls`. Rows expire after `keep_days`, else never."""

    def __init__(
        self, client: "DynamoDBClient", prefix: str, *, keep_days: int | None = None
    ) -> None:
        self._table = Table(client, prefix, CALLS)
        self._keep_days = keep_days

    def open(self, call: Call) -> bool:
        """Write the row; False when it was there. This is what makes a token single-use."""
        row = row_of(call) | {
            PK: pk(call.call_sid),
            SK: META,
            GSI_PK: f"BIZ#{call.business_id}#{call.started_at.astimezone(UTC):%Y-%m}",
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
        if given:
            try:
                self._table.change(pk(call_sid), META, given, condition=EXISTS)
            except WriteRefused as exc:
                raise LookupError(call_sid) from exc
        if stage is not None:
            self._reach(call_sid, CallStage(str(stage)))

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

    def end(self, call_sid: str, *, at: datetime, **changes: object) -> bool:
        """End the row once. Raises LookupError when there is none."""
        try:
            self._table.change(
                pk(call_sid),
                META,
                _fields({**changes, "ended_at": at}),
                condition=f"{EXISTS} AND attribute_not_exists(#ended_at)",
            )
        except WriteRefused as exc:
            self._must_exist(call_sid, exc)
            return False
        return True

    def _must_exist(self, call_sid: str, exc: WriteRefused) -> None:
        if self._table.get(pk(call_sid), META) is None:
            raise LookupError(call_sid) from exc


def pk(call_sid: str) -> str:
    return f"CALL#{call_sid}"


def _fields(changes: dict[str, object]) -> dict[str, object]:
    unknown = changes.keys() - Call.model_fields.keys()
    if unknown:
        raise TypeError(f"a call has no {', '.join(sorted(unknown))}")
    return {name: value for name, value in changes.items() if value is not None}
