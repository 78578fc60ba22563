"""What a stage keeps of one person, found by their phone number."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.exports import Item
from services.operator.where.keepers import Keepers
from services.operator.where.trouble import CannotTell, of_aws
from shared import schema
from shared.domain.models import JobStatus

Key = tuple[str, str]  # pk and sk
LIVE = timedelta(hours=1)  # no call is longer than 25 minutes, and the end is written after it
FOLLOW_UP, FORGOTTEN = "FOLLOWUP", "forgotten"


@dataclass(slots=True)
class Found:
    """All that is kept of one person, outside the exports."""

    phone: str
    calls: list[Item] = field(default_factory=list)
    jobs: list[Item] = field(default_factory=list)
    gone: list[tuple[str, Key]] = field(default_factory=list)  # table and key of what is deleted
    messages: list[str] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)

    @property
    def sids(self) -> set[str]:
        return {text_of(call, "call_sid") for call in self.calls}

    @property
    def nothing(self) -> bool:
        return not (self.calls or self.jobs or self.gone or self.messages or self.recordings)


def find(keepers: Keepers, phone: str, now: datetime) -> Found:
    """All of it, by two scans: no index knows a phone number.

    Raises:
        CannotTell: a table or Twilio cannot be asked; a call goes on, or a visit is to come.
    """
    found = Found(phone)
    jobs = list(_scan(keepers, schema.JOBS))
    calls = list(_scan(keepers, schema.CALLS))
    own = {text_of(c, "call_sid") for c in calls if text_of(c, "caller") == phone}
    found.jobs = [
        j
        for j in jobs
        if j[schema.SK]["S"] == schema.META
        and (_contact(j, "phone") == phone or text_of(j, "call_sid") in own)
        and text_of(j, "customer_name") != FORGOTTEN
    ]
    own |= {text_of(job, "call_sid") for job in found.jobs}
    found.calls = [c for c in calls if c[schema.SK]["S"] == schema.META and _is_theirs(c, own)]
    _refuse_what_goes_on(found, now)
    ids = {text_of(job, "job_id") for job in found.jobs}
    for row in calls:
        if row[schema.SK]["S"] != schema.META and phone in row[schema.PK]["S"]:
            found.gone.append((schema.CALLS, key_of(row)))
    for row in jobs:
        is_about = text_of(row, "job_id") in ids or text_of(row, "call_sid") in own
        if row[schema.SK]["S"] == FOLLOW_UP and (is_about or text_of(row, "to") == phone):
            found.gone.append((schema.JOBS, key_of(row)))
    for row in _scan(keepers, schema.CUSTOMERS):
        if row[schema.PK]["S"].endswith(f"#PHONE#{phone}"):
            found.gone.append((schema.CUSTOMERS, key_of(row)))
    for sid in sorted(own):
        found.gone += [(schema.AGENT_TURNS, key_of(r)) for r in _turns(keepers, sid)]
    if keepers.twilio is not None:
        found.messages = keepers.twilio.messages(phone)
        found.recordings = [each for sid in sorted(own) for each in keepers.twilio.recordings(sid)]
    return found


def _is_theirs(call: Item, own: set[str]) -> bool:
    """A call that was forgotten is none of theirs any more."""
    return text_of(call, "call_sid") in own and "forgotten_at" not in call


def _refuse_what_goes_on(found: Found, now: datetime) -> None:
    for call in found.calls:
        if not text_of(call, "ended_at") and _time(call, "started_at") > now - LIVE:
            raise CannotTell("a call of theirs goes on, or has ended a moment ago: wait an hour")
    for job in found.jobs:
        end = datetime.fromisoformat(job["window"]["M"]["end"]["S"])
        if text_of(job, "status") == JobStatus.SCHEDULED and end > now:
            raise CannotTell(
                f"job {text_of(job, 'job_id')}: the visit is still to come, and nobody could find "
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


def text_of(row: Item, name: str) -> str:
    return str(row.get(name, {}).get("S", ""))


def _contact(row: Item, name: str) -> str:
    return str(row.get(name, {}).get("M", {}).get("normalised", {}).get("S", ""))


def _time(row: Item, name: str) -> datetime:
    return datetime.fromisoformat(text_of(row, name))


def key_of(row: Item) -> Key:
    return str(row[schema.PK]["S"]), str(row[schema.SK]["S"])


def typed(key: Key) -> dict[str, Any]:
    return {schema.PK: {"S": key[0]}, schema.SK: {"S": key[1]}}
