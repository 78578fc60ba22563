"""The page of a played call: what its phone played, its rows, and what was expected of it."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from services import call_page
from services.call_page import Event, Expectation, Record
from services.call_page.rows import Row, Span, events_of, outer, record
from services.call_page.words import dollars, local, measured
from services.simulator.cli.playing.items import spans
from services.simulator.cli.playing.report import Report
from services.simulator.cli.playing.sentences import sentence
from services.simulator.speech.sound import BYTES_PER_MS, SILENT, decode
from services.simulator.stack.rows import meta
from shared import schema

_PAUSE = bytes([SILENT]) * 700 * BYTES_PER_MS
_KEPT = (schema.CALLS, schema.CUSTOMERS, schema.JOBS, schema.PAYMENTS)
NOTE = "All on one computer: no phone company and no bank was asked."
SILENT_PAGE = "Played in text mode: words travelled as data, so there is nothing to listen to."


def page(report: Report, *, title: str, fixed: Iterable[str] = ()) -> str:
    """Return the page. `fixed` are the sentences that code made and the model recited."""
    zone = ZoneInfo(report.time_zone)
    sounds = None
    if report.mode == "voice":
        call = report.call
        sounds = call_page.Sound(decode(call.caller_audio), decode(call.agent_audio))
    ill = [each for each in report.verdicts if not each.holds]
    return call_page.build(
        call_page.CallPage(
            title=title,
            facts=list(_facts(report, zone)),
            result=_result(report, len(ill)),
            well=not ill,
            events=list(_events(report, frozenset(fixed))),
            records=list(_records(report, zone)),
            expected=[Expectation(sentence(each), each.why_not) for each in report.verdicts],
            metrics=list(measured(report.metrics)),
            sound=sounds,
            without_sound=SILENT_PAGE,
            notes=[NOTE],
            marks=[e.at_ms for s in report.call.streams for e in s.log if e.kind == "echo"],
        )
    )


def _result(report: Report, ill: int) -> str:
    count = len(report.verdicts)
    if not count:
        row = next(iter(meta(report.rows, schema.CALLS)), {})
        return f"Outcome: {str(row.get('outcome') or 'none').replace('_', ' ')}"
    if ill:
        return f"Not as expected in {ill} of {count} points"
    return f"It came out as expected, in all {count} points"


def sentences_of(journals: Iterable[str]) -> Iterator[str]:
    """The sentences that the call's journals say were to be recited, and the clips' words."""
    for journal in journals:
        for line in journal.splitlines():
            try:
                done = json.loads(line).get("do", [])
            except (ValueError, AttributeError):
                continue
            for _, fields in done:
                if isinstance(fields, dict) and isinstance(fields.get("sentence"), str):
                    yield fields["sentence"]


def _facts(report: Report, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    row = next(iter(meta(report.rows, schema.CALLS)), {})
    yield "business", str(row.get("business_id", "")).replace("_", " ")
    yield "when", local(str(row.get("started_at", "")), zone)
    yield "caller", report.call.from_
    yield "length", f"{report.call.duration_ms / 1000:.0f} s"
    yield "outcome", str(row.get("outcome") or "none").replace("_", " ")
    for job in meta(report.rows, schema.JOBS):
        yield "estimate", dollars(int(job.get("estimate") or 0))
        paid = "paid" if job.get("deposit_paid") else "not paid"
        yield "deposit", f"{dollars(int(job.get('deposit') or 0))}, {paid}"


def _events(report: Report, fixed: frozenset[str]) -> Iterator[Event]:
    played: dict[str, Span] = {}
    for stream in report.call.streams:
        played |= spans(stream.log)
    turns = [dict(row) for row in report.rows[schema.AGENT_TURNS]]
    turns.sort(key=lambda row: int(row.get("seq") or 0))
    first = {str(turn.get("text")) for turn in turns[:1]}  # the disclosure is a clip
    told = list(events_of(turns, _media_time(turns, played), played=played, fixed=fixed | first))
    yield from _caller(report, [event for event in told if event.lane == "caller"])
    yield from (event for event in told if event.lane != "caller")
    for line in report.transcript:
        match line.who:
            case "text":
                yield Event(line.at_ms, "text", line.text)
            case "payment":
                yield Event(line.at_ms, "payment", line.text)
            case "warning":
                yield Event(line.at_ms, "guard", line.text)
            case "phone" if not line.text.startswith("stream: "):
                yield Event(line.at_ms, "phone", re.sub(r"^answered: CA\w+", "answered", line.text))


def _caller(report: Report, heard: list[Event]) -> Iterator[Event]:
    """Her own words as she said them; below, what the agent understood where it is another."""
    lines = [line for line in report.transcript if line.who == "caller"]
    if not lines:  # a person: nobody knows better than the agent what was said
        yield from heard
        return
    ends = [*(line.at_ms for line in lines[1:]), report.call.duration_ms + 60_000]
    for line, until in zip(lines, ends, strict=True):
        near = [each.text for each in heard if line.at_ms - 300 <= each.at_ms < until - 300]
        understood = " ".join(near)
        other = understood and _letters(understood) != _letters(line.text)
        yield Event(
            line.at_ms,
            "caller",
            line.text,
            lasts_ms=_speaks(report.call.caller_audio, line.at_ms),
            detail=f"the agent understood: {understood}" if other else "",
        )


def _media_time(turns: list[dict[str, Any]], played: Mapping[str, Span]) -> Any:
    """Return what puts a row on the sound's clock: between the items whose place is known."""
    known = sorted(
        (datetime.fromisoformat(turn["at"]).timestamp() * 1000, played[str(turn["item_id"])][0])
        for turn in turns
        if turn.get("role") == "assistant" and str(turn.get("item_id")) in played
    )

    def at(row: Row) -> int:
        real = datetime.fromisoformat(str(row["at"])).timestamp() * 1000
        place = bisect_right(known, (real, float("inf")))
        if not known:
            return 0
        if place == 0:
            return max(0, round(known[0][1] - (known[0][0] - real)))
        if place == len(known):
            return round(known[-1][1] + real - known[-1][0])
        (a, x), (b, y) = next(p for p in pairwise(known[place - 1 : place + 1]))
        return round(x + (real - a) / (b - a) * (y - x)) if b > a else x

    return at


def _speaks(audio: bytes, at_ms: int) -> int:
    """How long she speaks from there on: until a pause."""
    start = at_ms * BYTES_PER_MS
    while start < len(audio) and audio[start] == SILENT:
        start += 1
    end = audio.find(_PAUSE, start)
    return max(0, (end if end >= 0 else len(audio)) // BYTES_PER_MS - at_ms)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _records(report: Report, zone: ZoneInfo) -> Iterator[Record]:
    for table in _KEPT:
        for row in meta(report.rows, table):
            yield record(table, outer(row), zone)
    if not report.transcript:  # nobody noted when they came
        for text in report.texts:
            whose = report.phonebook.get(text.to, "other")
            yield Record(f"A text to {whose}", [("number", text.to), ("says", text.body)])
