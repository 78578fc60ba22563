"""What is counted over the calls of a stage, in the calls table."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.actions.stage_state import CallerState, StageState
from shared.adapters.dynamo.rows import Table, WriteRefused, ask, key, pack_value, unpack
from shared.domain.money import Cents
from shared.schema import CALLS, TTL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HEALTH: Final = "HEALTH"
CALLER: Final = "RECENT"
SPENT: Final = "SPENT"
TOLD: Final = "TOLD"
KEPT: Final = 10  # ends of calls
ANY: Final = "attribute_not_exists(#probed_at) OR attribute_exists(#probed_at)"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class DynamoAdmissions:
    """Implements `shared.actions.stage_state.Admissions`.

    The newest ten ends stand in one row: `n` counts all that were written, and the one of number n
    has the place `end<n mod 10>`, true where the call lost the model.
    """

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._table = Table(client, prefix, CALLS)

    def state(self, now: datetime) -> StageState:
        health = unpack(self._table.get("MODEL", HEALTH) or {})
        spent = unpack(self._table.get(_today(SPENT, now), SPENT) or {})
        lost = sum(bool(health.get(f"end{place}")) for place in range(KEPT))
        return StageState(lost=lost, spent=Cents(int(spent.get("cents", 0))))

    def ended(self, *, lost: bool) -> None:
        number = self._add("MODEL", HEALTH, "n", 1, None)
        self._table.change("MODEL", HEALTH, {f"end{number % KEPT}": lost}, condition=ANY)

    def recovered(self) -> None:
        none = {f"end{place}": False for place in range(KEPT)}
        self._table.change("MODEL", HEALTH, none, condition=ANY)

    def probe(self, now: datetime, *, every: timedelta) -> bool:
        at = int(now.timestamp())
        try:
            self._table.change(
                "MODEL",
                HEALTH,
                {"probed_at": at},
                condition="attribute_not_exists(#probed_at) OR #probed_at <= :before",
                values={"before": at - int(every.total_seconds())},
            )
        except WriteRefused:
            return False
        return True

    def first_today(self, what: str, now: datetime) -> bool:
        told = {TTL: int((now + 2 * _DAY).timestamp())}
        new = f"attribute_not_exists(#{TTL})"
        try:
            self._table.change(_today(TOLD, now), what, told, condition=new)
        except WriteRefused:
            return False
        return True

    def called(self, business_id: str, caller: str, now: datetime) -> CallerState:
        hour = f"{now.astimezone(UTC):%Y-%m-%dT%H}"
        changed = self._change(_caller(business_id, caller), CALLER, hour, 1, now + 2 * _HOUR)
        cut_call, until = changed.get("cut_call"), int(changed.get("cut_until", 0))
        is_kept = cut_call is not None and now.timestamp() < until
        return CallerState(int(changed[hour]), str(cut_call) if is_kept else None)

    def cut_off(self, business_id: str, caller: str, call_sid: str, *, until: datetime) -> None:
        kept = {"cut_call": call_sid, "cut_until": int(until.timestamp())}
        kept[TTL] = int((until + 2 * _HOUR).timestamp())
        self._table.change(_caller(business_id, caller), CALLER, kept, condition=ANY)

    def called_back(self, business_id: str, caller: str, call_sid: str) -> None:
        with suppress(WriteRefused):  # another call was cut off since
            self._table.change(
                _caller(business_id, caller),
                CALLER,
                {"cut_until": 0},
                condition="#cut_call = :call_sid",
                values={"call_sid": call_sid},
            )

    def spend(self, spent: Cents, now: datetime) -> None:
        self._add(_today(SPENT, now), SPENT, "cents", spent, now + 2 * _DAY)

    def _add(self, pk: str, sk: str, name: str, more: int, until: datetime | None) -> int:
        """Add to a number of a row, and return what it is then."""
        return int(self._change(pk, sk, name, more, until)[name])

    def _change(
        self, pk: str, sk: str, name: str, more: int, until: datetime | None
    ) -> dict[str, Any]:
        """Add to a number of a row, and return all of the row as it is then."""
        expires = {} if until is None else {":until": pack_value(int(until.timestamp()))}
        names = {"#n": name} | ({} if until is None else {"#until": TTL})
        changed = ask(
            self._table.client.update_item,
            TableName=self._table.name,
            Key=key(pk, sk),
            UpdateExpression="ADD #n :more" + ("" if until is None else " SET #until = :until"),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={":more": pack_value(more)} | expires,
            ReturnValues="ALL_NEW",
        )
        return unpack(changed["Attributes"])


def _caller(business_id: str, caller: str) -> str:
    return f"CALLER#{business_id}#{caller}"


def _today(what: str, now: datetime) -> str:
    return f"{what}#{now.astimezone(UTC):%Y-%m-%d}"
