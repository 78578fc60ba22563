"""Readings graded against labelled ones, in the shape that docs/evals.md describes."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.calendar.spoken_dates.reading import Ambiguous, Reading
from shared.domain.calendar.spoken_dates.resolve import resolve

Json = dict[str, Any]
Meant = Reading | Ambiguous | None
HOUR = 60
FURTHEST = 60  # days that a range without an end is compared over


@dataclass(slots=True)
class Score:
    n: int = 0
    right: int = 0
    two_readings: int = 0
    asked: int = 0
    asked_needlessly: int = 0
    by_situation: dict[str, Counter[str]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / max(1, self.n)


def measure(rows: list[Json]) -> Score:
    """Grade each row."""
    score = Score()
    for row in rows:
        now = datetime.fromisoformat(row["now"])
        meant, expected = resolve(row["said"], now, ZoneInfo(row["tz"])), row["expected"]
        right = is_right(meant, expected, now.date())
        two = isinstance(expected, dict) and "ambiguous" in expected
        asks = isinstance(meant, Ambiguous)
        score.n += 1
        score.right += right
        score.two_readings += two
        score.asked += two and asks
        score.asked_needlessly += asks and not two
        counted = score.by_situation.setdefault(row.get("situation", ""), Counter())
        counted["n"] += 1
        counted["right"] += right
        if not right:
            got = json.dumps(as_json(meant))
            wanted = json.dumps(expected)
            score.misses.append(f"{row.get('id', '')} {row['now']} {row['said']!r}\n"
                                f"    is   {got}\n    want {wanted}")  # fmt: skip
    return score


def is_right(meant: Meant, expected: Json | None, today: date) -> bool:
    if expected is None or meant is None:
        return expected is None and meant is None
    if "ambiguous" in expected:
        if isinstance(meant, Ambiguous):
            return True
        return any(_same(meant, reading, today) for reading in expected["ambiguous"])
    if isinstance(meant, Ambiguous):
        return False
    wanted = expected.get("any_of", [expected])
    return all(any(_same(one, reading, today) for reading in wanted) for one in meant.all)


def _same(meant: Reading, wanted: Json, today: date) -> bool:
    if (meant.exact or False) != bool(wanted.get("exact")):
        return False
    loose = bool(wanted.get("loose"))
    times = all(
        _near(ours, wanted[name], loose)
        for ours, name in ((meant.earliest, "earliest"), (meant.latest, "latest"))
    )
    return times and _same_days(meant, wanted, today)


def _near(ours: time | None, wanted: str | None, loose: bool) -> bool:
    if ours is None:
        return wanted is None or loose
    if wanted is None:
        return False
    at = time.fromisoformat(wanted)
    apart = abs(ours.hour * 60 + ours.minute - at.hour * 60 - at.minute)
    return apart <= (HOUR if loose else 0)


def _same_days(meant: Reading, wanted: Json, today: date) -> bool:
    """The same days allowed, however they are put."""
    if wanted["date"] is None or meant.first is None:
        open_ended = wanted["date"] is None or wanted["date_to"] == "open"
        return open_ended and (meant.first is None or meant.last is None)
    first = date.fromisoformat(wanted["date"])
    to = wanted["date_to"]
    last = first if to is None else first + timedelta(FURTHEST) if to == "open" else (
        date.fromisoformat(to)
    )  # fmt: skip
    left_out = set(wanted.get("except", ()))
    span = range((max(last, today + timedelta(FURTHEST)) - today).days + 1)
    for day in (today + timedelta(n) for n in span):
        allowed = first <= day <= last and day.isoformat() not in left_out
        if to == "open" and not allowed and day > first + timedelta(7):
            continue
        if to == "open" and day > first + timedelta(7):
            return meant.last is None  # an exception is given for the first week only
        if meant.allows(day) != allowed:
            return False
    return True


def as_json(meant: Meant) -> Json | None:
    """A reading in the shape of the files."""
    if meant is None:
        return None
    if isinstance(meant, Ambiguous):
        return {"ambiguous": [as_json(reading) for reading in meant.readings]}
    if meant.others:
        return {"any_of": [_alone(reading) for reading in meant.all]}
    return _alone(meant)


def _alone(meant: Reading) -> Json:
    first, last = meant.first, meant.last
    one_day = first == last
    shape: Json = {
        "date": first and first.isoformat(),
        "date_to": None if one_day else "open" if last is None else last.isoformat(),
        "earliest": meant.earliest and f"{meant.earliest:%H:%M}",
        "latest": meant.latest and f"{meant.latest:%H:%M}",
    }
    week = [] if first is None else [first + timedelta(n) for n in range(7)]
    left_out = {*meant.without, *(day for day in week if day.weekday() in meant.never_on)}
    marks = {"except": sorted(day.isoformat() for day in left_out), "exact": meant.exact,
             "loose": meant.loose}  # fmt: skip
    return {**shape, **{name: value for name, value in marks.items() if value}}
