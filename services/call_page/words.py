"""Names and values in words: `quote_total 82500` is "quoted total: $825.00"."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

TABLES = {
    "calls": "The call", "agent_turns": "What was said", "customers": "The customer",
    "jobs": "The visit", "payments": "The payment",
}  # fmt: skip
_NAMES = {
    "call_sid": "call", "business_id": "business", "business_hours": "in business hours",
    "disclosed_at": "disclosure heard whole at", "disclosure": "disclosure's words",
    "quote_total": "quoted total", "deposit_paid": "deposit paid", "visit_fee": "fee for the visit",
    "bookable": "could be booked", "end_reason": "ended because", "is_emergency": "emergency",
    "attestation": "caller id vouched for", "model_cost": "the model's cost",
    "stage": "got as far as", "job_id": "visit's id",
    "recording_sid": "recording", "caller_kinds": "who is on the line",
}  # fmt: skip
_CENTS = frozenset({
    "quote_total", "estimate", "deposit", "visit_fee", "amount", "amount_cents", "price", "total",
    "refunded", "lost", "model_cost",
})  # fmt: skip
_DOLLARS = frozenset({
    "service_call", "estimated_repair", "total_estimate", "emergency_fee", "deposit", "visit_fee",
    "deposit_amount", "estimated_cost", "after_hours_visit", "after_hours_total",
})  # fmt: skip
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_UNTOLD = frozenset({"message", "asking", "say", "instructions"})  # meant for the model
MOST = 160


def named(name: str) -> str:
    return _NAMES.get(name) or name.replace("_", " ")


def dollars(cents: int) -> str:
    """20600 is $206.00."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


def local(text: str, zone: ZoneInfo) -> str:
    """A stored time on the business's clock; the text itself where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    at = moment.astimezone(zone)
    return f"{at:%a}, {at:%b} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M} {at:%p %Z}"


def shown(name: str, value: Any, zone: ZoneInfo) -> str:
    """A stored value as people read it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() if name in _CENTS:
            return dollars(value)
        case str() if _TIME.match(value):
            return local(value, zone)
        case Mapping():
            parts = (f"{named(key)} {shown(key, each, zone)}" for key, each in value.items()
                     if each not in (None, "", [], {}))  # fmt: skip
            return ", ".join(parts)
        case list() | tuple():
            return ", ".join(shown(name, each, zone) for each in value)
    return str(value)


def decoded(text: Any) -> Any:
    """A stored JSON text as its value; what is none as it stands."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text


def gist(result: Any) -> str:
    """What matters of a tool's answer, in one line."""
    if not isinstance(result, Mapping):
        return _short(str(result or "done"))
    if "error" in result:
        return _short(f"refused: {result.get('message') or result['error']}")
    parts = []
    for name, value in result.items():
        if name in _UNTOLD:
            continue
        match value:
            case bool() if value:
                parts.append(named(name))
            case bool() | None | "":
                pass
            case int() | float() if name in _DOLLARS:
                parts.append(f"{named(name)} ${value:,}")
            case str() if _TIME.match(value):
                pass  # said in words by another field
            case str() | int() | float():
                parts.append(f"{named(name)} {value}")
            case list():
                said = [
                    str(each["say"])
                    for each in value
                    if isinstance(each, Mapping) and "say" in each
                ]
                if said:
                    parts.append(f"{named(name)}: {'; '.join(said)}")
    return _short(", ".join(parts) or "done")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


def measured(metrics: Mapping[str, list[float]]) -> Iterator[tuple[str, str]]:
    """Names in words, and figures with their units; what was nought all along is left out."""
    for name, values in sorted(metrics.items()):
        if any(values):
            spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
            yield re.sub(r" (Ms|Usd)$", "", spaced).lower(), _figure(name, values)


def _figure(name: str, values: list[float]) -> str:
    if name.endswith("Usd"):
        return f"${sum(values):,.3f}" if sum(values) < 1 else f"${sum(values):,.2f}"
    if name.endswith("Ms"):
        most = f", the slowest {max(values):.0f} ms" if len(values) > 1 else ""
        return f"{len(values)} times, {sum(values) / len(values):.0f} ms on average{most}"
    return f"{sum(values):g}"
