"""What a call left behind, for the terminal and as one JSON object."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from services.call_page.rows import outer, record
from services.call_page.words import measured
from services.simulator.cli.playing.expecting import Verdict
from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.sentences import sentence
from services.simulator.phone.calls import CallRecord, StreamRecord, Text
from services.simulator.scenarios import businesses
from services.simulator.stack.rows import Rows, meta
from shared import schema


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
    time_zone: str = "UTC"
    page: str = ""  # where the call can be looked at
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

    def show(self, paper: Paper, *, verbose: bool = False) -> None:
        """Print what the call left, and on the last line how it came out and where the files are.

        Whatever came out as expected is counted; `verbose` names it, and shows all rows.
        """
        zone = ZoneInfo(self.time_zone)
        for table in schema.TABLES:
            kept = meta(self.rows, table)
            if table != schema.AGENT_TURNS or verbose:
                paper.head(f"{table}: {len(kept)}")
                for row in kept:
                    _row(paper, table, row if verbose else outer(row), zone)
        paper.head("measured")
        for name, value in measured(self.metrics):
            paper.pair(name, value)
        ill = [verdict for verdict in self.verdicts if not verdict.holds]
        paper.head(f"expected: {len(self.verdicts) - len(ill)} of {len(self.verdicts)} hold")
        for verdict in self.verdicts:
            if verbose or not verdict.holds:
                paper.verdict(sentence(verdict), verdict.why_not)
        paper.said("")
        paper.said(self._last_line(len(ill)), "bold red" if ill else "bold green")

    def _last_line(self, ill: int) -> str:
        ended = f"NOT AS EXPECTED in {ill} of {len(self.verdicts)} points" if ill else "PASSED"
        files = [f"look at it: {self.page}"] if self.page else []
        files += [f"hear it: {self.wav} (left: the caller, right: the agent)"] if self.wav else []
        return ". ".join([f"{ended}: {self.scenario}", *files])


def phonebook(business: str, caller: str) -> dict[str, str]:
    """Return whose numbers these are: the caller's, the office's, the on-call phones'."""
    terms = businesses.terms(business)
    known = {caller: "caller"}
    if office := terms.get("office"):
        known[office] = "office"
    return known | dict.fromkeys(terms.get("on_call", ()), "on call")


def opening(business: str) -> str:
    """Return what a call of this business begins with."""
    return str(businesses.terms(business).get("wording", {}).get("disclosure", ""))


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


def _row(paper: Paper, table: str, row: Mapping[str, Any], zone: ZoneInfo) -> None:
    if table == schema.AGENT_TURNS:
        paper.said(f"  {_turn(row)}")
        return
    for name, value in record(table, row, zone).fields:
        paper.pair(name, value)


def _turn(row: Mapping[str, Any]) -> str:
    head = f"{row.get('seq', ''):>4}  {row.get('role', ''):<9} "
    if row.get("role") == "tool":
        return f"{head}{row.get('tool')} {row.get('took_ms')} ms  {row.get('arguments')}"
    cut = f"  [cut: heard {row.get('heard_ms')} ms, {row.get('heard')!r}]" if row.get("cut") else ""
    return f"{head}{row.get('text', '')}{cut}"
