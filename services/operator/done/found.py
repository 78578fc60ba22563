"""What a stage keeps of one person, found by their phone number."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from services.operator.done.whose import Key, Whose, key_of, text_of
from services.operator.where.exports import Item
from services.operator.where.keepers import Keepers
from services.operator.where.trouble import CannotTell, of_aws
from shared import schema
from shared.domain.models import JobStatus

LIVE = timedelta(hours=1)  # no call is longer than 25 minutes, and the end is written after it
# In this order exports are rewritten: a call is what tells which turns are theirs, so it is last.
SCANNED = (schema.CALLS, schema.JOBS, schema.CUSTOMERS)  # turns are asked for by call
EXPORTED = (schema.AGENT_TURNS, schema.CUSTOMERS, schema.JOBS, schema.CALLS)


@dataclass(slots=True)
class Found:
    """All that is kept of one person."""

    whose: Whose
    heads: list[tuple[str, Item]] = field(default_factory=list)  # table, call or job: stripped
    gone: list[tuple[str, Key]] = field(default_factory=list)  # table and key of what is deleted
    messages: list[str] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    exports: list[tuple[str, str]] = field(default_factory=list)  # table and key of the object

    @property
    def nothing(self) -> bool:
        return not (self.heads or self.gone or self.messages or self.recordings or self.exports)


def find(keepers: Keepers, phone: str, now: datetime) -> Found:
    """All of it, by scans: no index knows a phone number.

    Raises:
        CannotTell: a table or Twilio cannot be asked; a call goes on, or a visit is to come.
    """
    rows = [(table, row) for table in SCANNED for row in _scan(keepers, table)]
    whose = Whose(phone)
    whose.learn([*_exported_heads(keepers), *rows])
    found = Found(whose)
    found.heads = [(table, row) for table, row in rows if whose.is_head_of_theirs(table, row)]
    _refuse_what_goes_on([row for _, row in found.heads], now)
    found.gone = [(table, key_of(row)) for table, row in rows if whose.goes(table, row)]
    for sid in sorted(whose.calls):
        found.gone += [(schema.AGENT_TURNS, key_of(row)) for row in _turns(keepers, sid)]
    if keepers.exports is not None:
        found.exports = [
            (table, key)
            for table, key in _exports(keepers)
            if any(whose.becomes(table, item) is not item for item in keepers.exports.items(key))
        ]
    if keepers.twilio is not None:
        found.messages = keepers.twilio.messages(phone, whose.is_named)
        calls = sorted(whose.calls | set(keepers.twilio.calls(phone)))
        found.recordings = [each for sid in calls for each in keepers.twilio.recordings(sid)]
    return found


def _exported_heads(keepers: Keepers) -> Iterator[tuple[str, Item]]:
    """Calls and jobs that exports still keep: rows expire sooner."""
    for table, key in _exports(keepers):
        if keepers.exports is not None and table in (schema.CALLS, schema.JOBS):
            yield from ((table, item) for item in keepers.exports.items(key))


def _exports(keepers: Keepers) -> list[tuple[str, str]]:
    kept = [] if keepers.exports is None else list(keepers.exports.objects())
    return sorted(((table, key) for key, table in kept if table in EXPORTED), key=_order)


def _order(at: tuple[str, str]) -> int:
    return EXPORTED.index(at[0])


def _refuse_what_goes_on(heads: list[Item], now: datetime) -> None:
    for row in heads:
        if "window" not in row:
            if not text_of(row, "ended_at") and _time(row, "started_at") > now - LIVE:
                raise CannotTell("a call of theirs goes on, or ended a moment ago: wait an hour")
            continue
        end = datetime.fromisoformat(row["window"]["M"]["end"]["S"])
        if text_of(row, "status") == JobStatus.SCHEDULED and end > now:
            raise CannotTell(
                f"job {text_of(row, 'job_id')}: the visit is still to come, and nobody could find "
                "the house. Cancel it, or wait until it was"
            )


def _scan(keepers: Keepers, table: str) -> Iterator[Item]:
    name = schema.table_name(keepers.prefix, table)
    try:
        for page in keepers.tables.get_paginator("scan").paginate(
            TableName=name, ConsistentRead=True
        ):
            yield from page["Items"]
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"table {name}") from exc


def _turns(keepers: Keepers, call_sid: str) -> Iterator[Item]:
    name = schema.table_name(keepers.prefix, schema.AGENT_TURNS)
    try:
        for page in keepers.tables.get_paginator("query").paginate(
            TableName=name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"CALL#{call_sid}"}},
            ConsistentRead=True,
        ):
            yield from page["Items"]
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"table {name}") from exc


def _time(row: Item, name: str) -> datetime:
    return datetime.fromisoformat(text_of(row, name))
