"""What a call left behind, for the terminal and as one JSON object."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from services.simulator.cli.playing.expecting import Verdict
from services.simulator.phone.calls import CallRecord, StreamRecord, Text
from services.simulator.scenarios import businesses
from services.simulator.stack.rows import Rows, meta
from shared import schema

_HIDDEN = (schema.PK, schema.SK, schema.GSI_PK, schema.GSI_SK, schema.TTL)
_WIDTH = 150


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript; `at_ms` is the call's media time."""

    at_ms: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One played call."""

    scenario: str
    mode: str
    call: CallRecord
    transcript: list[TranscriptLine]
    texts: list[Text]
    rows: Rows
    metrics: Mapping[str, list[float]]
    verdicts: list[Verdict]
    wav: str
    timings: dict[str, float] = field(default_factory=dict)
    phonebook: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts)

    def json(self) -> str:
        """Return it all as one JSON object."""
        return json.dumps(
            {
                "scenario": self.scenario,
                "mode": self.mode,
                "passed": self.passed,
                "call": self._call(),
                "transcript": [asdict(line) for line in self.transcript],
                "tools": tools(self.rows),
                "texts": [
                    {"to": text.to, "whose": self._whose(text.to), "body": text.body}
                    for text in self.texts
                ],
                "rows": self.rows,
                "metrics": {name: summed(values) for name, values in self.metrics.items()},
                "playback": [_playback(stream) for stream in self.call.streams],
                "expectations": [
                    {"what": verdict.what, "holds": verdict.holds, "why_not": verdict.why_not}
                    for verdict in self.verdicts
                ],
                "timings": self.timings,
                "wav": self.wav,
            },
            ensure_ascii=False,
            default=str,
        )

    def _call(self) -> dict[str, Any]:
        call = self.call
        return {
            "sid": call.sid,
            "from": call.from_,
            "to": call.to,
            "ended_by": call.ended_by,
            "duration_ms": call.duration_ms,
            "warnings": call.warnings,
            "dials": [asdict(dial) for dial in call.dials],
            "recordings": call.recordings,
            "webhooks": [
                {"url": each.url, "status": each.status, "took_ms": each.took_ms}
                for each in call.exchanges
            ],
        }

    def _whose(self, number: str) -> str:
        return self.phonebook.get(number, "other")

    def lines(self) -> Iterator[str]:
        """Yield what is printed after the call."""
        yield from _tables(self.rows)
        yield ""
        yield "Metrics"
        for name, values in sorted(self.metrics.items()):
            yield f"  {name:<24}{_figures(values)}"
        yield ""
        yield "Expected"
        for verdict in self.verdicts:
            yield f"  {'yes' if verdict.holds else 'NO '}  {verdict.what}" + (
                f"  -  {verdict.why_not}" if verdict.why_not else ""
            )
        if self.wav:
            yield ""
            yield f"Listen to it: {self.wav}  (left: the caller, right: the agent)"


def phonebook(business: str, caller: str) -> dict[str, str]:
    """Return whose numbers these are: the caller's, the office's, the on-call phones'."""
    terms = businesses.terms(business)
    known = {caller: "caller"}
    if office := terms.get("office"):
        known[office] = "office"
    return known | dict.fromkeys(terms.get("on_call", ()), "on call")


def tools(rows: Rows) -> list[dict[str, Any]]:
    """Return the tool calls of agent_turns with their answers and milliseconds."""
    return [
        {
            "tool": row.get("tool"),
            "arguments": _decoded(row.get("arguments")),
            "result": _decoded(row.get("result")),
            "took_ms": row.get("took_ms"),
        }
        for row in rows[schema.AGENT_TURNS]
        if row.get("role") == "tool"
    ]


def summed(values: list[float]) -> dict[str, Any]:
    return {"count": len(values), "sum": round(sum(values), 6), "values": values}


def _decoded(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def _playback(stream: StreamRecord) -> dict[str, Any]:
    return {
        "stream": stream.sid,
        "frames_sent": stream.frames_sent,
        "ended_by": stream.ended_by,
        "media_messages": sum(entry.kind == "media" for entry in stream.log),
        "log": [asdict(entry) for entry in stream.log if entry.kind != "media"],
    }


def _figures(values: list[float]) -> str:
    shown = ", ".join(f"{value:g}" for value in values[:8]) + (", …" if len(values) > 8 else "")
    total = f"sum {sum(values):g}"
    return f"{len(values):>4} ×  {total:<14} {shown}" if len(values) > 1 else f"   1 ×  {shown}"


def _tables(rows: Rows) -> Iterator[str]:
    for table in schema.TABLES:
        kept = meta(rows, table)
        other = len(rows[table]) - len(kept)
        extra = f" (and {other} locks and markers)" if other else ""
        yield ""
        yield f"{table}: {len(kept)}{extra}"
        for row in kept:
            yield from _row(table, row)


def _row(table: str, row: Mapping[str, Any]) -> Iterator[str]:
    if table == schema.AGENT_TURNS:
        yield _clipped(f"  {_turn(row)}")
        return
    yield f"  {row[schema.PK]}"
    for name, value in row.items():
        if name not in _HIDDEN and value not in (None, "", [], {}):
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield _clipped(f"    {name:<20}{shown}")


def _turn(row: Mapping[str, Any]) -> str:
    head = f"{row.get('seq', ''):>4}  {row.get('role', ''):<9} "
    if row.get("role") == "tool":
        return f"{head}{row.get('tool')} {row.get('took_ms')} ms  {row.get('arguments')}"
    cut = f"  [cut: heard {row.get('heard_ms')} ms, {row.get('heard')!r}]" if row.get("cut") else ""
    return f"{head}{row.get('text', '')}{cut}"


def _clipped(line: str) -> str:
    line = line.replace("\n", " ")
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
