"""A customer asks to be forgotten: what a stage keeps of them, and taking it out.

Calls and jobs stay for the books, without what tells whose they are; everything else goes. They are
stripped last, and only once all the rest is gone: until then a second run finds it all again.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from services.operator.done.found import Found, find
from services.operator.done.whose import (
    FOLLOW_UP,
    Key,
    Whose,
    changes,
    key_of,
    telling,
    typed,
)
from services.operator.where.exports import Item
from services.operator.where.keepers import Keepers
from services.operator.where.trouble import CannotTell, of_aws
from shared import schema
from shared.domain.business import Business

Say = Callable[[str], object]
T = TypeVar("T")
# What stays outside our reach, and until when.
KEPT = """
Kept for the books: the calls and jobs themselves, with times, prices and payments, without a
name, a number, an address or a word that was said.
Kept so that it stays so: that the number wants no texts, where it said so.
Not in our reach, and until when:
  backups of the tables: 35 days; nobody reads them but by restoring
  versions of the exports before this: 7 days; results of Athena queries: 30 days
  log lines: they hold no personal data; a call's SID stays in them as long as logs are kept
  OpenAI: what a session heard and said, up to 30 days for abuse monitoring; ask there
  Stripe: the payment, its receipt and who paid, as the law asks of it; delete the customer there
  Twilio: the call's own record (numbers, time, length), until it is deleted in its console; backups
    of what was deleted, up to 30 days
  the phones and mailboxes of the office and on-call: texts and mails that were sent to them
  what hears of events: the business's own systems and calendars, and whatever listens on the bus
""".strip()


def staff_of(business: Business) -> list[str]:
    """Every number of a business itself: nobody's who asks to be forgotten."""
    text = business.model_dump_json()
    return re.findall(r"\+[1-9]\d{7,14}", text)


def listed(found: Found) -> Iterator[str]:
    """What would go, in numbers."""
    if found.nothing:
        yield "nothing is kept of that number"
        return
    strips = Counter(table for table, _ in found.heads)
    deleted = Counter(table for table, _ in found.gone)
    yield f"to strip: {strips[schema.CALLS]} calls, {strips[schema.JOBS]} jobs"
    yield f"to delete: {', '.join(f'{count} rows of {table}' for table, count in deleted.items())}"
    yield f"at Twilio: {len(found.messages)} messages, {len(found.recordings)} recordings"
    yield f"exports to rewrite: {len(found.exports)} objects"


# -- taking it out ---------------------------------------------------------------------------------


def forget(keepers: Keepers, found: Found, now: datetime, say: Say) -> bool:
    """Take it out; whether all of it is gone. What failed is said, and a second run goes on."""
    twilio = partial(_at_twilio, keepers)
    well = _each("messages at Twilio", found.messages, partial(twilio, "Messages"), say)
    silent = _each("recordings", found.recordings, partial(twilio, "Recordings"), say)
    # While a recording stands, what retries to delete it stays.
    rows = [row for row in found.gone if silent or row[1][1] != FOLLOW_UP]
    well &= silent & _each("rows", rows, lambda row: _delete(keepers, *row), say)
    well &= _each(
        "exports rewritten", found.exports, lambda at: _rewrite(keepers, found.whose, *at), say
    )
    # What carries their number is last: by it all the rest is found.
    for is_last in (False, True):
        if not well:
            say("not everything is gone, so calls and jobs still tell whose they are: run it again")
            return False
        rows_left = [
            each for each in found.heads if found.whose.is_known_by_number(each[1]) is is_last
        ]
        what = "calls and jobs of this number" if is_last else "calls and jobs they lead to"
        well = _each(what, rows_left, lambda head: _strip(keepers, *head, now), say)
    return well and _nothing_came(keepers, found, now, say)


def _nothing_came(keepers: Keepers, found: Found, now: datetime, say: Say) -> bool:
    """A call or a text that came meanwhile was not seen by the first look."""
    again = find(replace(keepers, exports=None), found.whose.phone, now)
    if not again.nothing:
        say("something came in meanwhile: run it again")
    return again.nothing


def _each(what: str, all_of_them: Sequence[T], step: Callable[[T], object], say: Say) -> bool:
    """Do every step, and say how many worked; whether all did."""
    failed: Counter[str] = Counter()
    for one in all_of_them:
        try:
            step(one)
        except CannotTell as exc:
            failed[str(exc)] += 1
    say(f"{what}: {len(all_of_them) - failed.total()} of {len(all_of_them)}")
    for why, times in failed.items():
        say(f"  NOT {times}: {why}")
    return not failed


def _at_twilio(keepers: Keepers, kind: str, sid: str) -> None:
    assert keepers.twilio is not None  # else nothing was found there
    keepers.twilio.delete(kind, sid)


def _delete(keepers: Keepers, table: str, key: Key) -> None:
    name = schema.table_name(keepers.prefix, table)
    try:
        keepers.tables.delete_item(TableName=name, Key=typed(key))
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"table {name}") from exc


def _rewrite(keepers: Keepers, whose: Whose, table: str, key: str) -> None:
    assert keepers.exports is not None  # else nothing was found there
    becomes = (whose.becomes(table, item) for item in keepers.exports.items(key))
    keepers.exports.put(key, [item for item in becomes if item is not None])


def _strip(keepers: Keepers, table: str, row: Item, now: datetime) -> None:
    """Refused where the row has changed since it was read."""
    name = schema.table_name(keepers.prefix, table)
    names: dict[str, str] = {"#at": "forgotten_at"}
    values: dict[str, Any] = {":at": {"S": now.isoformat()}}
    sets, removes, checks = ["#at = :at"], list[str](), ["attribute_exists(pk)"]
    becomes = changes(table, row)
    for at, attribute in enumerate(sorted(becomes.keys() | telling(table))):
        names[f"#n{at}"] = attribute
        if attribute not in row:
            checks.append(f"attribute_not_exists(#n{at})")
            continue
        values[f":w{at}"] = row[attribute]
        checks.append(f"#n{at} = :w{at}")
        value = becomes.get(attribute, row[attribute])
        if value is None:
            removes.append(f"#n{at}")
        else:
            values[f":v{at}"] = value
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
