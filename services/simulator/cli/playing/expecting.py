"""Whether a call came out as its scenario expects: one verdict for each thing expected."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.simulator.phone.calls import CallRecord, Text
from services.simulator.phone.media.playback import heard_of
from services.simulator.scenarios.scenario import Expect, Scenario, matches
from services.simulator.stack.rows import Rows, meta
from shared import schema


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation, and why it does not hold ("" when it does)."""

    what: str
    why_not: str = ""

    @property
    def holds(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a call left behind. `spoken` is what was said to the caller, in order."""

    call: CallRecord
    rows: Rows
    texts: Sequence[Text]
    spoken: Sequence[str]
    stored: Mapping[str, str]  # where -> everything written there


def verdicts(scenario: Scenario, seen: Evidence) -> list[Verdict]:
    """Return a verdict for each thing `scenario` expects, and for what every call must be."""
    expect = scenario.expect
    return [
        *_call(expect, seen),
        *_counts(expect, seen.rows),
        *_job(expect, seen.rows),
        *_texts(expect, seen.texts),
        *_speech(expect, seen.spoken),
        *_storage(expect, seen.stored),
        *_cuts(expect, seen),
        *_network(seen.call),
    ]


def _call(expect: Expect, seen: Evidence) -> Iterator[Verdict]:
    row = next(iter(meta(seen.rows, schema.CALLS)), {})
    yield _matching("outcome", row.get("outcome"), f"^({expect.outcome})$")
    if expect.hazard is not None:
        yield _matching("hazard", row.get("hazard"), f"^({expect.hazard})$")
    for path, wanted in expect.call.items():
        yield _compared(f"call.{path}", _at(row, path), wanted)


def _counts(expect: Expect, rows: Rows) -> Iterator[Verdict]:
    for table, wanted in expect.rows.items():
        found = len(meta(rows, table))
        yield _equal(f"{table}: {wanted} row{'' if wanted == 1 else 's'}", found, wanted)


def _job(expect: Expect, rows: Rows) -> Iterator[Verdict]:
    jobs = meta(rows, schema.JOBS)
    row = jobs[0] if jobs else {}
    for path, wanted in expect.job.items():
        yield _compared(f"job.{path}", _at(row, path), wanted)
    for pattern in expect.kept:
        held = any(matches(pattern, str(each[schema.PK])) for each in rows[schema.JOBS])
        yield Verdict(f"kept: {pattern}", "" if held else "no row has such a key")


def _texts(expect: Expect, texts: Sequence[Text]) -> Iterator[Verdict]:
    for wanted in expect.text:
        bodies = [text.body for text in texts if text.to == wanted.to]
        held = any(matches(wanted.says, body) for body in bodies)
        why = "" if held else f"{len(bodies)} texts to that number, none matches"
        yield Verdict(f"text to {wanted.to}: {wanted.says}", why)
    for number in expect.untold:
        told = sum(text.to == number for text in texts)
        yield Verdict(f"no text to {number}", f"{told} texts" if told else "")


def _speech(expect: Expect, spoken: Sequence[str]) -> Iterator[Verdict]:
    at = 0
    for pattern in expect.spoken_in_order:
        found = next((i for i in range(at, len(spoken)) if matches(pattern, spoken[i])), None)
        yield Verdict(f"spoken: {pattern}", "" if found is not None else "not said, or not then")
        at = at if found is None else found
    for pattern in expect.never_spoken:
        said = next((text for text in spoken if matches(pattern, text)), None)
        yield Verdict(f"never spoken: {pattern}", "" if said is None else f"said: {said!r}")


def _storage(expect: Expect, stored: Mapping[str, str]) -> Iterator[Verdict]:
    for pattern in expect.never_stored:
        where = [place for place, text in stored.items() if matches(pattern, text)]
        yield Verdict(f"never stored: {pattern}", f"in {', '.join(where)}" if where else "")


def _cuts(expect: Expect, seen: Evidence) -> Iterator[Verdict]:
    turns = [row for row in seen.rows[schema.AGENT_TURNS] if row.get("cut")]
    if expect.cut_turns is not None:
        yield _equal("turns cut", len(turns), expect.cut_turns)
    for turn in turns:
        yield _heard(turn, seen.call, expect.heard_within_ms)


def _heard(turn: Mapping[str, Any], call: CallRecord, within_ms: int) -> Verdict:
    """Tell whether a cut turn's heard_ms is what the phone played."""
    what = f"turn {turn.get('seq')}: heard within {within_ms} ms of what was played"
    item, claimed = str(turn.get("item_id") or ""), turn.get("heard_ms")
    played = [heard_of(stream.log, item) for stream in call.streams] if item else []
    known = next((ms for ms in played if ms is not None), None)
    if known is None or claimed is None:
        return Verdict(what, f"heard_ms is {claimed}, the phone played {known}")
    if abs(known - float(claimed)) > within_ms:
        return Verdict(what, f"heard_ms is {claimed}, the phone played {known:.0f} ms")
    return Verdict(what)


def _network(call: CallRecord) -> Iterator[Verdict]:
    yield Verdict("no warning of the phone network", "; ".join(call.warnings))


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _compared(what: str, found: Any, wanted: bool | int | str) -> Verdict:
    if isinstance(wanted, str):
        return _matching(what, found, wanted)
    return _equal(f"{what} = {json.dumps(wanted)}", found, wanted)


def _equal(what: str, found: Any, wanted: Any) -> Verdict:
    same = found == wanted and isinstance(found, bool) == isinstance(wanted, bool)
    return Verdict(what, "" if same else f"it is {found!r}")


def _matching(what: str, found: Any, pattern: str) -> Verdict:
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
    held = found is not None and matches(pattern, text)
    return Verdict(f"{what} ~ {pattern}", "" if held else f"it is {text}")


def written(parts: Iterable[object]) -> str:
    """Return values as one text to search."""
    return json.dumps(list(parts), ensure_ascii=False, default=str)
