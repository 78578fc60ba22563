"""A labelled case's tool replies as the typed facts that our own tools give beside theirs.

The files have the JSON of the specification's tools, and of some that find, move and cancel.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.media_bridge.core.guards.claims.ledger import Ledger
from shared.domain.facts import Fact, ToolFactKind
from shared.domain.money import Cents, Figure, FigureRole
from tests.evals.shapes import ClaimCase

_OPENS, _CLOSES = 8, 18  # Monday to Friday, as the files' README has it
_WINDOW = timedelta(hours=2)
Json = Mapping[str, Any]


def ledger_of(case: ClaimCase) -> Ledger:
    """What is known when the case's sentence is said.

    Raises:
        ValueError: a tool's result lacks what its kind has; the message names it.
    """
    ledger = Ledger()
    ledger.now = case.now
    running = set()
    for at, used in enumerate(case.tools, 1):
        if used.result is None:
            running.add(used.name)
            continue
        running.discard(used.name)
        try:
            facts = list(_facts(used.name, used.args or {}, used.result, ledger))
            ledger.returned(list(_figures(used.name, used.args or {}, used.result)), facts)
        except (KeyError, TypeError, AttributeError, ValueError) as exc:
            what = f"{type(exc).__name__}: {str(exc)[:60]}"
            raise ValueError(f"the result of tool {at}, {used.name}: {what}") from exc
    ledger.running = frozenset(running)
    return ledger


def _facts(tool: str, args: Json, result: Json, ledger: Ledger) -> Iterator[Fact]:
    if "error" in result and result.get("error") == "slot_taken":
        yield Fact(ToolFactKind.TAKEN)
    if "available_slots" in result:
        yield from (
            _window(ToolFactKind.OFFERED, slot["datetime"]) for slot in result["available_slots"]
        )
        if not result["available_slots"]:
            yield Fact(ToolFactKind.OFFERED)
    if "error" in result:
        return
    if result.get("sms") == "sent":
        yield Fact(ToolFactKind.TEXTED)
    if tool == "book_appointment":
        words = (
            f"{args.get('description', '')} {args.get('service_type', '')} {args.get('notes', '')}"
        )
        yield _window(ToolFactKind.BOOKED, result["scheduled_time"], words)
    elif tool == "find_appointment":
        yield from _found(result)
    elif tool == "reschedule_appointment":
        yield from (Fact(ToolFactKind.MOVED_OFF, each.start) for each in ledger.standing[-1:])
        yield _window(ToolFactKind.BOOKED, result["scheduled_time"])
    elif tool == "cancel_appointment":
        yield from _canceled(result, ledger)
    elif tool == "add_note":
        yield Fact(ToolFactKind.NOTED, words=str(result.get("note") or args.get("note")))
    elif tool == "take_message":
        yield Fact(ToolFactKind.MESSAGE_TAKEN)
    elif tool == "escalate_to_human":
        mode = str(result.get("mode"))
        yield Fact(
            {"transfer": ToolFactKind.TRANSFER, "callback": ToolFactKind.CALLBACK}.get(
                mode, ToolFactKind.ALERTED
            )
        )


def _found(result: Json) -> Iterator[Fact]:
    for job in result.get("appointments") or []:
        yield _window(ToolFactKind.FOUND, job["scheduled_time"], str(job.get("service_type")))
        if job.get("deposit_paid"):
            yield Fact(ToolFactKind.PAID)
        if re.search(r"route|way|dispatched", str(job.get("status"))):
            yield Fact(ToolFactKind.ON_THE_WAY)


def _canceled(result: Json, ledger: Ledger) -> Iterator[Fact]:
    for each in ledger.standing[-1:] or [Fact(ToolFactKind.FOUND)]:
        yield Fact(ToolFactKind.CANCELED, each.start, each.end)
    status = result.get("refund_status")
    if status in ("requested", "pending"):
        yield Fact(ToolFactKind.REFUND_ASKED)
    elif status in ("issued", "refunded", "succeeded"):
        yield Fact(ToolFactKind.REFUNDED)


def _window(kind: ToolFactKind, start: str, words: str = "") -> Fact:
    at = datetime.fromisoformat(start)
    return Fact(kind, at, at + _WINDOW, _is_after_hours(at), words)


def _is_after_hours(at: datetime) -> bool:
    return at.weekday() > 4 or not _OPENS <= at.hour < _CLOSES


def _figures(tool: str, args: Json, result: Json) -> Iterator[Figure]:
    service = str(args.get("service_type") or "")
    if tool == "get_pricing_quote" and "error" not in result:
        late = bool(args.get("is_after_hours"))
        kind = _service(service, str(args.get("description") or ""))
        if result.get("emergency_fee"):
            yield _figure(FigureRole.VISIT, result["service_call"], kind, False)
            yield _figure(FigureRole.VISIT, result["emergency_fee"], kind, True, settled=True)
        else:
            yield _figure(FigureRole.VISIT, result["service_call"], kind, late, settled=True)
        yield _figure(FigureRole.ESTIMATE, result["total_estimate"], kind, late, settled=True)
        low, high = (text.replace(",", "").lstrip("$") for text in result["range"].split("-"))
        yield _figure(FigureRole.LOW, float(low), kind, None)
        yield _figure(FigureRole.HIGH, float(high), kind, None)
    for job in (result, *(result.get("appointments") or [])):
        amount = job.get("deposit_amount") or job.get("refund_amount")
        if amount:
            at = job.get("scheduled_time")
            rate = None if at is None else _is_after_hours(datetime.fromisoformat(at))
            yield _figure(FigureRole.DEPOSIT, amount, "", rate, settled=True)


def _service(service: str, description: str) -> str:
    """The service by its name, with the thing that is to be worked on where it has a name."""
    thing = re.search(r"panel|outlet|sewer|drain|water heater", description.lower())
    return f"{service} {thing[0]}" if thing else service


def _figure(
    role: FigureRole, dollars: float, service: str, rate: bool | None, *, settled: bool = False
) -> Figure:
    return Figure(role, Cents(round(dollars * 100)), settled, service, rate)
