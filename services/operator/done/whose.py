"""Whose a row is: one rule for the tables and for what was exported of them.

A person is known by a number; the number tells their calls and jobs, and these all the rest.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.operator.where.exports import Item
from shared import schema

Key = tuple[str, str]  # pk and sk
FOLLOW_UP, OPTOUT, FORGOTTEN = "FOLLOWUP", "OPTOUT", "forgotten"
OUTBOX = "OUTBOX"  # what others are to be told of a call or a job, for a minute or until it ends
_NOBODY: Final[Item] = {"M": {"raw": {"S": ""}, "normalised": {"S": ""}}}
# What tells whose a row is, and what stands there afterwards; None: nothing.
_STRIPPED: Final[Mapping[str, Mapping[str, Item | None]]] = {
    schema.CALLS: {
        "caller": None,
        "callback": None,  # whom to ring, and why
        "disclosure_heard": None,
        "recording": {"S": "deleted"},  # it is, by then
    },
    schema.JOBS: {
        "customer_name": {"S": FORGOTTEN},
        "phone": _NOBODY,
        "address": _NOBODY,
        "email": None,
        "description": {"S": ""},
        "notes": None,
    },
}
_PARTS = re.compile(r"[#:]")


@dataclass(slots=True)
class Whose:
    """One person: their number in E.164, and what is known to be theirs, by SID and by id."""

    phone: str
    calls: set[str] = field(default_factory=set)
    jobs: set[str] = field(default_factory=set)

    def learn(self, rows: Iterable[tuple[str, Item]]) -> None:
        """Take in which calls and jobs are theirs, from rows of any table in any order."""
        heads = [(table, row) for table, row in rows if _is_head(table, row)]
        while True:
            known = len(self.calls) + len(self.jobs)
            for table, row in heads:
                if self.is_head_of_theirs(table, row):
                    self._learn(table, row)
            if len(self.calls) + len(self.jobs) == known:
                return

    def _learn(self, table: str, row: Item) -> None:
        self.calls |= {text_of(row, "call_sid")} - {""}
        if table == schema.JOBS:
            self.jobs |= {text_of(row, "job_id")} - {""}

    def is_head_of_theirs(self, table: str, row: Item) -> bool:
        """A call or a job itself, which is kept for the books; never one that was stripped."""
        if not _is_head(table, row) or "forgotten_at" in row:
            return False
        if self.is_known_by_number(row):
            return True
        # A job that was booked in their call for somebody else tells of that call, too.
        return text_of(row, "job_id") in self.jobs or text_of(row, "call_sid") in self.calls

    def is_known_by_number(self, row: Item) -> bool:
        """A head that carries their number: what all the rest is found by."""
        return self.phone in (text_of(row, "caller"), _contact(row, "phone"))

    def goes(self, table: str, row: Item) -> bool:
        """Whether a row that is no call and no job is deleted. Payments tell of nobody."""
        if _is_head(table, row):
            return False
        parts = set(_PARTS.split(str(row[schema.PK]["S"])))
        if row[schema.SK]["S"] == OPTOUT:
            return False  # they wanted no texts: that has to stay so
        if self.phone in parts:
            return True
        if table == schema.AGENT_TURNS:
            return bool(parts & self.calls)
        if row[schema.SK]["S"] == OUTBOX:
            return bool(parts & (self.calls | self.jobs))
        if table != schema.JOBS or row[schema.SK]["S"] != FOLLOW_UP:
            return False
        about = {text_of(row, "job_id"), text_of(row, "call_sid"), *parts}
        return bool(about & (self.calls | self.jobs)) or self.is_named(_words(row))

    def becomes(self, table: str, row: Item) -> Item | None:
        """The row as it is when they were forgotten; None: it goes."""
        if self.goes(table, row):
            return None
        if not self.is_head_of_theirs(table, row):
            return row
        changed = changes(table, row)
        kept = {name: value for name, value in row.items() if name not in changed}
        return kept | {name: value for name, value in changed.items() if value is not None}

    def is_named(self, text: str) -> bool:
        """Whether their whole number stands in `text`, in any writing: "(555) 123-0000"."""
        return _written(self.phone).search(text) is not None


def changes(table: str, row: Item) -> dict[str, Item | None]:
    """What becomes of the attributes of a head that tell whose it is; None: they go."""
    becomes = {name: value for name, value in _STRIPPED[table].items() if name in row}
    asked = row.get("escalation", {}).get("M")
    if asked:  # who called and why, in the model's words
        becomes["escalation"] = {"M": {**asked, "reason": {"S": FORGOTTEN}, "summary": {"S": ""}}}
    return becomes


def telling(table: str) -> frozenset[str]:
    """The attributes of a head that may tell whose it is, also where a row has none of them."""
    return frozenset(_STRIPPED[table]) - {"recording"} | {"escalation"}


def _written(phone: str) -> re.Pattern[str]:
    """The whole number and no part of a longer one. The country's code is left out in writing only
    where the country is +1 and ten digits follow."""
    digits = phone.removeprefix("+")
    national = digits[1:] if digits.startswith("1") and len(digits) == 11 else ""
    gap = r"[\s().-]{0,3}"
    spelled = gap.join(national or digits)
    country = rf"(?:\+?1{gap})?" if national else r"\+?"
    return re.compile(rf"(?<!\d){country}{spelled}(?!\d)(?![-.\s]\d{{4}}\b)")


def _is_head(table: str, row: Item) -> bool:
    return table in _STRIPPED and row[schema.SK]["S"] == schema.META


def _words(row: Item) -> str:
    return "\n".join(str(value["S"]) for value in row.values() if "S" in value)


def text_of(row: Item, name: str) -> str:
    return str(row.get(name, {}).get("S", ""))


def _contact(row: Item, name: str) -> str:
    return str(row.get(name, {}).get("M", {}).get("normalised", {}).get("S", ""))


def key_of(row: Item) -> Key:
    return str(row[schema.PK]["S"]), str(row[schema.SK]["S"])


def typed(key: Key) -> dict[str, Any]:
    return {schema.PK: {"S": key[0]}, schema.SK: {"S": key[1]}}
