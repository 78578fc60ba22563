"""Rows of the tables as people read them: turns as events, the others as records in words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from services.call_page import words
from services.call_page.page import Event, Record

Row = Mapping[str, Any]
Span = tuple[int, int]  # when a sound began, and how long it was heard, in ms of the call
_KEYS = frozenset({"pk", "sk", "gsi1pk", "gsi1sk", "expires_at", "synthetic"})


# What only we and the companies we ask need of a row.
_INNER = frozenset({
    "attestation", "business_version", "checkout_number", "checkout_session_id", "event_id",
    "payment_intent", "prompt_version", "session_id", "stream_sid", "version",
})  # fmt: skip


def outer(row: Row) -> Row:
    """A row without what only we need of it."""
    return {name: value for name, value in row.items() if name not in _INNER}


def events_of(
    turns: Sequence[Row],
    at: Callable[[Row], int],
    *,
    played: Mapping[str, Span] | None = None,
    fixed: frozenset[str] = frozenset(),
    say: Callable[[object], str] = str,
) -> Iterator[Event]:
    """What `agent_turns` tells of a call, in order.

    `played` is what the caller's phone played of each item; None where nobody noted it.
    `fixed` are sentences that code made; `say` makes stored words fit to be shown.
    """
    for turn in turns:
        match turn.get("role"):
            case "tool":
                yield _tool(turn, at(turn), say)
            case "assistant":
                yield from _agent(turn, at(turn), played, fixed, say)
            case "user":
                yield Event(at(turn), "caller", say(turn.get("text") or ""))
            case _:
                yield Event(at(turn), "guard", say(turn.get("text") or ""))


def record(table: str, row: Row, zone: ZoneInfo, say: Callable[[object], str] = str) -> Record:
    """A row in words: dollars, local times, no keys of the table."""
    fields = [
        (words.named(name), say(words.shown(name, value, zone)))
        for name, value in row.items()
        if name not in _KEYS and value not in (None, "", [], {}, ())
    ]
    return Record(words.TABLES.get(table, table), fields)


def _agent(
    turn: Row,
    at: int,
    played: Mapping[str, Span] | None,
    fixed: frozenset[str],
    say: Callable[[object], str],
) -> Iterator[Event]:
    text, heard = str(turn.get("text") or ""), turn.get("heard")
    span = played.get(str(turn.get("item_id") or "")) if played is not None else None
    silent = played is not None and span is None
    cut = bool(turn.get("cut"))
    unheard = silent or (cut and not heard)
    details = []
    if turn.get("latency_ms") is not None and not unheard:
        details.append(f"answered after {int(turn['latency_ms']) / 1000:.2f} s")
    if unheard:
        details.append("the caller heard nothing of it")
    elif cut:
        details.append(f"cut off; heard: {say(heard)}")
    if kind := turn.get("unsure"):
        yield Event(
            span[0] if span else at, "guard", f"a claim that no tool bears out ({say(kind)})"
        )
    yield Event(
        span[0] if span else at,
        "agent",
        say(text),
        lasts_ms=span[1] if span else int(turn.get("heard_ms") or turn.get("sent_ms") or 0),
        detail="; ".join(details),
        cut=cut and not unheard,
        unheard=unheard,
        fixed=text in fixed,
    )


def _tool(turn: Row, at: int, say: Callable[[object], str]) -> Event:
    asked, came = words.decoded(turn.get("arguments")), words.decoded(turn.get("result"))
    name = str(turn.get("tool") or "a tool").replace("_", " ")
    took = turn.get("took_ms")
    whole = {"arguments": asked, "result": came}
    return Event(
        at,
        "tool",
        say(f"{name} – {words.gist(came)}"),
        lasts_ms=int(took or 0),
        detail=f"answered in {took} ms" if took is not None else "",
        extra=_said_each(whole, say),
    )


def _said_each(value: Any, say: Callable[[object], str]) -> str:
    """JSON over lines; every text in it as it may be shown."""

    def fit(inner: Any) -> Any:
        match inner:
            case str():
                return say(inner)
            case dict():
                return {str(key): fit(each) for key, each in inner.items()}
            case list():
                return [fit(each) for each in inner]
        return inner

    return json.dumps(fit(value), ensure_ascii=False, indent=2, default=str)
