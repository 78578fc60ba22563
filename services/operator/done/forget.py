"""A customer asks to be forgotten: what a stage keeps of them, and taking it out.

Calls and jobs stay for the books, without what tells whose they are; everything else goes. They are
stripped last, and only once all the rest is gone: until then a second run finds it all again.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from services.operator.done.found import FORGOTTEN, Found, Key, key_of, text_of, typed
from services.operator.where.exports import Item
from services.operator.where.keepers import Keepers
from services.operator.where.trouble import CannotTell, of_aws
from shared import schema
from shared.domain.business import Business

Say = Callable[[str], object]
NOBODY: Mapping[str, Any] = {"M": {"raw": {"S": ""}, "normalised": {"S": ""}}}
# What tells whose a row is, and what stands there afterwards; None: nothing.
STRIPPED: Mapping[str, Mapping[str, Mapping[str, Any] | None]] = {
    schema.CALLS: {
        "caller": None,
        "disclosure_heard": None,
    },
    schema.JOBS: {
        "customer_name": {"S": FORGOTTEN},
        "phone": NOBODY,
        "address": NOBODY,
        "email": None,
        "description": {"S": ""},
        "notes": None,
    },
}


# What stays outside our reach, and until when.
KEPT = """
Kept for the books: the calls and jobs themselves, with times, prices and payments, without a
name, a number, an address or a word that was said.
Not in our reach, and until when:
  backups of the tables: 35 days; nobody reads them but by restoring
  versions of the exports before this: 7 days; results of Athena queries: until that bucket empties
  log lines: they hold no personal data; a call's SID stays in them as long as logs are kept
  OpenAI: what a session heard and said, up to 30 days for abuse monitoring; ask there
  Stripe: the payment, its receipt and who paid, as the law asks of it; delete the customer there
  Twilio: the call's own record (numbers, time, length), until it is deleted in its console
  the phones and mailboxes of the office and on-call: texts and mails that were sent to them
""".strip()


def staff_of(business: Business) -> list[str]:
    """Every number of a business itself: nobody's who asks to be forgotten."""
    text = business.model_dump_json()
    return re.findall(r"\+[1-9]\d{7,14}", text)


def listed(found: Found) -> Iterator[str]:
    """What would go, in numbers."""
    if found.nothing:
        yield "nothing is kept of that number (exports are looked at only with something found)"
        return
    deleted = Counter(table for table, _ in found.gone)
    yield f"to strip: {len(found.calls)} calls, {len(found.jobs)} jobs"
    yield f"to delete: {', '.join(f'{count} rows of {table}' for table, count in deleted.items())}"
    yield f"at Twilio: {len(found.messages)} messages, {len(found.recordings)} recordings"


# -- taking it out ---------------------------------------------------------------------------------


def forget(keepers: Keepers, found: Found, now: datetime, say: Say) -> bool:
    """Take it out; whether all of it is gone. What failed is said, and a second run goes on."""
    well = _each(
        "messages at Twilio", found.messages, lambda sid: _twilio(keepers, "Messages", sid), say
    )
    well &= _each(
        "recordings", found.recordings, lambda sid: _twilio(keepers, "Recordings", sid), say
    )
    well &= _each("rows", found.gone, lambda row: _delete(keepers, *row), say)
    well &= _exports(keepers, found, say)
    if not well:
        say("not everything is gone, so calls and jobs still tell whose they are: run it again")
        return False
    rows = [(schema.JOBS, job) for job in found.jobs]
    rows += [(schema.CALLS, call) for call in found.calls]
    return _each(
        "calls and jobs stripped", rows, lambda row: _strip(keepers, row[0], row[1], now), say
    )


def _each(what: str, all_of_them: list[Any], step: Callable[[Any], None], say: Say) -> bool:
    """Do every step, and say how many worked; whether all did."""
    failed: list[str] = []
    for one in all_of_them:
        try:
            step(one)
        except CannotTell as exc:
            failed.append(str(exc))
    say(f"{what}: {len(all_of_them) - len(failed)} of {len(all_of_them)}")
    if failed:
        say(f"  NOT: {failed[0]}")
    return not failed


def _twilio(keepers: Keepers, kind: str, sid: str) -> None:
    assert keepers.twilio is not None  # else nothing was found there
    keepers.twilio.delete(kind, sid)


def _delete(keepers: Keepers, table: str, key: Key) -> None:
    name = schema.table_name(keepers.prefix, table)
    try:
        keepers.tables.delete_item(TableName=name, Key=typed(key))
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"table {name}") from exc


def _strip(keepers: Keepers, table: str, row: Item, now: datetime) -> None:
    """Refused where the row has changed since it was read."""
    name = schema.table_name(keepers.prefix, table)
    names: dict[str, str] = {"#at": "forgotten_at"}
    values: dict[str, Any] = {":at": {"S": now.isoformat()}}
    sets, removes, checks = ["#at = :at"], list[str](), ["attribute_exists(pk)"]
    for at, (attribute, becomes) in enumerate(_stripped(table, row).items()):
        names[f"#n{at}"], values[f":w{at}"] = attribute, row[attribute]
        checks.append(f"#n{at} = :w{at}")
        if becomes is None:
            removes.append(f"#n{at}")
        else:
            values[f":v{at}"] = becomes
            sets.append(f"#n{at} = :v{at}")
    taken_out = f" REMOVE {', '.join(removes)}" if removes else ""
    try:
        keepers.tables.update_item(
            TableName=name,
            Key=typed(key_of(row)),
            UpdateExpression=f"SET {', '.join(sets)}{taken_out}",
            ConditionExpression=" AND ".join(checks),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"table {name}") from exc


def _exports(keepers: Keepers, found: Found, say: Say) -> bool:
    if keepers.exports is None:
        say("exports: this stage has none")
        return True
    exports, rewrite = keepers.exports, _Rewriting(found).of
    changed = 0
    try:
        for key, table in exports.objects():
            body = exports.rewritten(key, table, rewrite)
            if body is not None:
                exports.put(key, body)
                changed += 1
    except CannotTell as exc:
        say(f"exports: {changed} rewritten, then NOT: {exc}")
        return False
    say(f"exports: {changed} objects rewritten")
    return True


class _Rewriting:
    """What becomes of an exported item of this person's."""

    def __init__(self, found: Found) -> None:
        self._phone = found.phone
        self._calls = {f"CALL#{sid}" for sid in found.sids}
        self._jobs = {f"JOB#{text_of(job, 'job_id')}" for job in found.jobs}

    def of(self, table: str, item: Item) -> Item | None:
        pk, is_meta = str(item[schema.PK]["S"]), item[schema.SK]["S"] == schema.META
        if table == schema.CALLS and is_meta:
            return _without(table, item) if pk in self._calls else item
        if table == schema.JOBS and is_meta:
            return _without(table, item) if pk in self._jobs else item
        theirs = pk in self._calls and table == schema.AGENT_TURNS
        return None if theirs or self._phone in str(item) else item


def _without(table: str, item: Item) -> Item:
    stripped = _stripped(table, item)
    kept = {name: value for name, value in item.items() if name not in stripped}
    return kept | {name: becomes for name, becomes in stripped.items() if becomes is not None}


def _stripped(table: str, row: Item) -> dict[str, Item | None]:
    """What becomes of the attributes of a row that tell whose it is."""
    becomes = {name: value for name, value in STRIPPED[table].items() if name in row}
    asked = row.get("escalation", {}).get("M")
    if asked:  # who called and why, in the model's words
        becomes["escalation"] = {"M": {**asked, "reason": {"S": FORGOTTEN}, "summary": {"S": ""}}}
    return becomes
