"""Rows in units that people read: dollars, not cents; without the keys that only tables need."""

import json
from collections.abc import Mapping
from typing import Any

from shared import schema

_HIDDEN = frozenset(
    (
        schema.PK, schema.SK, schema.GSI_PK, schema.GSI_SK, schema.TTL,
        "attestation", "business_version", "prompt_version", "stream_sid", "synthetic",
    )
)  # fmt: skip
_CENTS = frozenset(
    ("quote_total", "estimate", "visit_fee", "deposit", "amount", "total", "refunded", "price")
)


def row(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a row as text, in the order of their names."""
    return {
        name: text
        for name in sorted(item)
        if name not in _HIDDEN and (text := _text(name, item[name])) != ""
    }


def _text(name: str, value: Any) -> str:
    if name in _CENTS and isinstance(value, int) and not isinstance(value, bool):
        return f"${value / 100:,.2f}"
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict() | list():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            return str(value)
