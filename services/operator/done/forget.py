"""A customer asks to be forgotten: what a stage keeps of them is taken out.

Everything goes that is found by its call or its job; only once all of that is gone are the calls
and jobs stripped, and last of them those that have the number: until then a second run finds it
all again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from services.operator.done.found import Found, Key, find, key_of, typed
from services.operator.done.whose import FOLLOW_UP, STRIPPED, Whose, changes
from services.operator.told.fit import phone as masked
from services.operator.where.exports import Item
from services.operator.where.keepers import Keepers
from services.operator.where.trouble import CannotTell, of_aws
from shared import schema

Say = Callable[[str], object]
T = TypeVar("T")

# What stays, what is outside our reach, and until when.
KEPT = """
Kept for the books: the calls and jobs themselves, with times, prices and payments, without a
name, a number, an address or a word that was said.
Not in our reach, and until when:
  backups of the tables: 35 days; nobody reads them but by restoring
  versions of the exports before this: 7 days; what was rewritten now expires export_days from now
  an export that is being written at this moment: run this again in an hour
  results of Athena queries: 30 days; exports and answers that somebody downloaded: ask them
  log lines: they hold no personal data; a call's SID stays in them as long as logs are kept
  OpenAI: what a session heard and said, up to 30 days for abuse monitoring; ask there
  Stripe: the payment, its receipt and who paid, as the law asks of it; delete the customer there
  Twilio: the call's own record (numbers, time, length), until it is deleted in its console;
    words of deleted texts in its backups, up to 30 days
  the phones and mailboxes of the office and on-call: texts and mails that were sent to them
""".strip()


def listed(found: Found) -> Iterator[str]:
    """What would go, in numbers."""
    whose = found.whose
    yield f"customer {masked(whose.phone)}"
    if found.nothing:
        yield "  nothing is kept of that number"
        return
    stripped, deleted = (Counter(table for table, _ in rows) for rows in (found.strip, found.gone))
    yield f"  to strip: {stripped[schema.CALLS]} calls, {stripped[schema.JOBS]} jobs"
    yield f"  to delete: {', '.join(f'{n} rows of {t}' for t, n in deleted.items()) or 'no rows'}"
    yield f"  at Twilio: {len(found.messages)} messages, {len(found.recordings)} recordings"
    yield f"  exports to rewrite: {len(found.exports)} objects"
    for number in sorted(whose.other_numbers):
        yield f"  booked in their calls under {masked(number)}: if it is theirs, forget it as well"


def forget(keepers: Keepers, found: Found, now: datetime, say: Say) -> bool:
    """Take it out; whether all of it is gone. What failed is said, and a second run goes on."""
    twilio = keepers.twilio
    well = _each("messages at Twilio", found.messages, lambda s: twilio.delete("Messages", s), say)
    silent = _each("recordings", found.recordings, lambda s: twilio.delete("Recordings", s), say)
    # A recording that stands is still looked after, and deleted when its time has come.
    rows = [row for row in found.gone if silent or row[1][1] != FOLLOW_UP]
    well &= silent & _each("rows", rows, lambda row: _delete(keepers, *row), say)
    well &= _each("exports", found.exports, lambda at: _rewrite(keepers, found.whose, *at), say)
    for last in (False, True):
        if not well:
            say("not everything is gone, so calls and jobs still tell whose they are: run it again")
            return False
        rows_left = [each for each in found.strip if _is_last(found.whose, each) is last]
        what = "calls and jobs of this number" if last else "calls and jobs they lead to"
        well = _each(what, rows_left, lambda row: _strip(keepers, *row, now), say)
    return well and _nothing_came(keepers, found, now, say)


def _is_last(whose: Whose, at: tuple[str, Item]) -> bool:
    return whose.is_known_by_number(at[1])


def _nothing_came(keepers: Keepers, found: Found, now: datetime, say: Say) -> bool:
    """A call or a text that came meanwhile was not seen by the first look."""
    again = find(replace(keepers, exports=None), found.whose.phone, now)
    if not again.nothing:
        say("something came in meanwhile: run it again")
    return again.nothing


def _each(what: str, all_of_them: Iterable[T], step: Callable[[T], None], say: Say) -> bool:
    """Do every step, and say how many worked; whether all did."""
    failed: list[str] = []
    done = 0
    for one in all_of_them:
        try:
            step(one)
            done += 1
        except CannotTell as exc:
            failed.append(str(exc))
    say(f"{what}: {done} of {done + len(failed)}")
    for why, times in Counter(failed).items():
        say(f"  NOT {times}: {why}")
    return not failed


def _delete(keepers: Keepers, table: str, key: Key) -> None:
    name = schema.table_name(keepers.prefix, table)
    try:
        keepers.tables.delete_item(TableName=name, Key=typed(key))
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"table {name}") from exc


def _rewrite(keepers: Keepers, whose: Whose, table: str, key: str) -> None:
    assert keepers.exports is not None  # it was found there
    left = (whose.becomes(table, item) for item in keepers.exports.items(key))
    keepers.exports.put(key, [item for item in left if item is not None])


def _strip(keepers: Keepers, table: str, row: Item, now: datetime) -> None:
    """Refused where the row has changed since it was read."""
    name = schema.table_name(keepers.prefix, table)
    becomes = changes(table, row)
    names = {"#at": "forgotten_at"}
    values: dict[str, Any] = {":at": {"S": now.isoformat()}}
    sets, removes, checks = ["#at = :at"], list[str](), ["attribute_exists(pk)"]
    for at, attribute in enumerate({**STRIPPED[table], **becomes}):
        names[f"#n{at}"] = attribute
        if attribute not in row:
            checks.append(f"attribute_not_exists(#n{at})")
            continue
        values[f":w{at}"] = row[attribute]
        checks.append(f"#n{at} = :w{at}")
        if becomes[attribute] is None:
            removes.append(f"#n{at}")
        else:
            values[f":v{at}"] = becomes[attribute]
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
