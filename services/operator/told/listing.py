"""The list of calls: a line each, the newest last."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.operator.told.fit import Mask, clean
from services.operator.where.rows import Row

HEAD = (
    "time",
    "call",
    "caller",
    "length",
    "outcome",
    "failure",
    "hazard",
    "escalation",
    "recording",
)
NOTHING = "-"


def wanted(row: Row, *, hazard: bool, failed: bool) -> bool:
    """Whether a call is one of those asked for: with danger in it, or with something broken."""
    broken = bool(row.get("failure")) or row.get("outcome") == "failed"
    return (not hazard or bool(row.get("hazard"))) and (not failed or broken)


def columns(row: Row, zone: ZoneInfo, mask: Mask) -> tuple[str, ...]:
    """What `HEAD` names, of one call; the time on the business's clock."""
    escalation = row.get("escalation")
    came = escalation.get("result") if isinstance(escalation, Mapping) else None
    return (
        at(row.get("started_at"), zone),
        clean(row.get("call_sid", NOTHING)),
        mask.number(row.get("caller")),
        length(row),
        *(clean(row.get(name) or NOTHING) for name in ("outcome", "failure", "hazard")),
        clean(came or NOTHING),
        "voicemail" if came == "voicemail" else NOTHING,
    )


def table(rows: Sequence[tuple[str, ...]], head: tuple[str, ...] = HEAD) -> Iterator[str]:
    """The columns under their heads, each as wide as it must be."""
    lines = [head, *rows]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    for line in lines:
        yield "  ".join(
            f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)
        ).rstrip()


def as_json(rows: Sequence[Row], mask: Mask) -> str:
    """The same calls as one JSON array of their rows."""
    shown = [mask.value({**row, "caller": mask.number(row.get("caller"))}) for row in rows]
    for given, each in zip(rows, shown, strict=True):
        each |= {name: clean(given[name]) for name in ("call_sid", "started_at") if name in given}
    return json.dumps(shown, indent=1, sort_keys=True, default=str)


def at(stored: Any, zone: ZoneInfo) -> str:
    """A stored time on the business's clock; as it stands where it is none."""
    moment = time_of(stored)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else clean(stored or NOTHING)


def time_of(stored: Any) -> datetime | None:
    """A time as rows keep it; None where it is none."""
    try:
        moment = datetime.fromisoformat(str(stored))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def length(row: Row) -> str:
    """How long the call lasted: `2:05`; `open` while it has no end."""
    began, ended = time_of(row.get("started_at")), time_of(row.get("ended_at"))
    if began is None or ended is None:
        return "open" if began and not row.get("ended_at") else NOTHING
    seconds = max(0, round((ended - began).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"
